//! One change for several subscriptions.

use protocol::view::*;
use protocol::*;
use sandbox::Scenario;
use serde_json::{Value, json};

use crate::samples::subscriptions::detail;
use crate::subscriptions::{ESPRESSO, done, upstream};
use crate::world::World;

#[tokio::test]
async fn su19_one_that_is_refused_does_not_keep_the_others() {
    let world = World::new(Scenario::Everyday);
    let ids = ["Decaf Huila", "Masala Chai", ESPRESSO];
    let mut subscription_ids = Vec::new();
    for title in ids {
        subscription_ids.push(detail(&world, title).await.card.id);
    }
    let date = world.today().add_days(30);
    let body = SubscriptionsDate {
        subscription_ids: subscription_ids.clone(),
        date,
    };
    let outcome = world
        .change(1, Intent::ChangeDates { body: body.clone() })
        .await
        .unwrap();
    let states: Vec<bool> = outcome
        .parts
        .iter()
        .map(|part| part.state == PartState::Done)
        .collect();
    assert_eq!(states, [true, false, true], "{outcome:?}");
    for (id, moved) in subscription_ids.iter().zip([true, false, true]) {
        let now = &upstream(&world, *id)["next_charge_scheduled_at"];
        assert_eq!(*now == json!(date), moved, "{id}");
    }
    // The rest tried again changes nothing twice.
    world.clear_log();
    let again = world.change(2, Intent::ChangeDates { body }).await.unwrap();
    assert!(!again.is_done());
    assert_eq!(world.effects(), Vec::<String>::new());
}

#[tokio::test]
async fn su19_skipping_several_names_their_days_and_skips_each_once() {
    let world = World::new(Scenario::Everyday);
    let all: Subscriptions = world.read(Query::Subscriptions).await;
    let active = all
        .subscriptions
        .iter()
        .filter(|card| card.deliveries_per_charge == 1);
    let deliveries: Vec<SubscriptionDelivery> = active
        .filter_map(|card| {
            Some(SubscriptionDelivery {
                subscription_id: card.id,
                date: card.next_date?,
            })
        })
        .take(3)
        .collect();
    let body = SubscriptionsSkip {
        deliveries: deliveries.clone(),
    };
    done(&world, 1, Intent::SkipSubscriptions { body: body.clone() }).await;
    let moved: Vec<Value> = deliveries
        .iter()
        .map(|one| upstream(&world, one.subscription_id)["next_charge_scheduled_at"].clone())
        .collect();
    assert!(
        moved
            .iter()
            .zip(&deliveries)
            .all(|(now, one)| *now != json!(one.date))
    );
    let again = world
        .change(2, Intent::SkipSubscriptions { body })
        .await
        .unwrap();
    assert!(!again.is_done(), "the next ones were not meant");
    for (one, before) in deliveries.iter().zip(moved) {
        assert_eq!(
            upstream(&world, one.subscription_id)["next_charge_scheduled_at"],
            before
        );
    }
}
