//! Pausing a subscription, and ending the pause.

use protocol::view::*;
use protocol::*;
use sandbox::Scenario;
use serde_json::json;

use crate::samples::changeable;
use crate::subscriptions::{done, refused, upstream};
use crate::world::World;

#[tokio::test]
async fn su11_a_pause_is_told_everywhere_until_the_date_is_another_one() {
    let world = World::new(Scenario::Everyday);
    let before = changeable(&world).await.card;
    let until = before.next_date.unwrap().add_months(2);
    let pause = |until| {
        Intent::PauseSubscription(PauseSubscription {
            subscription_id: before.id,
            body: Pause { until },
        })
    };
    let outcome = done(&world, 1, pause(until)).await;
    let paused = || async {
        let all: Subscriptions = world.read(Query::Subscriptions).await;
        let in_list = all
            .subscriptions
            .into_iter()
            .find(|card| card.id == before.id);
        let overview: Overview = world.read(Query::Overview).await;
        let on_overview = overview
            .subscriptions
            .into_iter()
            .find(|card| card.id == before.id);
        let detail: SubscriptionDetail = world.read(Query::Subscription(before.id)).await;
        let shown = [
            in_list.map(|card| card.paused_until),
            Some(detail.card.paused_until),
        ];
        let on_overview = on_overview.map(|card| card.paused_until);
        assert!(
            shown
                .iter()
                .chain([&on_overview])
                .flatten()
                .all(|one| *one == detail.card.paused_until)
        );
        detail.card.paused_until
    };
    assert_eq!(paused().await, Some(until));
    let call = world
        .log()
        .into_iter()
        .find(|entry| entry.method == "POST")
        .unwrap();
    assert!(call.query.contains("pause=true"), "{call:?}");

    let path = format!("/subscriptions/{}/set_next_charge_date", before.id);
    world.beside("POST", &path, Some(json!({"date": until.add_days(3)})));
    world.clock.advance(60_000);
    assert_eq!(
        paused().await,
        None,
        "the shop moved it: it is no pause any more"
    );

    world.beside("POST", &path, Some(json!({"date": until})));
    done(&world, 2, outcome.undo.unwrap().intent().unwrap()).await;
    assert_eq!(paused().await, None);
    assert_eq!(
        upstream(&world, before.id)["next_charge_scheduled_at"],
        json!(before.next_date)
    );
    let now = refused(&world, 3, pause(before.next_date.unwrap())).await;
    assert_eq!(
        now,
        Refusal::InvalidFields,
        "a pause ends after the next charge"
    );
}

#[tokio::test]
async fn su11_nothing_is_charged_during_a_pause_and_it_ends_early_on_request() {
    let world = World::new(Scenario::Everyday);
    let before = changeable(&world).await.card;
    let until = before.next_date.unwrap().add_days(70);
    let pause = Intent::PauseSubscription(PauseSubscription {
        subscription_id: before.id,
        body: Pause { until },
    });
    done(&world, 1, pause).await;
    let orders = || {
        let path = format!("/orders?purchase_item_id={}&limit=250", before.id);
        world.beside("GET", &path, None)["orders"]
            .as_array()
            .unwrap()
            .len()
    };
    let had = orders();
    world.clock.advance(40 * 24 * 3_600_000);
    assert_eq!(orders(), had);
    let date = world.today().add_days(4);
    let resume = Intent::ResumeSubscription(ResumeSubscription {
        subscription_id: before.id,
        body: NextDate { date },
    });
    let outcome = done(&world, 2, resume).await;
    assert_eq!(
        upstream(&world, before.id)["next_charge_scheduled_at"],
        json!(date)
    );
    let back = outcome.undo.unwrap().intent().unwrap();
    assert_eq!(back.operation(), Operation::PauseSubscription);
}
