//! Changing a subscription: what was asked for is what upstream then has, within the rules.

use gateway::{ClosedDays, LockPolicy};
use protocol::view::*;
use protocol::*;
use sandbox::Scenario;
use serde_json::{Value, json};

use crate::samples::refusal;
use crate::samples::subscriptions::{changeable, detail, note, sample};
use crate::world::{World, policy};

const ESPRESSO: &str = "House Espresso";

async fn done(world: &World, key: u32, intent: Intent) -> Outcome {
    let outcome = world.change(key, intent).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    outcome
}

async fn refused(world: &World, key: u32, intent: Intent) -> Refusal {
    refusal(world.change(key, intent).await.unwrap()).0
}

fn upstream(world: &World, id: SubscriptionId) -> Value {
    world.beside("GET", &format!("/subscriptions/{id}"), None)["subscription"].take()
}

fn to_date(subscription_id: SubscriptionId, date: Date) -> Intent {
    Intent::ChangeDate {
        subscription_id,
        body: NextDate { date },
    }
}

fn quantity(subscription_id: SubscriptionId, quantity: u32) -> Intent {
    Intent::ChangeQuantity {
        subscription_id,
        body: Quantity { quantity },
    }
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
    let rules = world.read::<Session>(Query::Session).await.date_rules;
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
    let Intent::ChangeFrequency { body, .. } = sample(&world, Operation::ChangeFrequency).await
    else {
        panic!("another operation");
    };
    let intent = Intent::ChangeFrequency {
        subscription_id: before.card.id,
        body,
    };
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
    let intent = Intent::ChangeFrequency {
        subscription_id: espresso.card.id,
        body: Frequency {
            interval: every(3, Unit::Week),
        },
    };
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
    let skip = Intent::SkipDelivery {
        address_id: espresso.card.address_id,
        date: espresso.next_dates[1],
        body: DeliveryItems {
            purchase_item_ids: vec![espresso.card.id.into()],
        },
    };
    done(&world, 1, skip).await;
    let skipped = detail(&world, ESPRESSO).await;
    assert_eq!(skipped.skipped_dates, [espresso.next_dates[1]]);
    let intent = Intent::ChangeFrequency {
        subscription_id: espresso.card.id,
        body: Frequency {
            interval: espresso.frequencies[0],
        },
    };
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
    let Intent::SwapProduct {
        subscription_id, ..
    } = swap
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
    let Intent::SwapProduct {
        subscription_id,
        body,
    } = sample(&world, Operation::SwapProduct).await
    else {
        panic!("another operation");
    };
    let swap = |body| Intent::SwapProduct {
        subscription_id,
        body,
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
    let change = |body| Intent::UpdateProperties {
        subscription_id: id,
        body,
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
    let write = |note: &str| Intent::UpdateOrderNote {
        address_id,
        body: OrderNote { note: note.into() },
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

#[tokio::test]
async fn su11_a_pause_is_told_everywhere_until_the_date_is_another_one() {
    let world = World::new(Scenario::Everyday);
    let before = changeable(&world).await.card;
    let until = before.next_date.unwrap().add_months(2);
    let pause = |until| Intent::PauseSubscription {
        subscription_id: before.id,
        body: Pause { until },
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
    let pause = Intent::PauseSubscription {
        subscription_id: before.id,
        body: Pause { until },
    };
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
    let resume = Intent::ResumeSubscription {
        subscription_id: before.id,
        body: NextDate { date },
    };
    let outcome = done(&world, 2, resume).await;
    assert_eq!(
        upstream(&world, before.id)["next_charge_scheduled_at"],
        json!(date)
    );
    let back = outcome.undo.unwrap().intent().unwrap();
    assert_eq!(back.operation(), Operation::PauseSubscription);
}

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

#[tokio::test]
async fn su15_a_box_takes_as_many_as_its_size_and_only_of_its_collection() {
    let world = World::new(Scenario::Bundles);
    let all: Subscriptions = world.read(Query::Subscriptions).await;
    let mut boxes = Vec::new();
    for card in &all.subscriptions {
        let detail: SubscriptionDetail = world.read(Query::Subscription(card.id)).await;
        boxes.extend(detail.contents.map(|contents| (card.id, contents)));
    }
    assert_eq!(boxes.len(), 2, "two boxes and something else");
    let (subscription_id, contents) = boxes.iter().find(|(_, c)| !c.items.is_empty()).unwrap();
    let fill = |subscription_id: SubscriptionId, items: &[(&str, u32)]| Intent::UpdateBundle {
        subscription_id,
        body: BundleContents {
            items: items
                .iter()
                .map(|(id, quantity)| BoxItem {
                    external_variant_id: (*id).into(),
                    quantity: *quantity,
                })
                .collect(),
        },
    };
    let first = contents.choices[0].external_variant_id.as_str();
    for (at, many) in (0..).zip([0, contents.min - 1, contents.max + 1]) {
        let outcome = world
            .change(at, fill(*subscription_id, &[(first, many)]))
            .await
            .unwrap();
        let fields = vec![("items".to_owned(), FieldProblem::OutOfRange)];
        assert_eq!(refusal(outcome), (Refusal::InvalidFields, fields), "{many}");
    }
    let strange = fill(*subscription_id, &[("1", contents.max)]);
    assert_eq!(refused(&world, 7, strange).await, Refusal::NoLongerSold);

    let outcome = done(&world, 8, fill(*subscription_id, &[(first, contents.max)])).await;
    let now: SubscriptionDetail = world.read(Query::Subscription(*subscription_id)).await;
    assert_eq!(now.contents.unwrap().items[0].quantity, contents.max);
    done(&world, 9, outcome.undo.unwrap().intent().unwrap()).await;
    let back: SubscriptionDetail = world.read(Query::Subscription(*subscription_id)).await;
    assert_eq!(back.contents.as_ref(), Some(contents));

    let (empty, contents) = boxes.iter().find(|(_, c)| c.items.is_empty()).unwrap();
    let outcome = done(&world, 10, fill(*empty, &[(first, contents.max)])).await;
    assert_eq!(
        outcome.undo, None,
        "there is no way back to a box that was never filled"
    );
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
