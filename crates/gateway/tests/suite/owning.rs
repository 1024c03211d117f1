//! What is somebody else's is not there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use protocol::*;
use sandbox::Scenario;
use serde_json::Value;

use crate::samples::sample;
use crate::world::World;

/// An id that nothing has.
const MISSING: u64 = 999_999_999;

/// A world of two, seen by the first, and the id of the second.
fn two() -> (World, CustomerId) {
    let world = World::new(Scenario::TwoCustomers);
    let other = world.door.upstream.store().customers()[1].id;
    (world, CustomerId(other))
}

/// What the second customer could do.
async fn theirs(operation: Operation) -> (World, CustomerId, Intent) {
    let (mut world, other) = two();
    let me = world.customer;
    world.customer = other;
    let intent = sample(&world, operation).await;
    world.customer = me;
    world.clear_log();
    (world, me, intent)
}

/// An id that an intent names: the kind of thing, and where it stands in the intent's JSON. The
/// place of a list that names nothing yet is one too.
pub(crate) struct Named {
    pub(crate) kind: String,
    pub(crate) place: String,
}

/// Every id of the customer's things in an intent, in its path and in its body.
pub(crate) fn named(intent: &Value) -> Vec<Named> {
    fn collect(key: &str, place: &str, value: &Value, found: &mut Vec<Named>) {
        let kind = key.strip_suffix("_ids").or(key.strip_suffix("_id"));
        // Plans are the shop's.
        let kind = kind.filter(|kind| *kind != "plan");
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    collect(key, &format!("{place}/{key}"), value, found);
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    collect(key, &format!("{place}/{at}"), item, found);
                }
                if let (Some(kind), []) = (kind, items.as_slice()) {
                    let (kind, place) = (kind.to_owned(), place.to_owned());
                    found.push(Named { kind, place });
                }
            }
            Value::Number(_) => {
                if let Some(kind) = kind {
                    let (kind, place) = (kind.to_owned(), place.to_owned());
                    found.push(Named { kind, place });
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect("", "", intent, &mut found);
    found
}

/// The same intent with another id there: in the place of its own and, in a list, beside it.
fn with(intent: &Value, place: &str, id: u64) -> Vec<Intent> {
    let mut instead = intent.clone();
    let mut beside = intent.clone();
    match instead.pointer_mut(place).unwrap() {
        Value::Array(none) => none.push(id.into()),
        own => *own = id.into(),
    }
    let mut all = vec![instead];
    if let Some((list, rest)) = place.split_once("/0") {
        let items = beside.pointer_mut(list).unwrap().as_array_mut().unwrap();
        let mut other = items[0].clone();
        *other.pointer_mut(rest).unwrap() = id.into();
        items.push(other);
        all.push(beside);
    }
    let read = |intent| serde_json::from_value(intent).unwrap();
    all.into_iter().map(read).collect()
}

/// The same intent about nothing that there is.
fn of_missing(intent: &Intent) -> Intent {
    let mut json = serde_json::to_value(intent).unwrap();
    for Named { place, .. } in named(&json) {
        if let Some(id @ Value::Number(_)) = json.pointer_mut(&place) {
            *id = MISSING.into();
        }
    }
    serde_json::from_value(json).unwrap()
}

/// One thing of each kind that is the second customer's.
async fn their_things() -> BTreeMap<String, u64> {
    let (mut world, other) = two();
    world.customer = other;
    let subscriptions: view::Subscriptions = world.read(Query::Subscriptions).await;
    let subscription = subscriptions.subscriptions[0].id.0;
    let addresses: view::Addresses = world.read(Query::Addresses).await;
    let methods: view::PaymentMethods = world.read(Query::PaymentMethods).await;
    let orders: view::Orders = world.read(Query::Orders { cursor: None }).await;
    let onetime = crate::samples::onetime_id(&world).await;
    let things = [
        ("address", addresses.addresses[0].id.0),
        ("subscription", subscription),
        ("purchase_item", subscription),
        ("payment_method", methods.methods[0].line.id.0),
        ("order", orders.orders[0].id.0),
        ("onetime", onetime.0),
    ];
    things.map(|(kind, id)| (kind.to_owned(), id)).into()
}

fn bytes(answer: Result<Outcome, Problem>) -> String {
    let problem = answer.expect_err("it must be refused");
    assert_eq!(problem.kind, ProblemKind::NotFound);
    serde_json::to_string(&Problem {
        reference: String::new(),
        ..problem
    })
    .unwrap()
}

#[tokio::test]
async fn s12_every_operation_answers_for_foreign_ids_as_for_missing_ones_and_writes_nothing() {
    let their_things = their_things().await;
    for operation in Operation::ALL {
        let (world, me, theirs) = theirs(*operation).await;
        let mine = sample(&world, *operation).await;
        assert_eq!(me, world.customer);
        let json = serde_json::to_value(&mine).unwrap();
        let mut pairs = Vec::new();
        for Named { kind, place } in named(&json) {
            let their = *their_things
                .get(&kind)
                .unwrap_or_else(|| panic!("{operation:?} names a {kind}, which nobody has"));
            pairs.extend(
                with(&json, &place, their)
                    .into_iter()
                    .zip(with(&json, &place, MISSING)),
            );
        }
        let missing = of_missing(&theirs);
        // Without the secrets, which a missing one is made without.
        if serde_json::to_value(&missing).unwrap() != serde_json::to_value(&theirs).unwrap() {
            pairs.push((theirs, missing));
        }
        let is_of_customer = operation.route().1.starts_with("/customer");
        assert!(
            !pairs.is_empty() || is_of_customer,
            "{operation:?} has no id to try"
        );
        let state = world.door.upstream.store().state();
        for (at, (foreign, missing)) in (0..).zip(pairs) {
            let foreign = bytes(world.change(2 * at, foreign).await);
            let missing = bytes(world.change(2 * at + 1, missing).await);
            assert_eq!(foreign, missing, "{operation:?}");
        }
        let now = world.door.upstream.store().state();
        assert_eq!(now, state, "{operation:?} wrote");
        let history: view::ChangeHistory = world.read(CHANGES).await;
        let name = serde_json::to_value(operation).unwrap();
        let mut told = history.changes.iter();
        assert!(
            !told.any(|change| name == change.operation.as_str()),
            "{operation:?}"
        );
    }
}

/// All that the customer has changed.
const CHANGES: Query = Query::Changes {
    before: None,
    subscription: None,
};

/// No request can hold an empty list; this is what the engine does where one gets to it.
#[tokio::test]
async fn s48_an_action_without_steps_still_needs_to_be_about_what_is_the_customers() {
    let things = their_things().await;
    let (world, _) = two();
    for id in [things["address"], MISSING] {
        let intent = Intent::MoveSubscriptions(MoveSubscriptions {
            address_id: AddressId(id),
            body: SubscriptionsMove {
                subscription_ids: Vec::new(),
            },
        });
        let answer = world
            .change(u32::try_from(id % 1_000_000).unwrap(), intent)
            .await;
        assert_eq!(answer.unwrap_err().kind, ProblemKind::NotFound);
    }
    let history: view::ChangeHistory = world.read(CHANGES).await;
    assert_eq!(history.changes, []);
}

#[tokio::test]
async fn s12_every_query_answers_for_foreign_ids_as_for_missing_ones() {
    let (mut world, other) = two();
    let me = world.customer;
    world.customer = other;
    let subscriptions: view::Subscriptions = world.read(Query::Subscriptions).await;
    let orders: view::Orders = world.read(Query::Orders { cursor: None }).await;
    let page = world.beside("GET", &format!("/orders?customer_id={other}&limit=1"), None);
    let cursor = page["next_cursor"]
        .as_str()
        .expect("a second page")
        .to_owned();
    world.customer = me;

    let foreign = [
        (
            Query::Subscription(subscriptions.subscriptions[0].id),
            Query::Subscription(SubscriptionId(MISSING)),
        ),
        (
            Query::Order(orders.orders[0].id),
            Query::Order(OrderId(MISSING)),
        ),
        (
            Query::Orders {
                cursor: Some(cursor),
            },
            Query::Orders {
                cursor: Some("bm8".into()),
            },
        ),
    ];
    for (foreign, missing) in foreign {
        let foreign_answer = world.gateway.read(me, &foreign).await.unwrap_err();
        let missing_answer = world.gateway.read(me, &missing).await.unwrap_err();
        assert_eq!(foreign_answer, missing_answer, "{foreign:?}");
        assert_eq!(foreign_answer.kind, ProblemKind::NotFound, "{foreign:?}");
    }
}

/// Upstream obeys any token, so a filter that it ignored would hand out somebody else's data.
#[tokio::test]
async fn s12_rows_of_somebody_else_in_an_answer_are_left_out() {
    let (mut world, other) = two();
    let me = world.customer;
    let theirs: Arc<Mutex<BTreeMap<String, Value>>> = Arc::default();
    let kind = |path: &str| {
        path.split('/')
            .map(|word| {
                if word.parse::<u64>().is_ok() {
                    "{id}"
                } else {
                    word
                }
            })
            .collect::<Vec<_>>()
            .join("/")
    };
    let record = Arc::clone(&theirs);
    world.door.bend(move |request, response| {
        let body = response.body.clone().unwrap();
        record
            .lock()
            .unwrap()
            .entry(kind(&request.path))
            .or_insert(body);
        Ok(response)
    });
    world.customer = other;
    let names = world.read::<view::Customer>(Query::Customer).await;
    let their_views = world.all_views().await;
    world.customer = me;
    assert!(
        their_views
            .iter()
            .any(|(_, json)| json.contains(&names.last_name))
    );

    world.door.bend(move |request, response| {
        let body = theirs.lock().unwrap().get(&kind(&request.path)).cloned();
        Ok(recharge::Response {
            body: body.or(response.body),
            ..response
        })
    });
    for (query, _) in their_views {
        if let Ok(json) = world.gateway.read(me, &query).await {
            assert!(!json.contains(&names.last_name), "{query:?}: {json}");
            assert!(!json.contains(&names.email), "{query:?}: {json}");
        }
    }
}
