//! Adding: another subscription, something once, and taking that off again.

use protocol::view::Value as Shown;
use protocol::view::*;
use protocol::*;
use sandbox::Scenario;
use serde_json::json;

use crate::samples::{MUG, next_delivery, onetime_id, plan, refusal, sample, schedule};
use crate::world::{World, uuid};

/// The bodies of the writes to `path` from now on.
fn bodies(
    world: &World,
    path: &'static str,
) -> std::sync::Arc<std::sync::Mutex<Vec<serde_json::Value>>> {
    let sent = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = std::sync::Arc::clone(&sent);
    world.door.bend(move |request, response| {
        if request.path == path {
            kept.lock().unwrap().extend(request.body.clone());
        }
        Ok(response)
    });
    sent
}

#[tokio::test]
async fn su8_a_subscription_starts_on_its_day_at_the_shops_price_and_can_be_taken_back() {
    let world = World::new(Scenario::Everyday);
    let intent = sample(&world, Operation::AddSubscription).await;
    let Intent::AddSubscription(AddSubscription { body }) = &intent else {
        unreachable!()
    };
    let preview = world
        .gateway
        .preview(world.customer, &intent)
        .await
        .unwrap();
    let told = |topic| {
        preview
            .lines
            .iter()
            .find(|line| line.topic == topic)
            .cloned()
    };
    assert_eq!(
        told(Topic::NextDate).unwrap().after,
        Some(Shown::Date(body.date))
    );
    let price = Money::parse("49.00", Currency::USD).unwrap();
    assert_eq!(told(Topic::Price).unwrap().after, Some(Shown::Money(price)));

    let sent = bodies(&world, "/subscriptions");
    let outcome = world.change(1, intent.clone()).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    assert_eq!(outcome.differences, []);
    assert!(
        sent.lock()
            .unwrap()
            .iter()
            .all(|body| body.get("price").is_none())
    );
    let cards: Subscriptions = world.read(Query::Subscriptions).await;
    let is_new =
        |card: &&SubscriptionCard| card.price == Some(price) && card.next_date == Some(body.date);
    let card = cards.subscriptions.iter().find(is_new).unwrap();
    assert_eq!((card.quantity, card.interval.unwrap().every), (2, 4));

    let undo = outcome.undo.unwrap().intent().unwrap();
    assert!(world.change(2, undo).await.unwrap().is_done());
    let cards: Subscriptions = world.read(Query::Subscriptions).await;
    assert!(!cards.subscriptions.iter().any(|card| is_new(&card)));
}

#[tokio::test]
async fn su8_one_press_makes_one_subscription_however_often_its_answer_is_lost() {
    let world = World::new(Scenario::Everyday);
    let intent = sample(&world, Operation::AddSubscription).await;
    world.fault(sandbox::Fault::once(
        "POST",
        "/subscriptions",
        sandbox::Effect::LoseAfter,
    ));
    let first = world.change(1, intent.clone()).await.unwrap();
    let again = world
        .restarted()
        .change(world.customer, &uuid(1), intent.clone())
        .await
        .unwrap();
    assert_eq!(first, again);
    assert_eq!(world.effects(), ["POST /subscriptions"]);
    // The same wish under another key is another press.
    assert!(world.change(2, intent).await.unwrap().is_done());
    assert_eq!(world.effects().len(), 2);
}

#[tokio::test]
async fn su8_what_is_not_offered_that_way_is_refused_before_anything_is_written() {
    let world = World::new(Scenario::Everyday);
    let Intent::AddSubscription(AddSubscription { body }) =
        sample(&world, Operation::AddSubscription).await
    else {
        unreachable!()
    };
    let once = plan(&world, "Just this once").await;
    let (today, field) = (world.today(), |name: &str, problem| {
        vec![(name.to_owned(), problem)]
    });
    let cases = [
        (
            NewSubscription {
                external_variant_id: "1".into(),
                ..body.clone()
            },
            Refusal::NoLongerSold,
            vec![],
        ),
        (
            NewSubscription {
                external_variant_id: MUG.into(),
                ..body.clone()
            },
            Refusal::NotOffered,
            vec![],
        ),
        (
            NewSubscription {
                plan_id: once,
                ..body.clone()
            },
            Refusal::NotOffered,
            vec![],
        ),
        (
            NewSubscription {
                plan_id: PlanId(1),
                ..body.clone()
            },
            Refusal::NotOffered,
            vec![],
        ),
        (
            NewSubscription {
                date: today,
                ..body.clone()
            },
            Refusal::TooSoon,
            vec![],
        ),
        (
            NewSubscription {
                quantity: 0,
                ..body.clone()
            },
            Refusal::InvalidFields,
            field("quantity", FieldProblem::OutOfRange),
        ),
        (
            NewSubscription {
                quantity: 1_000,
                ..body.clone()
            },
            Refusal::InvalidFields,
            field("quantity", FieldProblem::OutOfRange),
        ),
    ];
    for (at, (body, reason, fields)) in (0..).zip(cases) {
        let intent = Intent::AddSubscription(AddSubscription { body });
        let told = refusal(world.change(at, intent.clone()).await.unwrap());
        assert_eq!(told, (reason, fields), "{intent:?}");
    }
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn su8_su9_an_address_that_nothing_pays_for_and_sold_out_products_are_refused() {
    for (intent_at, expected) in [(0, Refusal::NoPaymentMethod), (1, Refusal::SoldOut)] {
        let world = World::new(Scenario::Everyday);
        let intents = [
            sample(&world, Operation::AddSubscription).await,
            sample(&world, Operation::AddOnetime).await,
        ];
        world.clock.advance(120_000);
        world.door.bend(move |request, mut response| {
            let body = response.body.get_or_insert_default();
            if intent_at == 0 && request.path.starts_with("/addresses/") {
                body["address"]["payment_method_id"] = serde_json::Value::Null;
            }
            if intent_at == 1 && request.path == "/product_search" {
                let out = json!({"level": 0, "policy": "deny", "tracking": "shopify"});
                for product in body["products"].as_array_mut().unwrap() {
                    for variant in product["variants"].as_array_mut().unwrap() {
                        variant["inventory"] = out.clone();
                    }
                }
            }
            Ok(response)
        });
        for (key, intent) in (1..).zip(intents) {
            assert_eq!(
                refusal(world.change(key, intent).await.unwrap()).0,
                expected
            );
        }
        assert!(world.effects().is_empty());
    }
}

#[tokio::test]
async fn su9_it_rides_with_the_queued_charge_or_on_the_day_that_is_chosen() {
    let world = World::new(Scenario::Everyday);
    let Intent::AddOnetime(AddOnetime { body }) = sample(&world, Operation::AddOnetime).await
    else {
        unreachable!()
    };
    let next = next_delivery(&world).await;
    let there = schedule(&world).await;
    let later = there.deliveries.iter().find(|d| {
        d.key.address_id == next.address_id && d.key.date > next.date && d.lock.is_none()
    });
    let later = later.unwrap().key.date;
    let sent = bodies(&world, "/onetimes");
    assert!(
        world
            .change(1, Intent::AddOnetime(AddOnetime { body: body.clone() }))
            .await
            .unwrap()
            .is_done()
    );
    let chosen = NewOnetime {
        date: Some(later),
        ..body
    };
    assert!(
        world
            .change(2, Intent::AddOnetime(AddOnetime { body: chosen }))
            .await
            .unwrap()
            .is_done()
    );
    let sent = sent.lock().unwrap().clone();
    assert_eq!(sent[0]["add_to_next_charge"], true);
    assert!(sent[0].get("next_charge_scheduled_at").is_none() && sent[0].get("price").is_none());
    assert_eq!(sent[1]["next_charge_scheduled_at"], json!(later));
    assert!(sent[1].get("add_to_next_charge").is_none());
    let after = schedule(&world).await;
    for date in [next.date, later] {
        let key = DeliveryKey { date, ..next };
        let delivery = after.deliveries.iter().find(|d| d.key == key).unwrap();
        let mug = delivery
            .items
            .iter()
            .find(|item| item.title == "Travel Mug");
        assert!(
            mug.is_some_and(|mug| mug.one_time),
            "{date}: {:?}",
            delivery.items
        );
    }
}

#[tokio::test]
async fn su9_the_preview_shows_the_new_total_and_the_delivery_has_it() {
    let world = World::new(Scenario::Everyday);
    let (intent, next) = (
        sample(&world, Operation::AddOnetime).await,
        next_delivery(&world).await,
    );
    let preview = world
        .gateway
        .preview(world.customer, &intent)
        .await
        .unwrap();
    let total = preview
        .lines
        .iter()
        .find(|line| line.topic == Topic::Total)
        .unwrap();
    let outcome = world.change(1, intent).await.unwrap();
    let after = schedule(&world).await;
    let delivery = after.deliveries.iter().find(|d| d.key == next).unwrap();
    let is = Shown::Money(delivery.totals.unwrap().total);
    assert_eq!(total.after, Some(is));
    assert_eq!(outcome.differences, Vec::new());
}

#[tokio::test]
async fn su9_nothing_is_put_on_a_delivery_that_is_being_prepared() {
    let world = World::new(Scenario::Everyday);
    let Intent::AddOnetime(AddOnetime { body }) = sample(&world, Operation::AddOnetime).await
    else {
        unreachable!()
    };
    let before = next_delivery(&world).await;
    let until = schedule(&world)
        .await
        .deliveries
        .iter()
        .find(|d| d.key == before)
        .unwrap()
        .change_until;
    world
        .clock
        .advance(until.unwrap().at_ms - world.clock.now_ms());
    let chosen = NewOnetime {
        date: Some(before.date),
        ..body.clone()
    };
    let told = refusal(
        world
            .change(1, Intent::AddOnetime(AddOnetime { body: chosen }))
            .await
            .unwrap(),
    );
    assert_eq!(told.0, Refusal::CutOffPassed);
    let sent = bodies(&world, "/onetimes");
    assert!(
        world
            .change(2, Intent::AddOnetime(AddOnetime { body }))
            .await
            .unwrap()
            .is_done()
    );
    let sent = sent.lock().unwrap()[0].clone();
    assert!(
        sent.get("add_to_next_charge").is_none(),
        "that is the one being prepared: {sent}"
    );
    assert!(sent["next_charge_scheduled_at"].as_str().unwrap() > before.date.to_string().as_str());
}

#[tokio::test]
async fn su10_quantity_and_removal_until_the_cut_off_and_the_reason_after_it() {
    let world = World::new(Scenario::Everyday);
    let onetime_id = onetime_id(&world).await;
    let found = |schedule: &DeliverySchedule| {
        let mut items = schedule.deliveries.iter().flat_map(|d| d.items.clone());
        items.find(|item| item.purchase_item_id == onetime_id.into())
    };
    let update = |quantity| {
        Intent::UpdateOnetime(UpdateOnetime {
            onetime_id,
            body: Quantity { quantity },
        })
    };
    let before = found(&schedule(&world).await).unwrap();
    let outcome = world.change(1, update(5)).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    assert_eq!(found(&schedule(&world).await).unwrap().quantity, 5);
    world
        .change(2, outcome.undo.unwrap().intent().unwrap())
        .await
        .unwrap();
    assert_eq!(found(&schedule(&world).await), Some(before.clone()));

    let remove = Intent::RemoveOnetime(RemoveOnetime {
        onetime_id,
        body: Nothing {},
    });
    let outcome = world.change(3, remove.clone()).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    assert_eq!(found(&schedule(&world).await), None);
    assert!(
        world
            .change(4, outcome.undo.unwrap().intent().unwrap())
            .await
            .unwrap()
            .is_done()
    );
    let all = schedule(&world).await;
    let mut items = all.deliveries.iter().flat_map(|d| &d.items);
    assert!(items.any(|item| item.one_time
        && item.title == before.title
        && item.quantity == before.quantity));

    let late = World::new(Scenario::Everyday);
    let until = next_delivery(&late).await.date.add_days(-1);
    late.clock
        .advance(i64::from(late.today().days_until(until)) * 24 * 3_600_000);
    for (key, intent) in [(1, update(1)), (2, remove)] {
        let told = refusal(late.change(key, intent).await.unwrap());
        assert_eq!(told.0, Refusal::CutOffPassed);
    }
    assert!(late.effects().is_empty());
}
