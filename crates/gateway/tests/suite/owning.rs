//! What is somebody else's is not there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use protocol::testing::NamedId;
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

/// The values at a pointer, of which a `0` stands for each element of a list.
fn values_at<'a>(value: &'a mut Value, pointer: &str) -> Vec<&'a mut Value> {
    let names = pointer.split('/').skip(1);
    names.fold(vec![value], |values, name| {
        let inner = values.into_iter().flat_map(|value| match value {
            Value::Array(elements) => elements.iter_mut().collect(),
            value => Vec::from_iter(value.get_mut(name)),
        });
        inner.collect()
    })
}

/// The ids of the customer's things in an intent.
pub(crate) fn ids_in(intent: &Intent) -> Vec<u64> {
    let mut json = serde_json::to_value(intent).unwrap();
    let named = intent.operation().named_ids();
    let ids = named.iter().flat_map(|named| {
        values_at(&mut json, &named.pointer)
            .into_iter()
            .map(|id| id.as_u64())
            .collect::<Vec<_>>()
    });
    ids.flatten().collect()
}

/// The same intent with another id there: in the place of its own and, in a list, beside it.
fn with(intent: &Intent, named: &NamedId, id: u64) -> Vec<Intent> {
    let json = serde_json::to_value(intent).unwrap();
    let (parent, name) = named.pointer.rsplit_once('/').unwrap();
    let mut instead = json.clone();
    match instead.pointer_mut(parent).unwrap() {
        Value::Array(list) if list.is_empty() => list.push(id.into()),
        Value::Array(list) => list[0] = id.into(),
        object => object[name] = id.into(),
    }
    let mut all = vec![instead];
    if let Some((list, rest)) = named.pointer.split_once("/0") {
        let mut beside = json;
        let list = beside.pointer_mut(list).unwrap().as_array_mut().unwrap();
        if let Some(mut other) = list.first().cloned() {
            *other.pointer_mut(rest).unwrap() = id.into();
            list.push(other);
            all.push(beside);
        }
    }
    let read = |intent| serde_json::from_value(intent).unwrap();
    all.into_iter().map(read).collect()
}

/// The same intent about nothing that there is.
fn of_missing(intent: &Intent) -> Intent {
    let mut json = serde_json::to_value(intent).unwrap();
    for named in intent.operation().named_ids() {
        for id in values_at(&mut json, &named.pointer) {
            *id = MISSING.into();
        }
    }
    serde_json::from_value(json).unwrap()
}

/// One thing of each kind that is the second customer's.
async fn their_things() -> BTreeMap<&'static str, u64> {
    let (mut world, other) = two();
    world.customer = other;
    let subscriptions: view::Subscriptions = world.read(Query::Subscriptions).await;
    let subscription = subscriptions.subscriptions[0].id.0;
    let addresses: view::Addresses = world.read(Query::Addresses).await;
    let methods: view::PaymentMethods = world.read(Query::PaymentMethods).await;
    let orders: view::Orders = world.read(Query::Orders { cursor: None }).await;
    let onetime = crate::samples::onetime_id(&world).await;
    BTreeMap::from([
        ("AddressId", addresses.addresses[0].id.0),
        ("SubscriptionId", subscription),
        ("PurchaseItemId", subscription),
        ("PaymentMethodId", methods.methods[0].line.id.0),
        ("OrderId", orders.orders[0].id.0),
        ("OnetimeId", onetime.0),
    ])
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
        let mut pairs = Vec::new();
        for named in operation.named_ids() {
            let their = *their_things
                .get(named.kind)
                .unwrap_or_else(|| panic!("{operation:?} names {named:?}, which nobody has"));
            let foreign = with(&mine, &named, their).into_iter();
            pairs.extend(foreign.zip(with(&mine, &named, MISSING)));
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
    for id in [things["AddressId"], MISSING] {
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
