//! What becomes of a view when one of the upstream reads that it makes fails.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use gateway::optional_reads;
use protocol::view::*;
use protocol::{ProblemKind, Query};
use recharge::{NoAnswer, Request, Response};
use sandbox::Scenario;
use serde_json::{Value, json};

use crate::world::World;

/// The path of a request with `{id}` for ids.
pub(crate) fn template(path: &str) -> String {
    let is_id = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let parts = path.split('/');
    let parts = parts.map(|part| if is_id(part) { "{id}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// The name of a query's kind.
fn kind(query: &Query) -> String {
    let text = format!("{query:?}");
    text.split([' ', '(']).next().unwrap_or_default().to_owned()
}

/// The queries of a customer, two of each kind at most.
pub(crate) async fn queries(world: &World) -> Vec<Query> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut queries = world.all_queries().await;
    queries.retain(|query| {
        let count = seen.entry(kind(query)).or_default();
        *count += 1;
        *count <= 2
    });
    queries
}

/// The paths that `query` reads, of a gateway that knows nothing yet.
async fn reads_of(world: &World, query: &Query) -> BTreeSet<String> {
    let asked: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let note = Arc::clone(&asked);
    world.door.bend(move |request, response| {
        note.lock().unwrap().insert(template(&request.path));
        Ok(response)
    });
    let view = world.restarted().read(world.customer, query).await;
    assert!(view.is_ok(), "{query:?}: {view:?}");
    let asked = asked.lock().unwrap();
    asked.clone()
}

/// How a read can fail.
#[derive(Debug, Clone, Copy)]
enum Fault {
    Status(u16),
    /// A page of HTML with status 200.
    Html,
    /// JSON of no use.
    Garbage,
    Empty,
    Redirect,
    Lost,
    NotSent,
}

const FAULTS: [Fault; 10] = [
    Fault::Status(403),
    Fault::Status(404),
    Fault::Status(422),
    Fault::Status(500),
    Fault::Html,
    Fault::Garbage,
    Fault::Empty,
    Fault::Redirect,
    Fault::Lost,
    Fault::NotSent,
];

impl Fault {
    fn answer(self) -> Result<Response, NoAnswer> {
        let answer = |status, body| {
            Ok(Response {
                status,
                body,
                retry_after_ms: None,
            })
        };
        match self {
            Fault::Status(status) => answer(status, Some(json!({"errors": "refused"}))),
            Fault::Html => answer(200, None),
            Fault::Garbage => answer(200, Some(json!(["garbage", null]))),
            Fault::Empty => answer(204, None),
            Fault::Redirect => answer(301, None),
            Fault::Lost => Err(NoAnswer::Lost),
            Fault::NotSent => Err(NoAnswer::NotSent),
        }
    }

    /// Lets every read of `path` fail.
    fn on(self, world: &World, path: &str) {
        let path = path.to_owned();
        world.door.bend(move |request, response| {
            if request.method.is_read() && template(&request.path) == path {
                self.answer()
            } else {
                Ok(response)
            }
        });
    }
}

fn heal(world: &World) {
    world.door.bend(|_, response| Ok(response));
}

/// Scenarios in which every read that a view can make is made by some view.
const SCENARIOS: [Scenario; 4] = [
    Scenario::Everyday,
    Scenario::Bundles,
    Scenario::Credits,
    Scenario::Dunning,
];

#[tokio::test]
async fn s38_a_view_does_without_its_optional_reads_and_fails_alone_without_its_required_ones() {
    let mut table: BTreeSet<(String, String, &str)> = BTreeSet::new();
    let mut runs = 0;
    for scenario in SCENARIOS {
        let world = World::new(scenario);
        for query in queries(&world).await {
            for path in reads_of(&world, &query).await {
                let optional = optional_reads(&query).contains(&path.as_str());
                let need = if optional { "optional" } else { "required" };
                table.insert((kind(&query), path.clone(), need));
                for fault in FAULTS {
                    runs += 1;
                    fault.on(&world, &path);
                    let view = world.restarted().read(world.customer, &query).await;
                    let found = format!("{query:?} with {fault:?} on {path} ({need}): {view:?}");
                    match view {
                        Ok(_) => assert!(optional, "{found}"),
                        Err(problem) => {
                            assert!(!optional, "{found}");
                            assert_ne!(problem.kind, ProblemKind::Internal, "{found}");
                            // Only what a view is about can be said not to be there.
                            let names_it = path.ends_with("{id}");
                            let gone = problem.kind == ProblemKind::NotFound;
                            assert!(!gone || names_it, "{found}");
                        }
                    }
                }
                heal(&world);
            }
        }
    }
    for (query, path, need) in &table {
        eprintln!("{query:<16}{path:<40}{need}");
    }
    eprintln!("{} reads of views, {runs} failures tried", table.len());
    // What is declared optional is read.
    let read: BTreeSet<&str> = table.iter().map(|(_, path, _)| path.as_str()).collect();
    let world = World::new(Scenario::Everyday);
    for query in world.all_queries().await {
        for path in optional_reads(&query) {
            assert!(read.contains(path), "{path} of {query:?} is never read");
        }
    }
}

#[tokio::test]
async fn s35_without_a_required_read_the_last_view_is_shown_with_its_age() {
    let world = World::new(Scenario::Everyday);
    // An export is made for one download and is not kept.
    let queries = queries(&world).await.into_iter();
    for query in queries.filter(|query| *query != Query::Export) {
        let required = reads_of(&world, &query).await.into_iter();
        let mut required = required.filter(|path| !optional_reads(&query).contains(&path.as_str()));
        let Some(path) = required.next() else {
            continue;
        };
        for fault in FAULTS {
            heal(&world);
            let gateway = world.restarted();
            let fresh = gateway.read_or_stale(world.customer, &query).await.unwrap();
            world.clock.advance(61_000);
            fault.on(&world, &path);
            let stale = gateway.read_or_stale(world.customer, &query).await;
            match stale {
                Ok(stale) => {
                    assert_eq!(stale.json, fresh.json, "{query:?} {fault:?}");
                    assert!(stale.kept_since_ms.is_some(), "{query:?} {fault:?}");
                }
                Err(problem) => assert!(
                    problem.kind == ProblemKind::NotFound && path.ends_with("{id}"),
                    "{query:?} {fault:?} on {path}: {problem:?}"
                ),
            }
        }
        heal(&world);
    }
}

/// Changes the body of every answer from `path`.
pub(crate) fn change_body(
    world: &World,
    path: &'static str,
    change: impl Fn(&Request, &mut Value) + Send + 'static,
) {
    world.door.bend(move |request, mut response| {
        if template(&request.path) == path
            && let Some(body) = &mut response.body
        {
            change(request, body);
        }
        Ok(response)
    });
}

#[tokio::test]
async fn s38_a_schedule_without_its_deliveries_is_never_an_empty_one() {
    let wrapped: [fn(Value) -> Value; 8] = [
        |body| json!({"customer": body["customer"]}),
        |body| json!({"customer": body["customer"], "deliveries": null}),
        |body| json!({"deliveries": {"data": body["deliveries"]}}),
        |body| json!({"delivery_schedules": [body]}),
        |_| json!({}),
        |_| json!({"deliveries": [null]}),
        |_| json!({"deliveries": [{"date": "2026-12-01", "orders": null}]}),
        |_| json!({"deliveries": [{"date": null, "orders": []}]}),
    ];
    for wrap in wrapped {
        let world = World::new(Scenario::Everyday);
        change_body(
            &world,
            "/customers/{id}/delivery_schedule",
            move |_, body| {
                *body = wrap(body.take());
            },
        );
        for query in [Query::Deliveries, Query::Overview, Query::Addresses] {
            let problem = world.gateway.read(world.customer, &query).await;
            let problem = problem.expect_err("no view");
            assert_eq!(problem.kind, ProblemKind::Unavailable, "{query:?}");
        }
        let _: Subscriptions = world.read(Query::Subscriptions).await;
    }
}

#[tokio::test]
async fn s38_one_row_that_cannot_be_read_is_left_out_and_the_list_says_so() {
    let lists = [
        ("/subscriptions", "subscriptions", Query::Subscriptions),
        ("/charges", "charges", Query::Deliveries),
        ("/orders", "orders", Query::Orders { cursor: None }),
        ("/addresses", "addresses", Query::Addresses),
        ("/payment_methods", "payment_methods", Query::PaymentMethods),
    ];
    for (path, plural, query) in lists {
        let world = World::new(Scenario::Everyday);
        change_body(&world, path, move |_, body| {
            body[plural].as_array_mut().unwrap().push(Value::Null);
        });
        let view: Value = serde_json::from_str(&world.text(&query).await).unwrap();
        assert_eq!(view["cut"], true, "{plural}");
    }
}

#[tokio::test]
async fn s38_what_upstream_leaves_out_of_the_customer_is_read_by_itself() {
    let world = World::new(Scenario::Everyday);
    let whole: Overview = world.read(Query::Overview).await;
    assert!(whole.active_count > 0);
    for include in [Value::Null, json!([]), json!({"subscriptions": null})] {
        let world = World::new(Scenario::Everyday);
        change_body(&world, "/customers/{id}", move |_, body| {
            body["customer"]["include"] = include.clone();
        });
        let view: Overview = world.read(Query::Overview).await;
        assert_eq!(view.active_count, whole.active_count);
        assert_eq!(view.next, whole.next);
    }
}

#[tokio::test]
async fn ph3_an_amount_that_upstream_does_not_name_is_unknown_and_not_nothing() {
    for nothing in [Value::Null, json!(""), json!("-"), json!({})] {
        let world = World::new(Scenario::Dunning);
        world.door.bend(move |_, mut response| {
            response
                .body
                .iter_mut()
                .for_each(|body| without_money(body, &nothing));
            Ok(response)
        });
        for (query, json) in world.all_views().await {
            // The merchant's own prices of shipping, and a refund of nothing, are no claims.
            if matches!(query, Query::Addresses | Query::Export) {
                continue;
            }
            let view: Value = serde_json::from_str(&json).unwrap();
            let mut amounts = Vec::new();
            find_money(&view, "", &mut amounts);
            let claims = amounts.iter().filter(|name| name.as_str() != "refunded");
            assert_eq!(claims.count(), 0, "{query:?}: {amounts:?}");
        }
        let orders: Orders = world.read(Query::Orders { cursor: None }).await;
        assert!(orders.orders.iter().all(|row| row.total.is_none()));
        assert!(orders.charges.iter().all(|row| row.total.is_none()));
    }
}

/// Takes every amount out of an upstream answer.
fn without_money(value: &mut Value, nothing: &Value) {
    let is_money = |name: &str| {
        ["price", "total", "amount", "subtotal", "balance"]
            .iter()
            .any(|word| name.contains(word))
    };
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields.iter_mut() {
                match inner {
                    Value::String(_) | Value::Number(_) if is_money(name) => {
                        *inner = nothing.clone();
                    }
                    inner => without_money(inner, nothing),
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| without_money(item, nothing)),
        _ => {}
    }
}

/// The names under which a view holds money.
fn find_money(value: &Value, name: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields)
            if fields.contains_key("amount") && fields.contains_key("currency") =>
        {
            found.push(name.to_owned());
        }
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, inner)| find_money(inner, name, found)),
        Value::Array(items) => items.iter().for_each(|item| find_money(item, name, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_moment_with_an_offset_is_a_day_in_the_stores_time_zone() {
    let moments = [
        ("2026-03-01T02:30:00+00:00", "2026-02-28"),
        ("2026-03-01T02:30:00Z", "2026-02-28"),
        ("2026-02-28T21:30:00-05:00", "2026-02-28"),
        ("2026-03-01T11:30:00+09:00", "2026-02-28"),
        ("2026-03-01T05:00:00+00:00", "2026-03-01"),
        ("2026-03-01T02:30:00", "2026-03-01"),
        ("2026-03-01", "2026-03-01"),
    ];
    for (moment, day) in moments {
        let world = World::new(Scenario::Everyday);
        change_body(&world, "/orders", move |_, body| {
            body["orders"][0]["processed_at"] = json!(moment);
        });
        let orders: Orders = world.read(Query::Orders { cursor: None }).await;
        let date = orders.orders[0].date.map(|date| date.to_string());
        assert_eq!(date.as_deref(), Some(day), "{moment}");
    }
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_list_nothing_twice_and_end() {
    let circles: [&[&str]; 3] = [&["A", "A"], &["A", "B", "A"], &["A", "B", "C", "B"]];
    for circle in circles {
        for (plural, query) in [
            ("subscriptions", Query::Subscriptions),
            ("addresses", Query::Addresses),
        ] {
            let world = World::new(Scenario::Everyday);
            let whole: Value = serde_json::from_str(&world.text(&query).await).unwrap();
            let rows = world.beside(
                "GET",
                &format!("/{plural}?customer_id={}", world.customer),
                None,
            );
            let world = World::new(Scenario::Everyday);
            let mut turn = 0;
            world.door.bend(move |request, mut response| {
                if request.path == format!("/{plural}") {
                    let next = circle[turn % circle.len()];
                    turn += 1;
                    response.status = 200;
                    response.body = Some(json!({"next_cursor": next, plural: rows[plural]}));
                }
                Ok(response)
            });
            world.clear_log();
            let view: Value = serde_json::from_str(&world.text(&query).await).unwrap();
            assert_eq!(
                view[plural].as_array().unwrap().len(),
                whole[plural].as_array().unwrap().len()
            );
            assert_eq!(view["cut"], true);
            assert!(world.log().len() < 12, "{} calls", world.log().len());
        }
    }
}

#[tokio::test]
async fn an_empty_list_of_errors_under_success_refuses_nothing() {
    for errors in [json!({}), json!([]), json!(""), Value::Null] {
        let world = World::new(Scenario::Everyday);
        let intent = crate::samples::sample(&world, protocol::Operation::ChangeQuantity).await;
        world.door.bend(move |request, mut response| {
            if !request.method.is_read()
                && let Some(Value::Object(body)) = &mut response.body
            {
                body.insert("errors".into(), errors.clone());
            }
            Ok(response)
        });
        let outcome = world.change(1, intent).await.unwrap();
        assert!(
            outcome
                .parts
                .iter()
                .all(|part| part.state == protocol::PartState::Done)
        );
    }
}
