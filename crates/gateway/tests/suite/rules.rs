//! The rules of the merchant and of the cut-off: what is locked when.

use gateway::LockPolicy;
use protocol::view::*;
use protocol::*;
use sandbox::Scenario;

use crate::samples::subscriptions::detail;
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
    let cancel = |subscription_id| Intent::CancelSubscription {
        subscription_id,
        body: Cancellation {
            reason: "Too expensive".into(),
            comment: None,
        },
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
