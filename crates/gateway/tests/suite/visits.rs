//! How often upstream is called, how far lists are followed, and what odd answers do.

use protocol::view::*;
use protocol::{ProblemKind, Query};
use sandbox::{Effect, Fault, Scenario};
use serde_json::{Value, json};

use crate::world::World;

const SECTIONS: [Query; 7] = [
    Query::Overview,
    Query::Subscriptions,
    Query::Deliveries,
    Query::Orders { cursor: None },
    Query::Addresses,
    Query::PaymentMethods,
    Query::Customer,
];

async fn calls(world: &World, queries: &[Query]) -> usize {
    world.clear_log();
    let read = queries
        .iter()
        .map(|query| world.gateway.read(world.customer, query));
    for answer in futures_util::future::join_all(read).await {
        answer.unwrap();
    }
    world.log().len()
}

#[tokio::test]
async fn an_everyday_visit_costs_two_calls_then_at_most_nine_then_at_most_two() {
    let world = World::new(Scenario::Everyday);
    let first = calls(&world, &[Query::Session, Query::Overview]).await;
    assert_eq!(first, 2, "{:?}", world.log());
    let all = first + calls(&world, &SECTIONS).await;
    assert!(all <= 9, "{all}");
    world.clock.advance(29_000);
    let again = calls(&world, &[Query::Session]).await + calls(&world, &SECTIONS).await;
    assert!(again <= 2, "{again}");
    world.clock.advance(2_000);
    assert_eq!(
        calls(&world, &[Query::Session, Query::Overview]).await,
        2,
        "it is too old now"
    );
}

#[tokio::test]
async fn one_customers_answers_are_never_given_to_another() {
    let mut world = World::new(Scenario::TwoCustomers);
    let first: Customer = world.read(Query::Customer).await;
    world.customer = protocol::CustomerId(world.door.upstream.store().customers()[1].id);
    let second: Customer = world.read(Query::Customer).await;
    assert_ne!(first.email, second.email);
}

#[tokio::test]
async fn a_change_is_seen_by_the_very_next_read() {
    let world = World::new(Scenario::Everyday);
    let _ = world.all_views().await;
    let intent = crate::samples::sample(&world, protocol::Operation::UpdateAddress).await;
    world.change(1, intent).await.unwrap();
    let addresses: Addresses = world.read(Query::Addresses).await;
    assert!(
        addresses
            .addresses
            .iter()
            .any(|address| address.form.value("city") == "Queens")
    );
}

#[tokio::test]
async fn s37_a_list_is_followed_to_its_end() {
    let world = World::new(Scenario::Everyday);
    let whole: Subscriptions = world.read(Query::Subscriptions).await;
    let world = World::new(Scenario::Everyday);
    world.in_pages("subscriptions", 1);
    let paged: Subscriptions = world.read(Query::Subscriptions).await;
    assert_eq!(paged, whole);
    assert!(!paged.cut);
}

#[tokio::test]
async fn s37_a_list_without_end_is_cut_and_says_so() {
    let lists = [
        ("subscriptions", Query::Subscriptions),
        ("charges", Query::Deliveries),
        ("charges", Query::Orders { cursor: None }),
        ("addresses", Query::Addresses),
        ("payment_methods", Query::PaymentMethods),
    ];
    for (plural, query) in lists {
        let world = World::new(Scenario::Everyday);
        let whole: Value = serde_json::from_str(&world.text(&query).await).unwrap();
        assert_eq!(whole["cut"], false, "{plural}");
        world.clock.advance(60_000);
        without_end(&world, plural);
        world.clear_log();
        let view: Value = serde_json::from_str(&world.text(&query).await).unwrap();
        assert_eq!(view["cut"], true, "{plural}");
        assert!(
            world.log().len() < 30,
            "{plural}: {} calls",
            world.log().len()
        );
    }
}

/// Makes a list go on for ever, with full pages of its first row under ever new ids.
fn without_end(world: &World, plural: &'static str) {
    let mut pages = 0_u64;
    let mut row = Value::Null;
    world.door.bend(move |request, mut response| {
        if request.path == format!("/{plural}") {
            if pages == 0 {
                row = response.body.as_ref().unwrap()[plural][0].clone();
                row["line_items"] = json!([]);
            }
            let numbered = |at| {
                row["id"] = json!(pages * 250 + at + 1);
                row.clone()
            };
            let rows: Vec<Value> = (0..250).map(numbered).collect();
            pages += 1;
            response.status = 200;
            response.body = Some(json!({"next_cursor": pages.to_string(), plural: rows}));
        }
        Ok(response)
    });
}

#[tokio::test]
async fn an_upstream_in_trouble_is_told_in_the_portals_words() {
    let cases = [
        (Effect::Status(503), ProblemKind::Unavailable),
        (Effect::Status(429), ProblemKind::Unavailable),
        (Effect::LoseBefore, ProblemKind::Unavailable),
        (Effect::Status(401), ProblemKind::Upstream),
        (Effect::NotJson, ProblemKind::Unavailable),
    ];
    for (effect, kind) in cases {
        let world = World::new(Scenario::Everyday);
        world.fault(Fault {
            method: None,
            path: String::new(),
            effect,
            times: 1,
        });
        let problem = world
            .gateway
            .read(world.customer, &Query::Customer)
            .await
            .unwrap_err();
        assert_eq!(problem.kind, kind, "{effect:?}");
        let _: Customer = world.read(Query::Customer).await;
    }
}

#[tokio::test]
async fn s35_while_upstream_is_away_the_last_view_is_shown_with_its_age() {
    let world = World::new(Scenario::Everyday);
    let (me, query) = (world.customer, Query::Deliveries);
    let fresh = world.gateway.read_or_stale(me, &query).await.unwrap();
    assert_eq!(fresh.kept_since_ms, None);
    let made_ms = world.clock.now_ms();
    world.clock.advance(60_000);
    world.door.bend(|_, _| Err(recharge::NoAnswer::NotSent));
    let kept = world.gateway.read_or_stale(me, &query).await.unwrap();
    assert_eq!((kept.json, kept.kept_since_ms), (fresh.json, Some(made_ms)));
    let never_read = world
        .gateway
        .read_or_stale(me, &Query::Addresses)
        .await
        .unwrap_err();
    assert_eq!(never_read.kind, ProblemKind::Unavailable);
    let stranger = protocol::CustomerId(me.0 + 1);
    assert!(world.gateway.read_or_stale(stranger, &query).await.is_err());
    world.clock.advance(15 * 60_000);
    assert!(
        world.gateway.read_or_stale(me, &query).await.is_err(),
        "too old to be shown"
    );
}

#[tokio::test]
async fn s35_a_view_of_before_an_own_change_is_never_shown_again() {
    let world = World::new(Scenario::Everyday);
    let intent = crate::samples::sample(&world, protocol::Operation::CancelSubscription).await;
    world
        .gateway
        .read_or_stale(world.customer, &Query::Deliveries)
        .await
        .unwrap();
    world.change(1, intent).await.unwrap();
    world.door.bend(|_, _| Err(recharge::NoAnswer::Lost));
    assert!(
        world
            .gateway
            .read_or_stale(world.customer, &Query::Deliveries)
            .await
            .is_err()
    );
}

/// A generator that needs no seed from outside, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    fn odd_value(&mut self) -> Value {
        let values = [
            Value::Null,
            json!("a word nobody knows"),
            json!(""),
            json!(-1),
            json!(u64::MAX),
            json!("99999999999999999999.99"),
            json!("9999-12-31"),
            json!("0001-01-01T00:00:00+00:00"),
            json!(true),
            json!([]),
            json!({}),
            json!([[null], {"id": {}}]),
        ];
        values[self.below(values.len())].clone()
    }

    /// Removes, replaces or adds fields here and there.
    fn spoil(&mut self, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                let names: Vec<String> = fields.keys().cloned().collect();
                for name in names {
                    match self.below(40) {
                        0 => drop(fields.remove(&name)),
                        1 => drop(fields.insert(name, self.odd_value())),
                        2 => drop(fields.insert(format!("{name}_of_tomorrow"), self.odd_value())),
                        _ => self.spoil(&mut fields[&name]),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.spoil(item)),
            _ => {}
        }
    }
}

#[tokio::test]
async fn s38_no_answer_of_upstream_makes_a_view_panic() {
    let mut readable = 0;
    for scenario in [Scenario::Everyday, Scenario::Dunning] {
        let world = World::new(scenario);
        let views = world.all_views().await;
        let queries: Vec<Query> = views.into_iter().map(|(query, _)| query).take(20).collect();
        for seed in 1..=12 {
            let mut dice = Dice(seed * 0x9E37_79B9);
            world.door.bend(move |_, mut response| {
                response.body.iter_mut().for_each(|body| dice.spoil(body));
                Ok(response)
            });
            world.clock.advance(60_000);
            for query in &queries {
                readable += usize::from(world.gateway.read(world.customer, query).await.is_ok());
            }
        }
    }
    assert!(
        readable > 120,
        "only {readable} spoilt answers could still be shown"
    );
}

#[tokio::test]
async fn s38_no_answer_of_upstream_makes_a_change_panic() {
    for operation in protocol::Operation::ALL {
        let (world, intent) = crate::samples::world_for(*operation).await;
        for seed in 1..=25 {
            let mut dice = Dice(seed * 0x517C_C1B7);
            world.door.bend(move |_, mut response| {
                response.body.iter_mut().for_each(|body| dice.spoil(body));
                Ok(response)
            });
            // Whatever it answers, it answers.
            let _ = world
                .change(u32::try_from(seed).unwrap(), intent.clone())
                .await;
            world.clock.advance(60_000);
            let _ = world.gateway.resolve().await;
        }
    }
}
