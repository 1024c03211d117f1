//! The rules of the merchant and of the cut-off: what is locked when.

use gateway::LockPolicy;
use protocol::view::*;
use protocol::*;
use sandbox::Scenario;

use crate::samples::detail;
use crate::samples::sample;
use crate::subscriptions::{ESPRESSO, done, quantity, refused, to_date};
use crate::world::{World, policy};

#[tokio::test]
async fn su22_a_minimum_of_orders_holds_cancelling_until_they_came() {
    let mut policy = policy();
    policy.locks = vec![LockPolicy {
        operation: Operation::CancelSubscription,
        minimum_orders: 4,
        days_before: 0,
    }];
    let world = World::with(Scenario::Everyday, policy);
    let cancel = |subscription_id| {
        Intent::CancelSubscription(CancelSubscription {
            subscription_id,
            body: Cancellation {
                reason: "Too expensive".into(),
                reason_id: None,
                comment: None,
            },
        })
    };
    let young = detail(&world, "Decaf Huila").await;
    let lock = young
        .locks
        .iter()
        .find(|lock| lock.rule == LockRule::MinimumOrders)
        .unwrap();
    assert_eq!(lock.operation, Operation::CancelSubscription);
    assert_eq!(
        lock.orders_left,
        Some(4 - u32::try_from(young.history.len()).unwrap())
    );
    assert_eq!(
        refused(&world, 1, cancel(young.card.id)).await,
        Refusal::Locked
    );
    assert_eq!(world.effects(), Vec::<String>::new());

    let old = detail(&world, ESPRESSO).await;
    assert!(
        old.locks
            .iter()
            .all(|lock| lock.rule != LockRule::MinimumOrders)
    );
    done(&world, 2, cancel(old.card.id)).await;
}

#[tokio::test]
async fn su22_a_window_before_the_next_charge_holds_what_it_names_and_no_more() {
    let mut policy = policy();
    policy.locks = vec![LockPolicy {
        operation: Operation::ChangeQuantity,
        minimum_orders: 0,
        days_before: 5,
    }];
    let world = World::with(Scenario::Everyday, policy);
    let espresso = detail(&world, ESPRESSO).await;
    let next = espresso.card.next_date.unwrap();
    assert!(world.today().days_until(next) < 5);
    let expected = OperationLock {
        operation: Operation::ChangeQuantity,
        rule: LockRule::Window,
        until: Some(next.add_days(1)),
        orders_left: None,
    };
    assert_eq!(espresso.locks, [expected]);
    assert_eq!(
        refused(&world, 1, quantity(espresso.card.id, 3)).await,
        Refusal::Locked
    );
    done(&world, 2, to_date(espresso.card.id, next.add_days(7))).await;
    done(&world, 3, quantity(espresso.card.id, 3)).await;
}

#[tokio::test]
async fn su22_ds9_after_the_cut_off_the_next_delivery_is_left_alone_but_cancelling_is_not() {
    let world = World::new(Scenario::Everyday);
    let espresso = detail(&world, ESPRESSO).await;
    let next = espresso.card.next_date.unwrap();
    let days = i64::from(world.today().days_until(next));
    world.clock.advance((days - 1) * 24 * 3_600_000 + 3_600_000);
    assert_eq!(
        refused(&world, 1, quantity(espresso.card.id, 3)).await,
        Refusal::CutOffPassed
    );
    let locked = detail(&world, ESPRESSO).await.locks;
    assert!(
        locked.iter().all(|lock| lock.rule == LockRule::CutOff),
        "{locked:?}"
    );
    assert!(
        locked
            .iter()
            .any(|lock| lock.operation == Operation::ChangeDate)
    );
    assert!(
        locked
            .iter()
            .all(|lock| lock.operation != Operation::CancelSubscription)
    );
}

#[tokio::test]
async fn what_upstream_does_not_state_is_allowed() {
    let world = World::new(Scenario::Everyday);
    world.door.bend(|_, mut response| {
        fn unstate(value: &mut serde_json::Value) {
            match value {
                serde_json::Value::Object(fields) => {
                    for (name, value) in fields {
                        if name == "is_swappable" || name == "is_skippable" {
                            *value = serde_json::Value::Null;
                        }
                        unstate(value);
                    }
                }
                serde_json::Value::Array(items) => items.iter_mut().for_each(unstate),
                _ => {}
            }
        }
        response.body.as_mut().map(unstate);
        Ok(response)
    });
    for operation in [Operation::SwapProduct, Operation::SkipDelivery] {
        let intent = sample(&world, operation).await;
        done(&world, 10 + operation as u32, intent).await;
    }
}

#[tokio::test]
async fn su6_a_quantity_over_the_limit_comes_down_in_steps_and_does_not_go_up() {
    let world = World::new(Scenario::Everyday);
    let most = world.policy.subscriptions.most;
    let (now, id) = (most + 10, detail(&world, ESPRESSO).await.card.id);
    let path = format!("/subscriptions/{id}");
    world.beside("PUT", &path, Some(serde_json::json!({"quantity": now})));
    let more = world.change(1, quantity(id, now + 1)).await.unwrap();
    assert!(!more.is_done());
    let fewer = world.change(2, quantity(id, now - 1)).await.unwrap();
    assert!(fewer.is_done(), "{fewer:?}");
    assert_eq!(fewer.undo, None, "it would be over the limit again");
    done(&world, 3, quantity(id, most)).await;
    let again = world.change(4, quantity(id, most + 1)).await.unwrap();
    assert!(!again.is_done());
}

#[tokio::test]
async fn a_price_of_nothing_is_a_price() {
    let world = World::new(Scenario::Everyday);
    world.door.bend(|_, mut response| {
        fn give_away(value: &mut serde_json::Value) {
            match value {
                serde_json::Value::Object(fields) => {
                    for (name, value) in fields {
                        if name == "unit_price" {
                            *value = "0.00".into();
                        }
                        give_away(value);
                    }
                }
                serde_json::Value::Array(items) => items.iter_mut().for_each(give_away),
                _ => {}
            }
        }
        response.body.as_mut().map(give_away);
        Ok(response)
    });
    let catalogue: Catalogue = world.read(Query::Catalogue).await;
    let mut variants = catalogue
        .products
        .iter()
        .flat_map(|product| &product.variants);
    assert!(variants.all(|variant| variant.price.minor() == 0));
    assert!(!catalogue.products.is_empty());
    let start = sample(&world, Operation::AddSubscription).await;
    done(&world, 1, start).await;
}
