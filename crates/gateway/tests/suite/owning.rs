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

/// An address of the second customer.
async fn their_address() -> AddressId {
    let (mut world, other) = two();
    world.customer = other;
    let addresses: view::Addresses = world.read(Query::Addresses).await;
    addresses.addresses[0].id
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

/// Pairs of requests that differ in one id only: somebody else's, and one that nothing has.
fn pairs(theirs: &Intent, mine: &Intent, their_address: AddressId) -> Vec<(Intent, Intent)> {
    let items = |ids: Vec<PurchaseItemId>| DeliveryItems {
        purchase_item_ids: ids,
    };
    let delivery_pairs = |make: &dyn Fn(AddressId, Date, DeliveryItems) -> Intent| {
        let (Some((their_address, their_date, their_items)), Some((address_id, date, own))) =
            (delivery(theirs), delivery(mine))
        else {
            return Vec::new();
        };
        let missing = items(vec![PurchaseItemId(MISSING)]);
        let beside =
            |id: PurchaseItemId| items(own.purchase_item_ids.iter().copied().chain([id]).collect());
        let their_item = their_items.purchase_item_ids[0];
        vec![
            (
                make(their_address, their_date, their_items.clone()),
                make(AddressId(MISSING), their_date, their_items.clone()),
            ),
            (
                make(address_id, date, their_items),
                make(address_id, date, missing),
            ),
            (
                make(address_id, date, beside(their_item)),
                make(address_id, date, beside(PurchaseItemId(MISSING))),
            ),
        ]
    };
    match theirs {
        Intent::SkipDelivery { .. } => {
            delivery_pairs(&|address_id, date, body| Intent::SkipDelivery {
                address_id,
                date,
                body,
            })
        }
        Intent::UnskipDelivery { .. } => {
            delivery_pairs(&|address_id, date, body| Intent::UnskipDelivery {
                address_id,
                date,
                body,
            })
        }
        Intent::ProcessDelivery { date, body, .. } => vec![(
            theirs.clone(),
            Intent::ProcessDelivery {
                address_id: AddressId(MISSING),
                date: *date,
                body: *body,
            },
        )],
        Intent::MoveDelivery { body, .. } => {
            let (to, later) = (body.to, body.later);
            delivery_pairs(&|address_id, date, items| Intent::MoveDelivery {
                address_id,
                date,
                body: DeliveryMove {
                    purchase_item_ids: items.purchase_item_ids,
                    to,
                    later,
                },
            })
        }
        Intent::GiftDelivery { body, .. } => {
            delivery_pairs(&|address_id, date, items| Intent::GiftDelivery {
                address_id,
                date,
                body: DeliveryGift {
                    purchase_item_ids: items.purchase_item_ids,
                    ..body.clone()
                },
            })
        }
        Intent::ReportProblem { body, .. } => vec![(
            theirs.clone(),
            Intent::ReportProblem {
                order_id: OrderId(MISSING),
                body: body.clone(),
            },
        )],
        Intent::UpdateAddress { body, .. } => {
            let missing = AddressId(MISSING);
            vec![(
                theirs.clone(),
                Intent::UpdateAddress {
                    address_id: missing,
                    body: body.clone(),
                },
            )]
        }
        Intent::AddAddress { body } => {
            let missing = NewAddress {
                payment_method_id: Some(PaymentMethodId(MISSING)),
                ..body.clone()
            };
            vec![(theirs.clone(), Intent::AddAddress { body: missing })]
        }
        Intent::SetShippingMethod { body, .. } => {
            let (address_id, body) = (AddressId(MISSING), body.clone());
            let missing = Intent::SetShippingMethod { address_id, body };
            vec![(theirs.clone(), missing)]
        }
        Intent::DeleteAddress { body, .. } => {
            let (address_id, body) = (AddressId(MISSING), *body);
            vec![(theirs.clone(), Intent::DeleteAddress { address_id, body })]
        }
        Intent::MoveSubscriptions { address_id, body } => {
            let Intent::MoveSubscriptions {
                address_id: mine_to,
                body: mine,
            } = mine
            else {
                return Vec::new();
            };
            let moving = |address_id: AddressId, ids: Vec<SubscriptionId>| {
                let body = SubscriptionsMove {
                    subscription_ids: ids,
                };
                Intent::MoveSubscriptions { address_id, body }
            };
            let own = mine.subscription_ids[0];
            let beside = |id| moving(*mine_to, vec![own, id]);
            vec![
                (
                    moving(*address_id, vec![own]),
                    moving(AddressId(MISSING), vec![own]),
                ),
                (
                    beside(body.subscription_ids[0]),
                    beside(SubscriptionId(MISSING)),
                ),
            ]
        }
        Intent::AddSubscription { body } => {
            let body = NewSubscription {
                address_id: AddressId(MISSING),
                ..body.clone()
            };
            vec![(theirs.clone(), Intent::AddSubscription { body })]
        }
        Intent::AddOnetime { body } => {
            let body = NewOnetime {
                address_id: AddressId(MISSING),
                ..body.clone()
            };
            vec![(theirs.clone(), Intent::AddOnetime { body })]
        }
        Intent::AssignPaymentMethod {
            body: PaidAddresses { address_ids },
            ..
        } => {
            let Intent::AssignPaymentMethod {
                payment_method_id, ..
            } = mine
            else {
                return Vec::new();
            };
            let assign = |payment_method_id: PaymentMethodId, address_ids: Vec<AddressId>| {
                Intent::AssignPaymentMethod {
                    payment_method_id,
                    body: PaidAddresses { address_ids },
                }
            };
            let missing = PaymentMethodId(MISSING);
            vec![
                (theirs.clone(), assign(missing, address_ids.clone())),
                (
                    assign(*payment_method_id, address_ids.clone()),
                    assign(*payment_method_id, vec![AddressId(MISSING)]),
                ),
            ]
        }
        Intent::ChangeDates { .. }
        | Intent::PauseSubscriptions { .. }
        | Intent::SkipSubscriptions { .. } => {
            let (foreign, own) = (named(theirs), named(mine));
            let of = |id: &str| instead(theirs, &foreign, id);
            let beside = |id: &str| instead(mine, &own, &format!("{own},{id}"));
            match theirs {
                // A list of deliveries holds no bare ids to put another one beside.
                Intent::SkipSubscriptions { .. } => vec![(of(&foreign), of(&MISSING.to_string()))],
                _ => vec![
                    (of(&foreign), of(&MISSING.to_string())),
                    (beside(&foreign), beside(&MISSING.to_string())),
                ],
            }
        }
        Intent::UpdateBillingAddress { body, .. } => vec![(
            theirs.clone(),
            Intent::UpdateBillingAddress {
                payment_method_id: PaymentMethodId(MISSING),
                body: body.clone(),
            },
        )],
        Intent::SetDefaultPaymentMethod { body, .. } => vec![(
            theirs.clone(),
            Intent::SetDefaultPaymentMethod {
                payment_method_id: PaymentMethodId(MISSING),
                body: *body,
            },
        )],
        Intent::RemovePaymentMethod { body, .. } => vec![(
            theirs.clone(),
            Intent::RemovePaymentMethod {
                payment_method_id: PaymentMethodId(MISSING),
                body: *body,
            },
        )],
        Intent::SendPaymentLink { body, .. } => vec![(
            theirs.clone(),
            Intent::SendPaymentLink {
                payment_method_id: PaymentMethodId(MISSING),
                body: *body,
            },
        )],
        Intent::AddPaymentMethod { body } => {
            let with = |id| Intent::AddPaymentMethod {
                body: NewPaymentMethod {
                    address_ids: vec![id],
                    ..body.clone()
                },
            };
            vec![(with(their_address), with(AddressId(MISSING)))]
        }
        // They name nothing: they are about whoever is signed in.
        Intent::SetBackupPayment { .. }
        | Intent::UpdateCustomer { .. }
        | Intent::SetTaxId { .. }
        | Intent::UseCredit { .. } => Vec::new(),
        Intent::CancelSubscription { body, .. } => {
            let (subscription_id, body) = (SubscriptionId(MISSING), body.clone());
            vec![(
                theirs.clone(),
                Intent::CancelSubscription {
                    subscription_id,
                    body,
                },
            )]
        }
        // They name nothing: they are about the customer herself.
        Intent::RequestEmailChange { .. }
        | Intent::ConfirmEmailChange { .. }
        | Intent::RequestDeletion { .. }
        | Intent::ConfirmDeletion { .. } => Vec::new(),
        Intent::ReactivateSubscription { body, .. } => {
            let (subscription_id, body) = (SubscriptionId(MISSING), *body);
            vec![(
                theirs.clone(),
                Intent::ReactivateSubscription {
                    subscription_id,
                    body,
                },
            )]
        }
        _ => vec![(theirs.clone(), of_missing(theirs))],
    }
}

/// The id of the first subscription in a body.
fn named(intent: &Intent) -> String {
    let body = intent.body();
    let digits = body.split(|c: char| !c.is_ascii_digit());
    digits
        .into_iter()
        .find(|word| word.len() > 4)
        .unwrap()
        .to_owned()
}

/// The same intent with `id` in its body replaced.
fn instead(intent: &Intent, id: &str, by: &str) -> Intent {
    let mut sent = Sendable::from(intent);
    sent.body = sent.body.replacen(id, by, 1);
    sent.intent().unwrap()
}

/// The same intent with ids in its path that nothing has.
fn of_missing(intent: &Intent) -> Intent {
    let mut sent = Sendable::from(intent);
    let of_nothing = |place: &str| match place.parse::<u64>() {
        Ok(_) => MISSING.to_string(),
        Err(_) => place.to_owned(),
    };
    let places: Vec<String> = sent.path.split('/').map(of_nothing).collect();
    sent.path = places.join("/");
    sent.intent().unwrap()
}

fn delivery(intent: &Intent) -> Option<(AddressId, Date, DeliveryItems)> {
    match intent.clone() {
        Intent::SkipDelivery {
            address_id,
            date,
            body,
        }
        | Intent::UnskipDelivery {
            address_id,
            date,
            body,
        } => Some((address_id, date, body)),
        Intent::MoveDelivery {
            address_id,
            date,
            body: DeliveryMove {
                purchase_item_ids, ..
            },
        }
        | Intent::GiftDelivery {
            address_id,
            date,
            body: DeliveryGift {
                purchase_item_ids, ..
            },
        } => Some((address_id, date, DeliveryItems { purchase_item_ids })),
        _ => None,
    }
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
    let their_address = their_address().await;
    for operation in Operation::ALL {
        let (world, me, theirs) = theirs(*operation).await;
        let mine = sample(&world, *operation).await;
        assert_eq!(me, world.customer);
        let pairs = pairs(&theirs, &mine, their_address);
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
        assert_eq!(
            world.door.upstream.store().state(),
            state,
            "{operation:?} wrote"
        );
    }
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
