//! Views: what a customer sees.

use std::collections::BTreeSet;

use protocol::Query;
use protocol::view::*;
use sandbox::Scenario;
use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn every_view_can_be_read_in_every_scenario() {
    for scenario in Scenario::ALL.into_iter().filter(|s| *s != Scenario::Large) {
        let world = World::new(scenario);
        let _: Session = world.read(Query::Session).await;
        let _: Overview = world.read(Query::Overview).await;
        let subscriptions: Subscriptions = world.read(Query::Subscriptions).await;
        for card in subscriptions.subscriptions {
            let detail: SubscriptionDetail = world.read(Query::Subscription(card.id)).await;
            assert_eq!(detail.card, card);
        }
        let _: DeliverySchedule = world.read(Query::Deliveries).await;
        let orders: Orders = world.read(Query::Orders { cursor: None }).await;
        for row in orders.orders {
            let detail: OrderDetail = world.read(Query::Order(row.id)).await;
            assert_eq!(detail.row, row);
        }
        let _: Addresses = world.read(Query::Addresses).await;
        let _: PaymentMethods = world.read(Query::PaymentMethods).await;
        let _: Customer = world.read(Query::Customer).await;
    }
}

#[tokio::test]
async fn cu1_the_overview_leads_with_the_next_delivery() {
    let world = World::new(Scenario::Everyday);
    let overview: Overview = world.read(Query::Overview).await;
    let schedule: DeliverySchedule = world.read(Query::Deliveries).await;
    let next = overview.next.unwrap();
    assert_eq!(next.key, schedule.deliveries[0].key);
    assert_eq!(
        next.totals, schedule.deliveries[0].totals,
        "both views say the same total"
    );
    assert!(next.address.is_some() && next.payment.is_some() && !next.estimated);
    assert!(next.items.iter().all(|item| item.image.is_some()));
    assert_eq!(overview.later.len(), 2);
    assert!(
        overview
            .later
            .iter()
            .all(|delivery| delivery.key.date >= next.key.date)
    );
}

#[tokio::test]
async fn cu1_without_anything_planned_the_overview_says_so() {
    let new: Overview = World::new(Scenario::NewCustomer)
        .read(Query::Overview)
        .await;
    assert_eq!(
        (new.next, new.active_count, new.cancelled_count),
        (None, 0, 0)
    );
    let left: Overview = World::new(Scenario::Cancelled).read(Query::Overview).await;
    assert_eq!(
        (left.next, left.active_count, left.cancelled_count),
        (None, 0, 2)
    );
}

#[tokio::test]
async fn su1_subscriptions_come_active_first_by_date_with_pictures() {
    let world = World::new(Scenario::Everyday);
    let cards = world
        .read::<Subscriptions>(Query::Subscriptions)
        .await
        .subscriptions;
    let states: Vec<bool> = cards
        .iter()
        .map(|card| card.state == SubscriptionState::Active)
        .collect();
    assert!(
        states.is_sorted_by(|a, b| a >= b) && !states.iter().all(|active| *active),
        "{states:?}"
    );
    let dates: Vec<_> = cards.iter().filter_map(|card| card.next_date).collect();
    assert!(dates.is_sorted() && dates.len() > 3);
    assert!(
        cards.iter().all(|card| card.image.is_some()),
        "the cancelled one too"
    );
    assert!(
        cards.iter().any(|card| card.deliveries_per_charge == 3),
        "the prepaid one"
    );
}

#[tokio::test]
async fn su2_a_subscription_shows_its_next_dates_where_it_goes_and_what_came() {
    let world = World::new(Scenario::Everyday);
    let cards = world
        .read::<Subscriptions>(Query::Subscriptions)
        .await
        .subscriptions;
    let detail: SubscriptionDetail = world.read(Query::Subscription(cards[0].id)).await;
    assert_eq!(detail.next_dates.first().copied(), detail.card.next_date);
    assert_eq!(detail.next_dates.len(), 3);
    assert!(detail.address.is_some() && detail.payment.is_some());
    assert!(!detail.history.is_empty() && detail.history.len() <= 5);
}

#[tokio::test]
async fn su2_properties_meant_for_the_shop_are_not_shown() {
    let world = World::new(Scenario::HostileText);
    let cards = world
        .read::<Subscriptions>(Query::Subscriptions)
        .await
        .subscriptions;
    let mut names = BTreeSet::new();
    for card in cards {
        let detail: SubscriptionDetail = world.read(Query::Subscription(card.id)).await;
        names.extend(detail.properties.into_iter().map(|property| property.name));
    }
    assert!(names.contains("Engraving"), "{names:?}");
    assert!(!names.contains("_hidden") && !names.contains("shipping_interval_frequency"));
}

#[tokio::test]
async fn ds1_projections_are_told_from_charges() {
    let world = World::new(Scenario::Everyday);
    let schedule: DeliverySchedule = world.read(Query::Deliveries).await;
    let dates: Vec<_> = schedule
        .deliveries
        .iter()
        .map(|d| (d.key.date, d.key.address_id))
        .collect();
    assert!(dates.is_sorted());
    let mut keys = dates.clone();
    keys.dedup();
    assert_eq!(keys, dates, "an address and a date name one delivery");
    assert!(!schedule.deliveries[0].estimated);
    assert!(schedule.deliveries.last().unwrap().estimated);
    assert!(
        schedule
            .deliveries
            .iter()
            .any(|d| d.items.iter().any(|item| item.one_time))
    );
    assert_eq!(schedule.until, world.today().add_days(90));
}

#[tokio::test]
async fn ds8_while_upstream_recalculates_an_address_its_deliveries_say_so() {
    let world = World::new(Scenario::Everyday);
    let addresses = world.read::<Addresses>(Query::Addresses).await.addresses;
    let id = addresses[0].id;
    world.beside(
        "PUT",
        &format!("/addresses/{id}"),
        Some(json!({"address2": "Apt 4"})),
    );
    world.clock.advance(1_000);
    let fresh = world.restarted();
    let json = fresh
        .read(world.customer, &Query::Deliveries)
        .await
        .unwrap();
    let schedule: DeliverySchedule = serde_json::from_str(&json).unwrap();
    for delivery in &schedule.deliveries {
        let here = delivery.key.address_id == id;
        assert_eq!(delivery.updating, here, "{:?}", delivery.key);
        assert_eq!(delivery.lock == Some(Lock::Updating), here);
    }
    // Long before other answers are too old to be reused.
    world.clock.advance(6_000);
    let json = fresh
        .read(world.customer, &Query::Deliveries)
        .await
        .unwrap();
    let settled: DeliverySchedule = serde_json::from_str(&json).unwrap();
    assert!(settled.deliveries.iter().all(|delivery| !delivery.updating));
}

#[tokio::test]
async fn ds9_at_the_cut_off_a_delivery_locks() {
    let world = World::new(Scenario::Everyday);
    let schedule: DeliverySchedule = world.read(Query::Deliveries).await;
    let first = &schedule.deliveries[0];
    let cut_off = first.change_until.unwrap();
    assert_eq!(
        (cut_off.date, cut_off.minute),
        (first.key.date.add_days(-1), 12 * 60)
    );
    world
        .clock
        .advance(cut_off.at_ms - 1 - world.clock.now_ms());
    let before: DeliverySchedule = world.read(Query::Deliveries).await;
    assert_eq!(before.deliveries[0].lock, None);
    world.clock.advance(1);
    let after: DeliverySchedule = world.read(Query::Deliveries).await;
    assert_eq!(after.deliveries[0].lock, Some(Lock::CutOff));
}

#[tokio::test]
async fn ad1_addresses_show_what_depends_on_them() {
    let world = World::new(Scenario::Everyday);
    let addresses = world.read::<Addresses>(Query::Addresses).await.addresses;
    let cards = world
        .read::<Subscriptions>(Query::Subscriptions)
        .await
        .subscriptions;
    for address in &addresses {
        let there = |card: &&SubscriptionCard| {
            card.address_id == address.id && card.state == SubscriptionState::Active
        };
        assert_eq!(
            address.subscriptions.len(),
            cards.iter().filter(there).count()
        );
        assert!(address.payment.is_some());
        assert!(!address.deliveries.is_empty() && address.deliveries.len() <= 3);
    }
    assert!(addresses.len() > 1);
    let home = addresses
        .iter()
        .find(|address| address.lines.country_code == "US")
        .unwrap();
    assert_eq!(
        home.lines.lines,
        ["214 Prospect Place", "Apt 3R", "Brooklyn, New York 11238"]
    );
}

#[tokio::test]
async fn pm1_payment_methods_show_what_they_pay_for_even_where_upstream_leaves_it_out() {
    let world = World::new(Scenario::Everyday);
    let methods = world
        .read::<PaymentMethods>(Query::PaymentMethods)
        .await
        .methods;
    assert_eq!(
        methods
            .iter()
            .filter(|method| !method.addresses.is_empty())
            .count(),
        2
    );
    let paypal = methods
        .iter()
        .find(|m| m.line.kind == PaymentKind::Paypal)
        .unwrap();
    assert_eq!(paypal.line.account.as_deref(), Some("m…@example.com"));

    let without = World::new(Scenario::Everyday);
    without.door.bend(|request, mut response| {
        if request.path == "/payment_methods" {
            let rows = response.body.as_mut().unwrap()["payment_methods"]
                .as_array_mut()
                .unwrap();
            rows.iter_mut().for_each(|row| row["include"] = Value::Null);
        }
        Ok(response)
    });
    let joined = without
        .read::<PaymentMethods>(Query::PaymentMethods)
        .await
        .methods;
    assert_eq!(joined, methods);
}

#[tokio::test]
async fn pm1_methods_with_the_same_digits_are_told_apart_by_expiry_or_by_when_they_were_added() {
    let lines = |year: i64| async move {
        let world = World::new(Scenario::Everyday);
        world.door.bend(move |request, mut response| {
            if request.path == "/payment_methods" {
                let body = response.body.as_mut().unwrap();
                let rows = body["payment_methods"].as_array_mut().unwrap();
                let is_visa = |row: &&Value| row["payment_details"]["brand"] == "visa";
                let mut twin = rows.iter().find(is_visa).unwrap().clone();
                twin["id"] = json!(999_999);
                twin["created_at"] = json!("2025-03-04T10:00:00");
                if year > 0 {
                    twin["payment_details"]["exp_year"] = json!(year);
                }
                rows.push(twin);
            }
            Ok(response)
        });
        let view: PaymentMethods = world.read(Query::PaymentMethods).await;
        let lines = view.methods.into_iter().map(|method| method.line);
        lines.collect::<Vec<_>>()
    };
    let twins = |lines: &[PaymentLine]| -> Vec<PaymentLine> {
        lines.iter().filter(|line| line.alike).cloned().collect()
    };
    let by_expiry = twins(&lines(2041).await);
    assert_eq!(by_expiry.len(), 2);
    assert!(by_expiry.iter().all(|line| line.added.is_none()));
    assert_ne!(by_expiry[0].expiry, by_expiry[1].expiry);
    let by_day = twins(&lines(0).await);
    assert_eq!(by_day.len(), 2);
    assert!(by_day.iter().all(|line| line.added.is_some()));
    assert_ne!(by_day[0].added, by_day[1].added);
}

#[tokio::test]
async fn what_has_been_processed_for_months_does_not_come_first() {
    let world = World::new(Scenario::Everyday);
    let old = world.today().add_days(-60);
    world.door.bend(move |request, mut response| {
        if request.path == "/charges" {
            let rows = response.body.as_mut().unwrap()["charges"].as_array_mut();
            if let Some(row) = rows.and_then(|rows| rows.first_mut()) {
                row["status"] = json!("pending");
                row["scheduled_at"] = json!(old.to_string());
            }
        }
        Ok(response)
    });
    let schedule: DeliverySchedule = world.read(Query::Deliveries).await;
    let [first, .., last] = &schedule.deliveries[..] else {
        panic!("{schedule:?}")
    };
    assert!(first.key.date > world.today());
    assert_eq!(
        (last.key.date, &last.state),
        (old, &DeliveryState::Processing)
    );
}

#[tokio::test]
async fn pm6_a_card_is_warned_about_from_thirty_days_before_it_expires() {
    for (days_left, warns) in [(31, false), (30, true), (-3, true)] {
        let world = World::new(Scenario::Everyday);
        // A card is valid to the end of its month.
        let in_two_months = world.today().add_months(2);
        let invalid_from = in_two_months.add_days(1 - i32::try_from(in_two_months.day()).unwrap());
        let last = invalid_from.add_days(-1);
        world.door.bend(move |_, mut response| {
            response
                .body
                .iter_mut()
                .for_each(|body| expire(body, last.year(), last.month()));
            Ok(response)
        });
        let days = world.today().days_until(invalid_from) - days_left;
        world.clock.advance(i64::from(days) * 86_400_000);
        let methods = world
            .read::<PaymentMethods>(Query::PaymentMethods)
            .await
            .methods;
        let visa = methods
            .iter()
            .find(|m| m.line.brand.as_deref() == Some("visa"))
            .unwrap();
        assert_eq!(
            (visa.expires, visa.expiring),
            (Some(invalid_from), warns),
            "{days_left}"
        );
        let overview: Overview = world.read(Query::Overview).await;
        let is_expiring = |warning: &Warning| matches!(warning, Warning::Expiring { .. });
        assert_eq!(
            overview.warnings.iter().any(is_expiring),
            warns,
            "{days_left}"
        );
    }
}

fn expire(value: &mut Value, year: i32, month: u32) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key("exp_month") {
                fields.insert("exp_month".into(), json!(month));
                fields.insert("exp_year".into(), json!(year));
            }
            fields
                .values_mut()
                .for_each(|inner| expire(inner, year, month));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| expire(item, year, month)),
        _ => {}
    }
}
