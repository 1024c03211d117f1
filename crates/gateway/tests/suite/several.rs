//! One change for several subscriptions.

use protocol::view::*;
use protocol::*;
use sandbox::{Effect, Fault, Scenario};
use serde_json::{Value, json};

use crate::samples::{detail, sample};
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
    let intent = Intent::ChangeDates(ChangeDates { body: body.clone() });
    let asked = world.gateway.preview(world.customer, &intent).await;
    let lines = asked.unwrap().lines;
    let told = |title: &str| lines.iter().any(|line| line.subject == title);
    assert_eq!(ids.map(told), [true, false, true], "{lines:#?}");
    let outcome = world.change(1, intent).await.unwrap();
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
    let again = world
        .change(2, Intent::ChangeDates(ChangeDates { body }))
        .await
        .unwrap();
    assert!(!again.is_done());
    assert_eq!(world.effects(), Vec::<String>::new());
}

#[tokio::test]
async fn se7_an_undo_that_takes_back_only_the_rest_is_not_offered() {
    let world = World::new(Scenario::Everyday);
    let mut subscription_ids = Vec::new();
    // They come from two addresses.
    for title in ["Decaf Huila", "Sencha from Uji"] {
        subscription_ids.push(detail(&world, title).await.card.id);
    }
    let added = sample(&world, Operation::AddAddress).await;
    done(&world, 1, added).await;
    let all: Addresses = world.read(Query::Addresses).await;
    let address_id = all
        .addresses
        .iter()
        .map(|address| address.id)
        .max()
        .unwrap();
    // Upstream is busy once, and what is read after that shows only the second as still to move.
    let busy = format!("/subscriptions/{}/change_address", subscription_ids[1]);
    world.fault(Fault::once("POST", &busy, Effect::Status(409)));
    let intent = Intent::MoveSubscriptions(MoveSubscriptions {
        address_id,
        body: SubscriptionsMove { subscription_ids },
    });
    let outcome = world.change(2, intent).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    assert_eq!(outcome.undo, None);
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
    done(
        &world,
        1,
        Intent::SkipSubscriptions(SkipSubscriptions { body: body.clone() }),
    )
    .await;
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
        .change(2, Intent::SkipSubscriptions(SkipSubscriptions { body }))
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

#[tokio::test]
async fn su19_several_that_had_one_day_are_undone_together_and_others_are_not() {
    let world = World::new(Scenario::Everyday);
    let all: Subscriptions = world.read(Query::Subscriptions).await;
    let active = all
        .subscriptions
        .iter()
        .filter(|card| card.deliveries_per_charge == 1 && card.state == SubscriptionState::Active);
    let active: Vec<&SubscriptionCard> = active.filter(|card| card.next_date.is_some()).collect();
    let same = |card: &&SubscriptionCard| {
        let alike = |other: &&&SubscriptionCard| {
            (other.address_id, other.next_date) == (card.address_id, card.next_date)
        };
        active.iter().filter(alike).count() > 1
    };
    let first = active
        .iter()
        .copied()
        .find(same)
        .expect("two come together");
    let other = active.iter().find(|card| card.next_date != first.next_date);
    let ids = |cards: &[&SubscriptionCard]| cards.iter().map(|card| card.id).collect::<Vec<_>>();
    let together: Vec<&SubscriptionCard> = active
        .iter()
        .copied()
        .filter(|card| (card.address_id, card.next_date) == (first.address_id, first.next_date))
        .collect();
    let mixed = vec![first, *other.expect("one comes on another day")];
    let mut key = 0;
    let make = |kind: usize, cards: &[&SubscriptionCard]| {
        let body = SubscriptionsDate {
            subscription_ids: ids(cards),
            date: world.today().add_days(60),
        };
        let delivery = |card: &&SubscriptionCard| SubscriptionDelivery {
            subscription_id: card.id,
            date: card.next_date.unwrap(),
        };
        match kind {
            0 => Intent::ChangeDates(ChangeDates { body }),
            1 => Intent::PauseSubscriptions(PauseSubscriptions { body }),
            _ => Intent::SkipSubscriptions(SkipSubscriptions {
                body: SubscriptionsSkip {
                    deliveries: cards.iter().map(delivery).collect(),
                },
            }),
        }
    };
    for kind in 0..3 {
        let before: DeliverySchedule = world.read(Query::Deliveries).await;
        key += 2;
        let outcome = done(&world, key, make(kind, &together)).await;
        let undo = outcome.undo.expect("an inverse").intent().unwrap();
        done(&world, key + 1, undo).await;
        let after: DeliverySchedule = world.read(Query::Deliveries).await;
        let days = |all: &DeliverySchedule| -> Vec<_> {
            let all = all.deliveries.iter();
            all.map(|d| (d.key, d.items.iter().filter(|i| !i.skipped).count()))
                .collect()
        };
        assert_eq!(days(&after), days(&before), "kind {kind}");
        let cards: Subscriptions = world.read(Query::Subscriptions).await;
        assert!(
            cards
                .subscriptions
                .iter()
                .all(|card| card.paused_until.is_none())
        );
    }
    key += 2;
    assert_eq!(done(&world, key, make(0, &mixed)).await.undo, None);
}
