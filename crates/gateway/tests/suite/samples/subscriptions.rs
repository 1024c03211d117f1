//! Changes of a subscription that can be carried out in `everyday`.

use protocol::view::*;
use protocol::*;

use crate::world::World;

/// An intent of one of these operations.
pub(crate) async fn sample(world: &World, operation: Operation) -> Intent {
    if operation == Operation::UpdateBundle {
        return filled(world).await;
    }
    let detail = changeable(world).await;
    let subscription_id = detail.card.id;
    match operation {
        Operation::UpdateOrderNote => Intent::UpdateOrderNote {
            address_id: detail.card.address_id,
            body: OrderNote {
                note: "Ring twice".into(),
            },
        },
        Operation::ChangeDate => {
            let body = NextDate {
                date: detail.card.next_date.unwrap().add_days(5),
            };
            Intent::ChangeDate {
                subscription_id,
                body,
            }
        }
        Operation::ChangeFrequency => {
            let now = detail.card.interval.unwrap();
            let mut others = detail.frequencies.iter().filter(|one| **one != now);
            let interval = *others.next().expect("another frequency");
            Intent::ChangeFrequency {
                subscription_id,
                body: Frequency { interval },
            }
        }
        Operation::ChangeQuantity => Intent::ChangeQuantity {
            subscription_id,
            body: Quantity {
                quantity: detail.card.quantity + 1,
            },
        },
        Operation::SwapProduct => Intent::SwapProduct {
            subscription_id,
            body: other_variant(world, &detail),
        },
        Operation::UpdateProperties => Intent::UpdateProperties {
            subscription_id,
            body: note("Engraving", "For Ingrid"),
        },
        Operation::PauseSubscription => Intent::PauseSubscription {
            subscription_id,
            body: Pause {
                until: detail.card.next_date.unwrap().add_days(40),
            },
        },
        Operation::ResumeSubscription => {
            let pause = Box::pin(sample(world, Operation::PauseSubscription)).await;
            let paused = world.change(u32::MAX - 3, pause).await.unwrap();
            paused.undo.unwrap().intent().unwrap()
        }
        Operation::ChangeDates => Intent::ChangeDates {
            body: several(&detail, 6),
        },
        Operation::PauseSubscriptions => Intent::PauseSubscriptions {
            body: several(&detail, 50),
        },
        Operation::SkipSubscriptions => Intent::SkipSubscriptions {
            body: SubscriptionsSkip {
                deliveries: vec![SubscriptionDelivery {
                    subscription_id,
                    date: detail.card.next_date.unwrap(),
                }],
            },
        },
        other => panic!("{other:?} is no change of a subscription"),
    }
}

/// Other contents of the first box; where there is none, of what is no box.
async fn filled(world: &World) -> Intent {
    let all: Subscriptions = world.read(Query::Subscriptions).await;
    let item = |external_variant_id: &str, quantity| BoxItem {
        external_variant_id: external_variant_id.into(),
        quantity,
    };
    for card in &all.subscriptions {
        let detail: SubscriptionDetail = world.read(Query::Subscription(card.id)).await;
        if let Some(contents) = detail
            .contents
            .filter(|contents| !contents.items.is_empty())
        {
            return Intent::UpdateBundle {
                subscription_id: card.id,
                body: BundleContents {
                    items: vec![item(&contents.choices[0].external_variant_id, contents.max)],
                },
            };
        }
    }
    Intent::UpdateBundle {
        subscription_id: all.subscriptions[0].id,
        body: BundleContents {
            items: vec![item("1", 1)],
        },
    }
}

/// One of several, so many days after its next date.
fn several(detail: &SubscriptionDetail, days: i32) -> SubscriptionsDate {
    SubscriptionsDate {
        subscription_ids: vec![detail.card.id],
        date: detail.card.next_date.unwrap().add_days(days),
    }
}

/// One property.
pub(crate) fn note(name: &str, value: &str) -> Properties {
    let property = Property {
        name: name.into(),
        value: value.into(),
    };
    Properties {
        properties: vec![property],
    }
}

/// The first active subscription that is paid as it goes and has nothing locked or skipped.
pub(crate) async fn changeable(world: &World) -> SubscriptionDetail {
    let all: Subscriptions = world.read(Query::Subscriptions).await;
    for card in all.subscriptions {
        if card.state == SubscriptionState::Active && card.deliveries_per_charge == 1 {
            let detail: SubscriptionDetail = world.read(Query::Subscription(card.id)).await;
            let several = detail.frequencies.len() > 1;
            if detail.locks.is_empty() && detail.skipped_dates.is_empty() && several {
                return detail;
            }
        }
    }
    panic!("no subscription can be changed");
}

/// The page of a subscription by its product's title.
pub(crate) async fn detail(world: &World, title: &str) -> SubscriptionDetail {
    let all: Subscriptions = world.read(Query::Subscriptions).await;
    let card = all.subscriptions.iter().find(|card| card.title == title);
    world.read(Query::Subscription(card.expect(title).id)).await
}

/// A variant of another product that comes as often.
fn other_variant(world: &World, detail: &SubscriptionDetail) -> Swap {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let interval = detail.card.interval.unwrap();
    let plans = world.beside("GET", "/plans?type=subscription&limit=250", None);
    let has_rhythm = |plan: &&serde_json::Value| {
        let rhythm = &plan["subscription_preferences"];
        rhythm["order_interval_frequency"] == interval.every
            && rhythm["interval_unit"] == serde_json::to_value(interval.unit).unwrap()
    };
    let mut plans = plans["plans"].as_array().unwrap().iter().filter(has_rhythm);
    let product = |plan: &serde_json::Value| text(&plan["external_product_id"]["ecommerce"]);
    let other = plans.find(|plan| Some(product(plan)) != detail.external_product_id);
    let external_product_id = product(other.expect("another product"));
    let found = world.beside(
        "GET",
        &format!("/products?external_product_ids={external_product_id}"),
        None,
    );
    Swap {
        external_variant_id: text(&found["products"][0]["variants"][0]["external_variant_id"]),
        external_product_id,
        plan_id: None,
    }
}
