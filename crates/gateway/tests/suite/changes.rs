//! One change after another, plain: what the customer asked for is what upstream then has.

use protocol::view::*;
use protocol::*;
use sandbox::Scenario;

use crate::samples::{plain, skippable};
use crate::world::World;

async fn schedule(world: &World) -> DeliverySchedule {
    world.read(Query::Deliveries).await
}

fn skip(delivery: &Delivery, items: Vec<PurchaseItemId>) -> Intent {
    let DeliveryKey { address_id, date } = delivery.key;
    Intent::SkipDelivery {
        address_id,
        date,
        body: DeliveryItems {
            purchase_item_ids: items,
        },
    }
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

    let undone = world.change(2, *skipped.undo.unwrap()).await.unwrap();
    assert!(undone.is_done(), "{undone:?}");
    let back = schedule(&world).await;
    assert_eq!(find(&back, delivery.key).state, DeliveryState::Planned);
    assert_eq!(find(&back, delivery.key).totals, delivery.totals);
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

    let undone = world.change(2, *outcome.undo.unwrap()).await.unwrap();
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
    let undone = world.change(2, *outcome.undo.unwrap()).await.unwrap();
    assert!(undone.is_done(), "{undone:?}");
    assert_eq!(
        find(&schedule(&world).await, delivery.key).state,
        DeliveryState::Planned
    );
}
