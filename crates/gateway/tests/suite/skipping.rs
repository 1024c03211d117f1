//! Skipping a delivery and bringing it back.

use protocol::view::*;
use protocol::*;
use sandbox::Scenario;

use crate::samples::{plain, refusal, schedule, skippable};
use crate::world::World;

fn skip(delivery: &Delivery, items: Vec<PurchaseItemId>) -> Intent {
    let DeliveryKey { address_id, date } = delivery.key;
    Intent::SkipDelivery(SkipDelivery {
        address_id,
        date,
        body: DeliveryItems {
            purchase_item_ids: items,
        },
    })
}

fn find(schedule: &DeliverySchedule, key: DeliveryKey) -> &Delivery {
    schedule
        .deliveries
        .iter()
        .find(|delivery| delivery.key == key)
        .expect("the delivery")
}

#[tokio::test]
async fn a_skipped_delivery_stays_in_place_and_comes_back() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let delivery = plain(&before);
    let skipped = world
        .change(1, skip(delivery, skippable(delivery)))
        .await
        .unwrap();
    assert!(skipped.is_done(), "{skipped:?}");
    let after = schedule(&world).await;
    assert_eq!(find(&after, delivery.key).state, DeliveryState::Skipped);

    let undone = world
        .change(2, skipped.undo.unwrap().intent().unwrap())
        .await
        .unwrap();
    assert!(undone.is_done(), "{undone:?}");
    let back = schedule(&world).await;
    assert_eq!(find(&back, delivery.key).state, DeliveryState::Planned);
    assert_eq!(find(&back, delivery.key).totals, delivery.totals);
}

#[tokio::test]
async fn ds7_after_skipping_any_items_every_total_is_that_of_what_is_listed() {
    for count in 1..=3 {
        let world = World::new(Scenario::Everyday);
        let before = schedule(&world).await;
        let next = before.deliveries.iter().find(|d| !d.estimated).unwrap();
        let items = skippable(next).into_iter().take(count).collect();
        let outcome = world.change(1, skip(next, items)).await.unwrap();
        assert!(outcome.is_done(), "{outcome:?}");
        for delivery in schedule(&world).await.deliveries {
            let Some(totals) = delivery.totals else {
                continue;
            };
            let coming = delivery.items.iter().filter(|item| !item.skipped);
            let sum = protocol::Money::sum(
                totals.items.currency(),
                coming.filter_map(|item| item.total),
            );
            assert_eq!(sum, Some(totals.items), "{count}: {delivery:?}");
        }
    }
}

#[tokio::test]
async fn some_items_of_a_delivery_can_be_skipped_and_the_rest_still_comes() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let delivery = before
        .deliveries
        .iter()
        .find(|d| skippable(d).len() > 1 && !d.estimated)
        .unwrap();
    let one = skippable(delivery)[0];
    let outcome = world.change(1, skip(delivery, vec![one])).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    let after = schedule(&world).await;
    let after = find(&after, delivery.key);
    assert_eq!(after.state, DeliveryState::Planned);
    let skipped: Vec<_> = after
        .items
        .iter()
        .filter(|i| i.skipped)
        .map(|i| i.purchase_item_id)
        .collect();
    assert_eq!(skipped, [one]);
    assert!(after.totals.unwrap().total < delivery.totals.unwrap().total);

    let undone = world
        .change(2, outcome.undo.unwrap().intent().unwrap())
        .await
        .unwrap();
    assert!(undone.is_done(), "{undone:?}");
    assert!(
        find(&schedule(&world).await, delivery.key)
            .items
            .iter()
            .all(|item| !item.skipped)
    );
}

#[tokio::test]
async fn a_delivery_beyond_the_queued_charge_can_be_skipped() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let ahead = |d: &&Delivery| {
        d.estimated && !skippable(d).is_empty() && skippable(d).len() == d.items.len()
    };
    let delivery = before.deliveries.iter().find(ahead).unwrap();
    let outcome = world
        .change(1, skip(delivery, skippable(delivery)))
        .await
        .unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    assert_eq!(
        find(&schedule(&world).await, delivery.key).state,
        DeliveryState::Skipped
    );
    let undone = world
        .change(2, outcome.undo.unwrap().intent().unwrap())
        .await
        .unwrap();
    assert!(undone.is_done(), "{undone:?}");
    assert_eq!(
        find(&schedule(&world).await, delivery.key).state,
        DeliveryState::Planned
    );
}

#[tokio::test]
async fn items_that_come_once_or_are_paid_ahead_cannot_be_skipped() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let mut tried = 0;
    for delivery in before
        .deliveries
        .iter()
        .filter(|d| d.state != DeliveryState::Skipped)
    {
        for item in delivery.items.iter().filter(|item| !item.skippable) {
            let outcome = world
                .change(tried, skip(delivery, vec![item.purchase_item_id]))
                .await;
            assert_eq!(
                refusal(outcome.unwrap()).0,
                Refusal::NotSkippable,
                "{item:?}"
            );
            tried += 1;
        }
    }
    assert!(tried >= 2, "a one-time product and a prepaid one");
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn an_item_that_is_named_twice_is_skipped_once() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let delivery = plain(&before);
    let twice = [skippable(delivery), skippable(delivery)].concat();
    let outcome = world.change(1, skip(delivery, twice)).await.unwrap();
    assert!(outcome.is_done());
    assert_eq!(world.effects().len(), 1);
}

#[tokio::test]
async fn after_the_cut_off_nothing_is_skipped_or_brought_back() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let delivery = plain(&before);
    let skip = skip(delivery, skippable(delivery));
    let unskip = world
        .change(1, skip.clone())
        .await
        .unwrap()
        .undo
        .unwrap()
        .intent()
        .unwrap();
    world.clear_log();
    world
        .clock
        .advance(delivery.change_until.unwrap().at_ms - world.clock.now_ms());
    let late = world.change(2, unskip).await.unwrap();
    assert_eq!(refusal(late).0, Refusal::CutOffPassed);
    let again = world.change(3, skip).await.unwrap();
    assert_eq!(refusal(again).0, Refusal::CutOffPassed);
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn a_second_skip_of_the_same_delivery_is_refused_instead_of_skipping_the_next() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let delivery = plain(&before);
    let intent = skip(delivery, skippable(delivery));
    world.change(1, intent.clone()).await.unwrap();
    let second = world.change(2, intent).await.unwrap();
    assert_eq!(refusal(second).0, Refusal::StateChanged);
    assert_eq!(world.effects().len(), 1);
}

#[tokio::test]
async fn cu1_a_next_delivery_that_is_skipped_stays_on_the_overview_to_be_brought_back() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let delivery = plain(&before);
    // Everything before it is skipped too, so that it is the next one.
    let mut key = 1;
    for earlier in before
        .deliveries
        .iter()
        .take_while(|other| other.key.date <= delivery.key.date)
    {
        if !skippable(earlier).is_empty() {
            world
                .change(key, skip(earlier, skippable(earlier)))
                .await
                .unwrap();
            key += 1;
        }
    }
    let overview: Overview = world.read(Query::Overview).await;
    let next = overview.next.unwrap();
    assert_ne!(next.key, delivery.key);
    let kept = overview
        .later
        .iter()
        .find(|other| other.key == delivery.key);
    assert_eq!(
        kept.map(|other| other.state.clone()),
        Some(DeliveryState::Skipped)
    );
}
