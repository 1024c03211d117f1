//! Views: what a customer sees.

use std::collections::BTreeSet;

use protocol::view::*;
use protocol::{Money, Query};
use sandbox::Scenario;
use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn every_view_can_be_read_in_every_scenario() {
    for scenario in Scenario::ALL {
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

/// The sum of the parts.
fn sum(totals: &Totals) -> Money {
    let zero = Money::zero(totals.total.currency());
    let added = [totals.items, totals.shipping, totals.tax, totals.duties];
    let sum = Money::sum(zero.currency(), added).unwrap();
    sum.plus(totals.adjustment.unwrap_or(zero))
        .unwrap()
        .minus(totals.discounts)
        .unwrap()
}

#[tokio::test]
async fn ph3_ds7_totals_add_up_exactly_and_upstreams_parts_explain_them() {
    let mut seen = 0;
    for scenario in Scenario::ALL {
        let world = World::new(scenario);
        let schedule: DeliverySchedule = world.read(Query::Deliveries).await;
        let mut totals: Vec<Totals> = schedule
            .deliveries
            .iter()
            .filter_map(|d| d.totals)
            .collect();
        let orders: Orders = world.read(Query::Orders { cursor: None }).await;
        for row in orders.orders {
            let detail: OrderDetail = world.read(Query::Order(row.id)).await;
            assert_eq!(detail.totals.total, row.total);
            totals.push(detail.totals);
        }
        for totals in &totals {
            assert_eq!(sum(totals), totals.total, "{scenario:?}: {totals:?}");
            assert_eq!(totals.adjustment, None, "{scenario:?}: {totals:?}");
        }
        seen += totals.len();
    }
    assert!(seen > 50, "{seen}");
}

#[tokio::test]
async fn ph3_what_upstream_does_not_name_is_shown_as_a_part_of_its_own() {
    let world = World::new(Scenario::Everyday);
    world.door.bend(|request, mut response| {
        if request.path.starts_with("/orders/") {
            response.body.as_mut().unwrap()["order"]["total_price"] = json!("1.00");
        }
        Ok(response)
    });
    let orders: Orders = world.read(Query::Orders { cursor: None }).await;
    let detail: OrderDetail = world.read(Query::Order(orders.orders[0].id)).await;
    assert_eq!(
        detail.totals.total.amount(),
        "1.00",
        "what is paid is what upstream says"
    );
    assert!(detail.totals.adjustment.unwrap().minor() < 0);
    assert_eq!(sum(&detail.totals), detail.totals.total);
}

#[tokio::test]
async fn ph3_tax_that_prices_hold_is_told_and_not_added() {
    let world = World::new(Scenario::Everyday);
    world.door.bend(|request, mut response| {
        if request.path.starts_with("/orders/") {
            let order = &mut response.body.as_mut().unwrap()["order"];
            order["taxes_included"] = json!(true);
            order["total_tax"] = json!("3.21");
        }
        Ok(response)
    });
    let orders: Orders = world.read(Query::Orders { cursor: None }).await;
    let totals = world
        .read::<OrderDetail>(Query::Order(orders.orders[0].id))
        .await
        .totals;
    assert_eq!(totals.included_tax.unwrap().amount(), "3.21");
    assert_eq!((totals.tax.minor(), sum(&totals)), (0, totals.total));
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
    world.clock.advance(31_000);
    let settled: DeliverySchedule = world.read(Query::Deliveries).await;
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
async fn a_failed_payment_is_a_warning_a_delivery_and_a_row_of_the_history() {
    let world = World::new(Scenario::Dunning);
    let overview: Overview = world.read(Query::Overview).await;
    let Some(Warning::PaymentFailed { key, failure }) = overview.warnings.first() else {
        panic!("{:?}", overview.warnings)
    };
    assert!(
        overview
            .warnings
            .iter()
            .any(|warning| matches!(warning, Warning::Invalid { .. }))
    );
    let schedule: DeliverySchedule = world.read(Query::Deliveries).await;
    let delivery = schedule
        .deliveries
        .iter()
        .find(|delivery| delivery.key == *key)
        .unwrap();
    assert_eq!(delivery.state, DeliveryState::Failed);
    assert_eq!(delivery.failure.as_ref(), Some(failure));
    assert_eq!(failure.amount, delivery.totals.unwrap().total);
    assert!(failure.retry_on.is_some());
    assert_eq!(schedule.warnings, overview.warnings);

    let charges = world
        .read::<Orders>(Query::Orders { cursor: None })
        .await
        .charges;
    let states: BTreeSet<&str> = charges.iter().map(|row| row.state.as_str()).collect();
    assert_eq!(
        states,
        BTreeSet::from(["error", "pending", "pending_manual_payment"])
    );
}

#[tokio::test]
async fn ph1_ph10_history_reaches_beyond_90_days_and_is_there_when_nothing_runs() {
    let world = World::new(Scenario::Cancelled);
    let orders: Orders = world.read(Query::Orders { cursor: None }).await;
    let dates: Vec<_> = orders.orders.iter().filter_map(|row| row.date).collect();
    assert!(dates.is_sorted_by(|a, b| a >= b), "the latest first");
    assert!(*dates.last().unwrap() < world.today().add_days(-90));
    assert!(orders.charges.is_empty());
}

#[tokio::test]
async fn ph7_refunds_are_in_the_state_and_in_the_sum() {
    let world = World::new(Scenario::Everyday);
    let orders = world
        .read::<Orders>(Query::Orders { cursor: None })
        .await
        .orders;
    let states: BTreeSet<&str> = orders.iter().map(|row| row.state.as_str()).collect();
    assert!(
        states.contains("refunded") && states.contains("partially_refunded"),
        "{states:?}"
    );
    for row in orders {
        let is_refund = matches!(
            row.state,
            PaymentState::Refunded | PaymentState::PartiallyRefunded
        );
        assert_eq!(row.refunded.minor() > 0, is_refund, "{row:?}");
    }
}

#[tokio::test]
async fn ph9_paging_through_the_history_repeats_and_loses_nothing() {
    let world = World::new(Scenario::Everyday);
    world.in_pages("orders", 7);
    let (mut seen, mut pages) = (Vec::new(), 0);
    let mut cursor = None;
    loop {
        let page: Orders = world.read(Query::Orders { cursor }).await;
        seen.extend(page.orders.iter().map(|row| row.id.0));
        pages += 1;
        assert!(
            pages == 1 || page.charges.is_empty(),
            "on the first page only"
        );
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let all = world.beside(
        "GET",
        &format!("/orders?customer_id={}&limit=250", world.customer),
        None,
    );
    let all = all["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|order| order["id"].as_u64().unwrap());
    assert_eq!(seen, all.collect::<Vec<_>>());
    assert!(pages > 3, "{pages}");
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
