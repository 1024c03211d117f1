//! Paying for deliveries now, moving them and giving them away.

use protocol::view::*;
use protocol::*;
use sandbox::Scenario;
use serde_json::json;

use crate::samples::{coming, gift, plain, refusal, sample, schedule, skippable};
use crate::world::{World, policy};

fn find(schedule: &DeliverySchedule, key: DeliveryKey) -> Option<&Delivery> {
    schedule
        .deliveries
        .iter()
        .find(|delivery| delivery.key == key)
}

fn moved(delivery: &Delivery, items: Vec<PurchaseItemId>, to: Date, later: bool) -> Intent {
    Intent::RescheduleDelivery(RescheduleDelivery {
        address_id: delivery.key.address_id,
        date: delivery.key.date,
        body: DeliveryReschedule {
            purchase_item_ids: items,
            to,
            later,
        },
    })
}

/// The days on which something comes to the delivery's address.
fn days(schedule: &DeliverySchedule, like: &Delivery) -> Vec<Date> {
    let same = |delivery: &&Delivery| {
        delivery.key.address_id == like.key.address_id
            && delivery
                .items
                .iter()
                .any(|item| !item.skipped && coming(like).contains(&item.purchase_item_id))
    };
    let there = schedule.deliveries.iter().filter(same);
    there.map(|delivery| delivery.key.date).collect()
}

#[tokio::test]
async fn ds4_se7_another_amount_than_was_agreed_to_is_not_taken() {
    let world = World::new(Scenario::Everyday);
    let Intent::ProcessDelivery(ProcessDelivery {
        address_id,
        date,
        body,
    }) = sample(&world, Operation::ProcessDelivery).await
    else {
        panic!("another sample");
    };
    let cent = Money::from_minor(1, body.amount.currency());
    let amount = body.amount.minus(cent).unwrap();
    let intent = Intent::ProcessDelivery(ProcessDelivery {
        address_id,
        date,
        body: ConfirmedAmount {
            amount,
            payment_method_id: None,
        },
    });
    let outcome = world.change(1, intent).await.unwrap();
    assert_eq!(refusal(outcome).0, Refusal::AmountChanged);
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn ds4_a_delivery_that_was_paid_is_no_longer_to_come() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let key = plain(&before).key;
    let pay = sample(&world, Operation::ProcessDelivery).await;
    let preview = world.gateway.preview(world.customer, &pay).await.unwrap();
    assert_eq!(preview.pays_now, plain(&before).due);
    assert!(world.change(1, pay).await.unwrap().is_done());
    assert!(find(&schedule(&world).await, key).is_none());
}

#[tokio::test]
async fn ph5_a_declined_payment_takes_nothing_and_says_so() {
    let world = World::new(Scenario::Dunning);
    let before = schedule(&world).await;
    let failed = |d: &&Delivery| d.state == DeliveryState::Failed;
    let delivery = before.deliveries.iter().find(failed).unwrap();
    let DeliveryKey { address_id, date } = delivery.key;
    let amount = delivery.due.unwrap();
    let pay = Intent::ProcessDelivery(ProcessDelivery {
        address_id,
        date,
        body: ConfirmedAmount {
            amount,
            payment_method_id: None,
        },
    });
    let outcome = world.change(1, pay).await.unwrap();
    assert_eq!(refusal(outcome).0, Refusal::PaymentDeclined);
    let after = schedule(&world).await;
    assert_eq!(
        find(&after, delivery.key).unwrap().state,
        DeliveryState::Failed
    );
}

#[tokio::test]
async fn ds5_one_delivery_moves_and_those_after_it_keep_their_days() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let delivery = plain(&before);
    let to = delivery.key.date.add_days(1);
    let intent = moved(delivery, coming(delivery), to, false);
    assert!(world.change(1, intent).await.unwrap().is_done());
    let mut expected = days(&before, delivery);
    expected[0] = to;
    assert_eq!(days(&schedule(&world).await, delivery), expected);
}

#[tokio::test]
async fn ds5_nothing_is_moved_to_a_day_that_the_shop_does_not_allow() {
    let mut policy = policy();
    let plain_world = World::new(Scenario::Everyday);
    let before = schedule(&plain_world).await;
    let delivery = plain(&before);
    let shut = delivery.key.date.add_days(1);
    policy.closed.dates = [shut].into();
    let world = World::with(Scenario::Everyday, policy);
    for (at, (to, later, reason)) in (0..).zip([
        (shut, false, Refusal::ClosedDate),
        (shut, true, Refusal::ClosedDate),
        (world.today().add_days(1), false, Refusal::TooSoon),
    ]) {
        let intent = moved(delivery, coming(delivery), to, later);
        let outcome = world.change(at, intent).await.unwrap();
        assert_eq!(refusal(outcome).0, reason, "{to}");
    }
    assert!(world.effects().is_empty());
    let next = moved(delivery, coming(delivery), shut.add_days(1), false);
    assert!(world.change(9, next).await.unwrap().is_done());
}

#[tokio::test]
async fn ds5_all_later_deliveries_move_by_as_many_days() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let delivery = plain(&before);
    let to = delivery.key.date.add_days(1);
    let intent = moved(delivery, coming(delivery), to, true);
    let outcome = world.change(1, intent).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    let after = days(&schedule(&world).await, delivery);
    let weeks = |days: &[Date]| days[0].days_until(days[1]);
    assert_eq!(after[0], to);
    assert_eq!(weeks(&after), weeks(&days(&before, delivery)));
}

#[tokio::test]
async fn ds5_every_item_of_a_delivery_moves_along() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let is_open = |delivery: &&Delivery| delivery.lock.is_none() && delivery.due.is_some();
    let all = before.deliveries.iter().filter(is_open);
    let delivery = all.max_by_key(|delivery| delivery.items.len()).unwrap();
    assert!(coming(delivery).len() > 2, "{delivery:?}");
    let to = delivery.key.date.add_days(3);
    let intent = moved(delivery, coming(delivery), to, true);
    let outcome = world.change(1, intent).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    let key = DeliveryKey {
        date: to,
        ..delivery.key
    };
    let after = schedule(&world).await;
    assert_eq!(coming(find(&after, key).unwrap()), coming(delivery));
}

#[tokio::test]
async fn ds5_no_day_too_near_and_none_past_the_next_delivery_is_taken() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let delivery = plain(&before);
    let following = days(&before, delivery)[1];
    for (at, (to, why)) in (1..).zip([
        (world.today(), Refusal::TooSoon),
        (following, Refusal::NotMovable),
        (before.until.add_days(1), Refusal::NotMovable),
        (delivery.key.date, Refusal::NotMovable),
    ]) {
        let intent = moved(delivery, coming(delivery), to, false);
        let outcome = world.change(at, intent).await.unwrap();
        assert_eq!(refusal(outcome).0, why, "{to}");
    }
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn ds11_joined_deliveries_are_one_and_can_be_split_again() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let several = |d: &&Delivery| d.due.is_some() && skippable(d).len() > 1 && d.lock.is_none();
    let delivery = before.deliveries.iter().find(several).unwrap();
    let item = skippable(delivery)[0];
    let to = delivery.key.date.add_days(1);
    let split = moved(delivery, vec![item], to, true);
    assert!(world.change(1, split).await.unwrap().is_done());
    let after = schedule(&world).await;
    let alone = DeliveryKey {
        date: to,
        ..delivery.key
    };
    let apart = find(&after, alone).unwrap();
    assert_eq!(coming(apart), [item]);

    let join = moved(apart, vec![item], delivery.key.date, false);
    assert!(world.change(2, join).await.unwrap().is_done());
    let joined = schedule(&world).await;
    assert!(find(&joined, alone).is_none());
    assert!(coming(find(&joined, delivery.key).unwrap()).contains(&item));
}

#[tokio::test]
async fn ds6_a_gift_leaves_the_customers_own_address_as_it_is() {
    let world = World::new(Scenario::Everyday);
    let before: Addresses = world.read(Query::Addresses).await;
    let give = sample(&world, Operation::GiftDelivery).await;
    assert!(world.change(1, give).await.unwrap().is_done());
    let after: Addresses = world.read(Query::Addresses).await;
    for address in &before.addresses {
        let now = after.addresses.iter().find(|now| now.id == address.id);
        assert_eq!(now.map(|now| &now.lines), Some(&address.lines));
    }
    let mut streets = after.addresses.iter().map(|address| &address.lines.street);
    assert!(streets.any(|street| street == "5 Mill Lane"));
}

#[tokio::test]
async fn ds6_su16_both_deliveries_name_the_recipient_and_the_gift_can_be_taken_back() {
    let world = World::new(Scenario::Everyday);
    let give = sample(&world, Operation::GiftDelivery).await;
    let Intent::GiftDelivery(GiftDelivery {
        address_id,
        date,
        body,
    }) = give.clone()
    else {
        panic!("another sample");
    };
    assert!(world.change(1, give).await.unwrap().is_done());
    let given = schedule(&world).await;
    let own = find(&given, DeliveryKey { address_id, date }).unwrap();
    let name = own.given_to.clone().expect("somebody receives it");
    assert_eq!(own.gift_for, None);
    let to_them = |delivery: &&Delivery| delivery.gift_for.as_ref() == Some(&name);
    let gift = given.deliveries.iter().find(to_them).unwrap();
    assert_eq!((gift.key.date, &gift.given_to), (date, &None));

    // Bringing it back does not take back the gift, and the preview says so.
    let back = Intent::UnskipDelivery(UnskipDelivery {
        address_id,
        date,
        body: DeliveryItems {
            purchase_item_ids: body.purchase_item_ids,
        },
    });
    let preview = world.gateway.preview(world.customer, &back).await.unwrap();
    assert_eq!(preview.cautions, [Caution::GiftStays]);
    for (key, item) in (2..).zip(&gift.items) {
        let remove = Intent::RemoveOnetime(RemoveOnetime {
            onetime_id: OnetimeId(item.purchase_item_id.0),
            body: Nothing {},
        });
        assert!(world.change(key, remove).await.unwrap().is_done());
    }
    let preview = world.gateway.preview(world.customer, &back).await.unwrap();
    assert_eq!(preview.cautions, []);
    assert!(world.change(9, back).await.unwrap().is_done());
    let after = schedule(&world).await;
    let own = find(&after, DeliveryKey { address_id, date }).unwrap();
    assert_eq!(
        (&own.state, &own.given_to),
        (&DeliveryState::Planned, &None)
    );
    assert!(!after.deliveries.iter().any(|d| to_them(&d)));
}

#[tokio::test]
async fn ds6_what_is_wrong_with_the_recipient_is_said_at_the_fields() {
    let world = World::new(Scenario::Everyday);
    let before = schedule(&world).await;
    let delivery = plain(&before);
    let mut body = gift(skippable(delivery));
    body.email = "nobody".into();
    body.recipient.set("zip", "1".into());
    let intent = Intent::GiftDelivery(GiftDelivery {
        address_id: delivery.key.address_id,
        date: delivery.key.date,
        body,
    });
    let fields = refusal(world.change(1, intent).await.unwrap()).1;
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["email", "zip"]);
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn ph6_only_an_https_address_is_a_place_to_follow_a_parcel() {
    let world = World::new(Scenario::Everyday);
    let orders: Orders = world.read(Query::Orders { cursor: None }).await;
    world.door.bend(|_, mut response| {
        if let Some(order) = response
            .body
            .as_mut()
            .and_then(|body| body.get_mut("order"))
        {
            order["fulfillments"] = json!([
                {"tracking_url": "javascript:alert(1)", "tracking_company": "A"},
                {"tracking_url": "http://carrier.example/1", "tracking_company": "B"},
                {"tracking_url": "https://carrier.example/1", "tracking_company": "C"},
                {"tracking_url": null, "tracking_company": "D"},
            ]);
        }
        Ok(response)
    });
    let order: OrderDetail = world.read(Query::Order(orders.orders[0].id)).await;
    let carriers: Vec<&str> = order.parcels.iter().map(|p| p.carrier.as_str()).collect();
    assert_eq!(carriers, ["C"]);
}

/// The second of several queued deliveries of one subscription.
fn second(schedule: &DeliverySchedule) -> &Delivery {
    let queued = |d: &&Delivery| d.due.is_some() && d.lock.is_none() && !skippable(d).is_empty();
    let mut all = schedule.deliveries.iter().filter(queued);
    let first = all.next().unwrap();
    let again = |d: &&Delivery| coming(d).iter().any(|item| coming(first).contains(item));
    all.find(again).expect("a second one that is queued")
}

#[tokio::test]
async fn ds5_of_several_queued_deliveries_the_second_moves_alone_and_never_leads_the_others() {
    let world = World::new(Scenario::SeveralQueued);
    let before = schedule(&world).await;
    let delivery = second(&before);
    let to = delivery.key.date.add_days(1);
    let with_later = moved(delivery, coming(delivery), to, true);
    let outcome = world.change(1, with_later).await.unwrap();
    assert_eq!(refusal(outcome).0, Refusal::NotMovable);
    assert!(world.effects().is_empty());

    let alone = moved(delivery, coming(delivery), to, false);
    assert!(world.change(2, alone).await.unwrap().is_done());
    let after = schedule(&world).await;
    let others = |schedule: &DeliverySchedule, but: Date| -> Vec<Date> {
        let all = days(schedule, delivery).into_iter();
        all.filter(|day| *day != but).collect()
    };
    assert_eq!(others(&after, to), others(&before, delivery.key.date));
}

#[tokio::test]
async fn ds4_of_several_queued_deliveries_the_one_that_is_meant_is_paid() {
    let world = World::new(Scenario::SeveralQueued);
    let before = schedule(&world).await;
    let delivery = second(&before);
    let pay = Intent::ProcessDelivery(ProcessDelivery {
        address_id: delivery.key.address_id,
        date: delivery.key.date,
        body: ConfirmedAmount {
            amount: delivery.due.unwrap(),
            payment_method_id: None,
        },
    });
    assert!(world.change(1, pay).await.unwrap().is_done());
    let after = schedule(&world).await;
    assert!(find(&after, delivery.key).is_none());
    assert_eq!(days(&after, delivery)[0], days(&before, delivery)[0]);
}
