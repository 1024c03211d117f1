//! Purchase history and money: orders, charges, refunds, totals.

use std::collections::BTreeSet;

use protocol::view::*;
use protocol::{Money, Query};
use sandbox::Scenario;
use serde_json::json;

use crate::world::World;

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
    for scenario in Scenario::ALL.into_iter().filter(|s| *s != Scenario::Large) {
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
            assert_eq!(detail.totals.map(|totals| totals.total), row.total);
            totals.extend(detail.totals);
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
async fn is1_an_order_names_the_subscriptions_that_it_came_from() {
    let world = World::new(Scenario::Everyday);
    let all: Subscriptions = world.read(Query::Subscriptions).await;
    let own: BTreeSet<_> = all.subscriptions.iter().map(|card| card.id).collect();
    let orders: Orders = world.read(Query::Orders { cursor: None }).await;
    let mut named = 0;
    for row in orders.orders {
        let detail: OrderDetail = world.read(Query::Order(row.id)).await;
        assert!(detail.subscriptions.iter().all(|id| own.contains(id)));
        assert!(detail.subscriptions.len() <= detail.row.items.len());
        named += detail.subscriptions.len();
    }
    assert!(named > 0);
}

#[tokio::test]
async fn ph1_orders_come_newest_first() {
    for scenario in Scenario::ALL.into_iter().filter(|s| *s != Scenario::Large) {
        let world = World::new(scenario);
        let orders: Orders = world.read(Query::Orders { cursor: None }).await;
        let dates: Vec<_> = orders.orders.iter().map(|row| row.date).collect();
        assert!(dates.is_sorted_by(|a, b| a >= b), "{scenario:?}: {dates:?}");
    }
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
    let paid = orders
        .orders
        .iter()
        .find(|row| row.total.is_some_and(|total| total.minor() > 100));
    let detail: OrderDetail = world.read(Query::Order(paid.unwrap().id)).await;
    let totals = detail.totals.unwrap();
    assert_eq!(
        totals.total.amount(),
        "1.00",
        "what is paid is what upstream says"
    );
    assert!(totals.adjustment.unwrap().minor() < 0);
    assert_eq!(sum(&totals), totals.total);
}

#[tokio::test]
async fn ph3_tax_that_prices_hold_is_told_and_not_added() {
    let world = World::new(Scenario::Everyday);
    world.door.bend(|request, mut response| {
        if request.path.starts_with("/orders/") {
            let order = &mut response.body.as_mut().unwrap()["order"];
            for line in order["line_items"].as_array_mut().unwrap() {
                line["unit_price_includes_tax"] = json!(true);
            }
            order["total_tax"] = json!("3.21");
        }
        Ok(response)
    });
    let orders: Orders = world.read(Query::Orders { cursor: None }).await;
    let totals = world
        .read::<OrderDetail>(Query::Order(orders.orders[0].id))
        .await
        .totals
        .unwrap();
    assert_eq!(totals.included_tax.unwrap().amount(), "3.21");
    assert_eq!((totals.tax.minor(), sum(&totals)), (0, totals.total));
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
    assert_eq!(failure.amount, Some(delivery.totals.unwrap().total));
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
        &format!(
            "/orders?customer_id={}&sort_by=scheduled_at-desc&limit=250",
            world.customer
        ),
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
