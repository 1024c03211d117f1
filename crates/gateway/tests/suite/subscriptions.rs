//! Changing a subscription: what was asked for is what upstream then has, within the rules.

use gateway::ClosedDays;
use protocol::view::*;
use protocol::*;
use sandbox::Scenario;
use serde_json::{Value, json};

use crate::samples::refusal;
use crate::samples::{changeable, detail, note, sample};
use crate::world::{World, policy};

pub(crate) const ESPRESSO: &str = "House Espresso";

pub(crate) async fn done(world: &World, key: u32, intent: Intent) -> Outcome {
    let outcome = world.change(key, intent).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    outcome
}

pub(crate) async fn refused(world: &World, key: u32, intent: Intent) -> Refusal {
    refusal(world.change(key, intent).await.unwrap()).0
}

pub(crate) fn upstream(world: &World, id: SubscriptionId) -> Value {
    world.beside("GET", &format!("/subscriptions/{id}"), None)["subscription"].take()
}

pub(crate) fn to_date(subscription_id: SubscriptionId, date: Date) -> Intent {
    Intent::ChangeDate(ChangeDate {
        subscription_id,
        body: NextDate { date },
    })
}

pub(crate) fn quantity(subscription_id: SubscriptionId, quantity: u32) -> Intent {
    Intent::ChangeQuantity(ChangeQuantity {
        subscription_id,
        body: Quantity { quantity },
    })
}

#[tokio::test]
async fn su3_a_date_moves_the_next_charge_and_back() {
    let world = World::new(Scenario::Everyday);
    let before = changeable(&world).await.card;
    let date = before.next_date.unwrap().add_days(4);
    let outcome = done(&world, 1, to_date(before.id, date)).await;
    assert_eq!(
        upstream(&world, before.id)["next_charge_scheduled_at"],
        json!(date)
    );
    done(&world, 2, outcome.undo.unwrap().intent().unwrap()).await;
    let after: SubscriptionDetail = world.read(Query::Subscription(before.id)).await;
    assert_eq!(after.card, before);
}

#[tokio::test]
async fn su3_only_days_that_the_merchant_allows_are_taken() {
    let mut policy = policy();
    let plain = World::new(Scenario::Everyday);
    let shut = plain.today().add_days(20);
    policy.closed = ClosedDays {
        weekdays: [6].into(),
        dates: [shut].into(),
    };
    let world = World::with(Scenario::Everyday, policy);
    let id = changeable(&world).await.card.id;
    let rules = world
        .read::<Session>(Query::Session)
        .await
        .date_rules
        .get()
        .unwrap();
    let sunday = (0..7)
        .map(|n| shut.add_days(n))
        .find(|date| date.weekday() == 6)
        .unwrap();
    assert_eq!(
        rules.earliest,
        world.today().add_days(2),
        "it is noon: tomorrow's delivery is being prepared"
    );
    for (at, (date, reason)) in (0..).zip([
        (world.today(), Refusal::TooSoon),
        (world.today().add_days(1), Refusal::TooSoon),
        (shut, Refusal::ClosedDate),
        (sunday, Refusal::ClosedDate),
        (world.today().add_days(400), Refusal::ClosedDate),
    ]) {
        assert!(!rules.allow(date), "{date}");
        assert_eq!(
            refused(&world, at, to_date(id, date)).await,
            reason,
            "{date}"
        );
    }
    assert_eq!(world.effects(), Vec::<String>::new());
    let next = rules.first_from(shut).unwrap();
    assert!(next > shut && next.weekday() != 6);
    done(&world, 9, to_date(id, next)).await;
}

#[tokio::test]
async fn su4_a_frequency_sends_all_three_fields_and_keeps_what_is_paid_ahead() {
    let world = World::new(Scenario::Everyday);
    let before = changeable(&world).await;
    let Intent::ChangeFrequency(ChangeFrequency { body, .. }) =
        sample(&world, Operation::ChangeFrequency).await
    else {
        panic!("another operation");
    };
    let intent = Intent::ChangeFrequency(ChangeFrequency {
        subscription_id: before.card.id,
        body,
    });
    let outcome = done(&world, 1, intent).await;
    let now = upstream(&world, before.card.id);
    assert_eq!(now["order_interval_frequency"], json!(body.interval.every));
    assert_eq!(now["charge_interval_frequency"], json!(body.interval.every));
    assert_eq!(now["order_interval_unit"], json!(body.interval.unit));
    done(&world, 2, outcome.undo.unwrap().intent().unwrap()).await;
    let after: SubscriptionDetail = world.read(Query::Subscription(before.card.id)).await;
    assert_eq!(after.card, before.card);
}

#[tokio::test]
async fn su4_only_the_plans_frequencies_are_taken() {
    let world = World::new(Scenario::Everyday);
    let espresso = detail(&world, ESPRESSO).await;
    let every = |every, unit| Interval { unit, every };
    assert_eq!(
        espresso.frequencies,
        [
            every(2, Unit::Week),
            every(4, Unit::Week),
            every(6, Unit::Week),
            every(8, Unit::Week),
            every(1, Unit::Month)
        ]
    );
    let intent = Intent::ChangeFrequency(ChangeFrequency {
        subscription_id: espresso.card.id,
        body: Frequency {
            interval: every(3, Unit::Week),
        },
    });
    let outcome = world.change(1, intent).await.unwrap();
    let fields = vec![("interval".to_owned(), FieldProblem::Refused)];
    assert_eq!(refusal(outcome), (Refusal::InvalidFields, fields));
    // What is paid three at a time can only come as the plans that are paid so.
    let prepaid = detail(&world, "Earl Grey with Blue Cornflower").await;
    assert_eq!(prepaid.card.deliveries_per_charge, 3);
    assert_eq!(prepaid.frequencies, [every(1, Unit::Month)]);
}

#[tokio::test]
async fn su4_what_another_frequency_loses_is_known_and_not_offered_back() {
    let world = World::new(Scenario::Everyday);
    let espresso = detail(&world, ESPRESSO).await;
    let skip = Intent::SkipDelivery(SkipDelivery {
        address_id: espresso.card.address_id,
        date: espresso.next_dates[1],
        body: DeliveryItems {
            purchase_item_ids: vec![espresso.card.id.into()],
        },
    });
    done(&world, 1, skip).await;
    let skipped = detail(&world, ESPRESSO).await;
    assert_eq!(skipped.skipped_dates, [espresso.next_dates[1]]);
    let intent = Intent::ChangeFrequency(ChangeFrequency {
        subscription_id: espresso.card.id,
        body: Frequency {
            interval: espresso.frequencies[0],
        },
    });
    assert_eq!(done(&world, 2, intent).await.undo, None);
    assert_eq!(
        detail(&world, ESPRESSO).await.skipped_dates,
        Vec::<Date>::new()
    );
}

#[tokio::test]
async fn su5_a_quantity_stays_within_the_merchants_limits() {
    let world = World::new(Scenario::Everyday);
    let before = changeable(&world).await.card;
    for (at, beyond) in (0..).zip([0, world.policy.subscriptions.most + 1, u32::MAX]) {
        let outcome = world.change(at, quantity(before.id, beyond)).await.unwrap();
        let fields = vec![("quantity".to_owned(), FieldProblem::OutOfRange)];
        assert_eq!(
            refusal(outcome),
            (Refusal::InvalidFields, fields),
            "{beyond}"
        );
    }
    let outcome = done(&world, 8, quantity(before.id, 3)).await;
    assert_eq!(upstream(&world, before.id)["quantity"], json!(3));
    done(&world, 9, outcome.undo.unwrap().intent().unwrap()).await;
    assert_eq!(
        upstream(&world, before.id)["quantity"],
        json!(before.quantity)
    );
}

#[tokio::test]
async fn su6_a_swap_takes_the_new_price_and_is_taken_back() {
    let world = World::new(Scenario::Everyday);
    let before = changeable(&world).await;
    let swap = sample(&world, Operation::SwapProduct).await;
    let outcome = done(&world, 1, swap).await;
    let after: SubscriptionDetail = world.read(Query::Subscription(before.card.id)).await;
    assert_ne!(after.card.title, before.card.title);
    assert_ne!(after.card.price, before.card.price);
    assert_eq!(after.card.interval, before.card.interval);
    assert_eq!(after.card.next_date, before.card.next_date);
    done(&world, 2, outcome.undo.unwrap().intent().unwrap()).await;
    let back: SubscriptionDetail = world.read(Query::Subscription(before.card.id)).await;
    assert_eq!(back.card, before.card);
}

#[tokio::test]
async fn su6_an_old_price_is_not_promised_back() {
    let world = World::new(Scenario::Everyday);
    let swap = sample(&world, Operation::SwapProduct).await;
    let Intent::SwapProduct(SwapProduct {
        subscription_id, ..
    }) = swap
    else {
        panic!("another operation");
    };
    let path = format!("/subscriptions/{subscription_id}");
    world.beside("PUT", &path, Some(json!({"price": "9.99"})));
    assert_eq!(done(&world, 1, swap).await.undo, None);
}

#[tokio::test]
async fn su6_what_is_not_sold_by_a_plan_is_refused() {
    let world = World::new(Scenario::Everyday);
    let before = changeable(&world).await;
    let Intent::SwapProduct(SwapProduct {
        subscription_id,
        body,
    }) = sample(&world, Operation::SwapProduct).await
    else {
        panic!("another operation");
    };
    let swap = |body| {
        Intent::SwapProduct(SwapProduct {
            subscription_id,
            body,
        })
    };
    let unknown = Swap {
        external_variant_id: "1".into(),
        ..body.clone()
    };
    assert_eq!(
        refused(&world, 1, swap(unknown)).await,
        Refusal::NoLongerSold
    );
    let foreign_plan = Swap {
        plan_id: Some(PlanId(1)),
        ..body
    };
    assert_eq!(
        refused(&world, 2, swap(foreign_plan)).await,
        Refusal::NotOffered
    );
    // What is paid ahead cannot be swapped, says upstream.
    let prepaid = detail(&world, "Earl Grey with Blue Cornflower").await;
    let never = prepaid
        .locks
        .iter()
        .find(|lock| lock.operation == Operation::SwapProduct);
    assert_eq!(never.unwrap().rule, LockRule::Never);
    assert_eq!(changeable(&world).await, before);
}

#[tokio::test]
async fn su18_properties_keep_what_the_customer_cannot_write() {
    let world = World::new(Scenario::Everyday);
    let id = detail(&world, ESPRESSO).await.card.id;
    let hidden = json!([
        {"name": "_source", "value": {"campaign": 4}},
        {"name": "Roast", "value": "Medium"},
    ]);
    let path = format!("/subscriptions/{id}");
    world.beside("PUT", &path, Some(json!({"properties": hidden})));
    let change = |body| {
        Intent::UpdateProperties(UpdateProperties {
            subscription_id: id,
            body,
        })
    };
    let outcome = done(&world, 1, change(note("Roast", " Dark "))).await;
    let expected = json!([
        {"name": "_source", "value": {"campaign": 4}},
        {"name": "Roast", "value": "Dark"},
    ]);
    assert_eq!(upstream(&world, id)["properties"], expected);
    done(&world, 2, outcome.undo.unwrap().intent().unwrap()).await;
    assert_eq!(upstream(&world, id)["properties"], hidden);
    done(&world, 3, change(note("Roast", ""))).await;
    assert_eq!(upstream(&world, id)["properties"], json!([hidden[0]]));

    for (at, name) in (4..).zip(["_source", "charge_interval_frequency"]) {
        let outcome = world.change(at, change(note(name, "x"))).await.unwrap();
        let fields = vec![(name.to_owned(), FieldProblem::Refused)];
        assert_eq!(refusal(outcome), (Refusal::InvalidFields, fields));
    }
    let long = note("Roast", &"x".repeat(256));
    let outcome = world.change(7, change(long)).await.unwrap();
    let fields = vec![("Roast".to_owned(), FieldProblem::TooLong)];
    assert_eq!(refusal(outcome), (Refusal::InvalidFields, fields));
}

#[tokio::test]
async fn su18_a_note_changes_nothing_else_of_the_address() {
    let world = World::new(Scenario::Everyday);
    let espresso = detail(&world, ESPRESSO).await;
    let address_id = espresso.card.address_id;
    let path = format!("/addresses/{address_id}");
    let before = world.beside("GET", &path, None)["address"].take();
    let write = |note: &str| {
        Intent::UpdateOrderNote(UpdateOrderNote {
            address_id,
            body: OrderNote { note: note.into() },
        })
    };
    let outcome = done(&world, 1, write(" <b>Ring twice</b> ")).await;
    assert_eq!(
        detail(&world, ESPRESSO).await.order_note,
        "<b>Ring twice</b>"
    );
    done(&world, 2, outcome.undo.unwrap().intent().unwrap()).await;
    let mut after = world.beside("GET", &path, None)["address"].take();
    after["updated_at"] = before["updated_at"].clone();
    assert_eq!(after, before);
}

#[tokio::test]
async fn su16_a_prepaid_one_says_what_is_left_of_it() {
    let world = World::new(Scenario::Everyday);
    let tea = detail(&world, "Earl Grey with Blue Cornflower").await;
    let prepaid = tea.prepaid.unwrap();
    assert_eq!(prepaid.total, 3);
    assert!(prepaid.left < prepaid.total);
    assert_eq!(prepaid.renews, tea.card.next_date);
    assert_eq!(detail(&world, ESPRESSO).await.prepaid, None);
}
