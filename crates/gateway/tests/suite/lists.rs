//! Lists in a request: each thing counts once, and all of them cost few calls.

use std::collections::BTreeSet;

use protocol::view::*;
use protocol::*;
use sandbox::Scenario;
use serde_json::{Value, json};

use crate::owning::ids_in;
use crate::samples::{new_card, world_for};
use crate::world::World;

/// The body of an intent with its lists changed, once for each list in it.
fn with_lists(intent: &Intent, change: impl Fn(&mut Vec<Value>)) -> Vec<Sendable> {
    let sent = intent.request();
    let body: Value = serde_json::from_str(&sent.body).unwrap();
    let fields = body.as_object().unwrap().iter();
    let names = fields.filter(|(_, value)| value.is_array());
    let changed = names.map(|(name, _)| {
        let mut body = body.clone();
        change(body[name].as_array_mut().unwrap());
        Sendable {
            body: body.to_string(),
            ..sent.clone()
        }
    });
    changed.collect()
}

/// A world for an operation and its sample; a card pays for all addresses.
async fn listed(operation: Operation) -> (World, Intent) {
    let (world, intent) = world_for(operation).await;
    if operation != Operation::AddPaymentMethod {
        return (world, intent);
    }
    let addresses: Addresses = world.read(Query::Addresses).await;
    let ids = addresses.addresses.iter().map(|address| address.id);
    let intent = new_card("pm_visa_4242_new", ids.collect());
    world.clear_log();
    (world, intent)
}

#[tokio::test]
async fn s22_a_request_names_one_to_a_hundred_items() {
    let mut lists = 0;
    for operation in Operation::ALL {
        let (_, intent) = listed(*operation).await;
        let none = with_lists(&intent, Vec::clear);
        let many = with_lists(&intent, |list| {
            let first = list[0].clone();
            list.resize(101, first);
        });
        lists += none.len();
        // A card need not pay for anything yet.
        let may_be_empty = *operation == Operation::AddPaymentMethod;
        for sent in none.iter().filter(|_| !may_be_empty).chain(&many) {
            let read = sent.intent();
            assert!(
                matches!(read, Err(BadRequest::Body(_))),
                "{operation:?}: {read:?}"
            );
        }
    }
    assert!(lists >= 12, "{lists}");
}

/// How many calls a change may make: three, and two for each thing that it names.
fn budget(intent: &Intent) -> usize {
    let ids = ids_in(intent).into_iter();
    let mut things: BTreeSet<String> = ids.map(|id| id.to_string()).collect();
    let body: Value = serde_json::from_str(&intent.request().body).unwrap();
    let lists = body
        .as_object()
        .unwrap()
        .values()
        .filter_map(Value::as_array);
    let items = lists.flatten().filter(|item| !item.is_number());
    things.extend(items.map(Value::to_string));
    3 + 2 * things.len()
}

#[tokio::test]
async fn s48_what_a_list_repeats_is_done_told_and_paid_for_once() {
    for operation in Operation::ALL {
        let (_, intent) = listed(*operation).await;
        let twice = with_lists(&intent, |list| list.extend(list.clone()));
        let often = with_lists(&intent, |list| {
            let more = list.clone().into_iter().cycle().take(100);
            *list = more.collect();
        });
        for sent in twice.into_iter().chain(often) {
            let (world, intent) = listed(*operation).await;
            let same = sent.intent().unwrap();
            assert_eq!(same, intent, "{operation:?}");
            let before: ChangeHistory = world.read(CHANGES).await;
            world.clear_log();
            let outcome = world.change(1, same).await.unwrap();
            assert!(outcome.is_done(), "{operation:?}: {outcome:?}");
            let calls = world.log().len();
            assert!(calls <= budget(&intent), "{operation:?}: {calls} calls");
            let after: ChangeHistory = world.read(CHANGES).await;
            assert_eq!(
                after.changes.len(),
                before.changes.len() + 1,
                "{operation:?}"
            );
        }
    }
}

/// All that the customer has changed.
const CHANGES: Query = Query::Changes {
    before: None,
    subscription: None,
};

#[tokio::test]
async fn s48_a_hundred_things_cost_two_calls_each_and_three_for_all() {
    for operation in ["dates", "pause", "skip", "address", "card"] {
        let world = World::new(Scenario::Large);
        let all: Subscriptions = world.read(Query::Subscriptions).await;
        let active = all
            .subscriptions
            .iter()
            .filter(|card| card.next_date.is_some());
        let active: Vec<&SubscriptionCard> = active.take(100).collect();
        let ids: Vec<SubscriptionId> = active.iter().map(|card| card.id).collect();
        let addresses: Addresses = world.read(Query::Addresses).await;
        let to = addresses
            .addresses
            .iter()
            .find(|address| address.payment.is_some());
        let date = world.today().add_days(60);
        let body = SubscriptionsDate {
            subscription_ids: ids.clone(),
            date,
        };
        let intent = match operation {
            "dates" => Intent::ChangeDates(ChangeDates { body }),
            "pause" => Intent::PauseSubscriptions(PauseSubscriptions { body }),
            "skip" => {
                let deliveries = active.iter().take(30).map(|card| SubscriptionDelivery {
                    subscription_id: card.id,
                    date: card.next_date.unwrap(),
                });
                let deliveries = deliveries.collect();
                Intent::SkipSubscriptions(SkipSubscriptions {
                    body: SubscriptionsSkip { deliveries },
                })
            }
            "address" => Intent::MoveSubscriptions(MoveSubscriptions {
                address_id: to.unwrap().id,
                body: SubscriptionsMove {
                    subscription_ids: ids,
                },
            }),
            _ => {
                let ids = addresses.addresses.iter().map(|address| address.id);
                new_card("pm_visa_4242_new", ids.take(100).collect())
            }
        };
        world.clear_log();
        let outcome = world.change(1, intent.clone()).await.unwrap();
        let (calls, most) = (world.log().len(), budget(&intent));
        assert!(
            outcome.parts.len() >= 20,
            "{operation}: {}",
            outcome.parts.len()
        );
        assert!(calls <= most, "{operation}: {calls} calls, {most} allowed");
        assert!(!world.effects().is_empty(), "{operation}: {outcome:?}");
    }
}

/// Every object of a body in turn, changed.
fn with_objects(body: &Value, change: &dyn Fn(&mut Value)) -> Vec<Value> {
    fn places(value: &Value, place: String, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    places(value, format!("{place}/{name}"), found);
                }
                found.push(place);
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    places(item, format!("{place}/{at}"), found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    places(body, String::new(), &mut found);
    let changed = found.iter().map(|place| {
        let mut body = body.clone();
        change(body.pointer_mut(place).unwrap());
        body
    });
    changed.collect()
}

#[tokio::test]
async fn s13_s55_an_object_is_no_list_of_its_values_and_has_no_further_fields() {
    for operation in Operation::ALL {
        let (_, intent) = listed(*operation).await;
        let sent = intent.request();
        let body = serde_json::from_str(&sent.body).unwrap();
        let as_list = |object: &mut Value| {
            let values = object.as_object().unwrap().values().cloned();
            *object = values.collect();
        };
        let lists = with_objects(&body, &as_list);
        let wider = with_objects(&body, &|object| object["customer_id"] = json!(1));
        for body in lists.into_iter().chain(wider) {
            let sent = Sendable {
                body: body.to_string(),
                ..sent.clone()
            };
            let read = sent.intent();
            assert!(
                matches!(read, Err(BadRequest::Body(_))),
                "{operation:?}: {body}"
            );
        }
    }
}
