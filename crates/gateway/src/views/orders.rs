//! Purchase history: orders, and the charges that have none.
//!
//! Charges that were paid disappear from upstream after 90 days, orders do not: so the history
//! is made of orders, and of charges only those that failed or wait.

use std::collections::BTreeSet;

use base::Timestamp;
use protocol::view::{ChargeRow, OrderDetail, OrderItem, OrderRow, Orders, Parcel, PaymentState};
use protocol::{Currency, Money, OrderId, Problem, SubscriptionId};
use recharge::{Charge, ChargeStatus, Fulfillment, LineItem, Order, OrderStatus, PurchaseItemType};

use crate::env::day_of;
use crate::model::context::is_in_payment;
use crate::model::text::address_lines;
use crate::model::{tax_id, totals};
use crate::upstream::Upstream;
use crate::upstream::links::{safe_link, safe_picture};
use crate::upstream::reader::Reader;

/// Orders on a page.
const PAGE: u32 = 50;

/// A page of the history.
pub(crate) async fn page(reader: &Reader<'_>, cursor: Option<&str>) -> Result<Orders, Problem> {
    let upstream = reader.upstream;
    let currency = upstream.policy.currency;
    let request = match cursor {
        None => Order::list(reader.customer, PAGE),
        Some(cursor) => Order::list_from(cursor, PAGE),
    };
    let page = reader.orders(request).await?;
    let (charges, cut) = match cursor {
        None => reader
            .charges()
            .await
            .map(|listed| (listed.items, listed.cut))?,
        Some(_) => (Vec::new(), false),
    };
    let waiting = |charge: &&Charge| charge.status == ChargeStatus::Error || is_in_payment(charge);
    let mut charges: Vec<ChargeRow> = charges
        .iter()
        .filter(waiting)
        .map(|charge| charge_row(charge, currency))
        .collect();
    charges.sort_by_key(|row| std::cmp::Reverse(row.date));
    Ok(Orders {
        orders: page
            .items
            .iter()
            .map(|order| row(order, upstream))
            .collect(),
        charges,
        cut: cut || page.unreadable > 0,
        // A cursor that leads back to its own page ends the list.
        next: page
            .next_cursor
            .filter(|next| Some(next.as_str()) != cursor),
    })
}

/// One order as a receipt.
pub(crate) async fn detail(reader: &Reader<'_>, id: OrderId) -> Result<OrderDetail, Problem> {
    let order = reader.order(id).await?;
    let upstream = reader.upstream;
    let codes = order.discounts.iter().map(|discount| discount.code.clone());
    let day = order
        .processed_at
        .as_ref()
        .map_or(reader.today(), |at| day_of(&*upstream.env, at));
    Ok(OrderDetail {
        tax_id: tax_id::on(reader, day).await?,
        row: row(&order, upstream),
        totals: totals::of_order(&order, upstream.policy.currency),
        shipping_address: address_lines(&order.shipping_address),
        billing_address: address_lines(&order.billing_address),
        parcels: order.fulfillments.iter().filter_map(parcel).collect(),
        subscriptions: subscriptions(&order),
        discount_codes: codes.filter(|code| !code.is_empty()).collect(),
    })
}

/// The subscriptions that an order came from, each once.
fn subscriptions(order: &Order) -> Vec<SubscriptionId> {
    let lines = order.line_items.iter();
    let ids = lines
        .filter(|line| line.purchase_item_type != PurchaseItemType::Onetime)
        .map(|line| line.purchase_item_id.0)
        .filter(|id| *id != 0);
    let ids: BTreeSet<u64> = ids.collect();
    ids.into_iter().map(SubscriptionId).collect()
}

/// A parcel, where it can be followed.
fn parcel(fulfillment: &Fulfillment) -> Option<Parcel> {
    Some(Parcel {
        url: safe_link(fulfillment.tracking_url.as_deref()?)?,
        carrier: fulfillment.tracking_company.clone(),
    })
}

/// An order as a list shows it.
pub(crate) fn row(order: &Order, upstream: &Upstream) -> OrderRow {
    let currency = order.currency.unwrap_or(upstream.policy.currency);
    let total = order.total_price.in_currency(currency);
    let refunded = order.total_refunds.in_currency(currency);
    let refunded = refunded.unwrap_or(Money::zero(currency));
    let processed = order.processed_at.as_ref();
    let processed = processed.map(|at| day_of(&*upstream.env, at));
    OrderRow {
        id: order.id,
        number: order.number(),
        // What it is scheduled for is a day, with a clock that means nothing.
        date: processed.or(order.scheduled_at.as_ref().map(Timestamp::date)),
        state: order_state(order, total, refunded),
        items: order
            .line_items
            .iter()
            .map(|line| item(line, currency))
            .collect(),
        total,
        refunded,
    }
}

/// Money that went back says more than the order's own state, which stays `success`.
fn order_state(order: &Order, total: Option<Money>, refunded: Money) -> PaymentState {
    match &order.status {
        _ if refunded.minor() > 0 && total.is_some_and(|total| refunded >= total) => {
            PaymentState::Refunded
        }
        _ if refunded.minor() > 0 => PaymentState::PartiallyRefunded,
        OrderStatus::Success => match &order.charge.status {
            ChargeStatus::Refunded => PaymentState::Refunded,
            ChargeStatus::PartiallyRefunded => PaymentState::PartiallyRefunded,
            _ => PaymentState::Success,
        },
        OrderStatus::PendingChargeStatus => PaymentState::Pending,
        other => PaymentState::from(other.as_str()),
    }
}

fn charge_row(charge: &Charge, store: Currency) -> ChargeRow {
    let currency = charge.currency.unwrap_or(store);
    ChargeRow {
        address_id: charge.address_id,
        date: charge.scheduled_at,
        state: PaymentState::from(charge.status.as_str()),
        items: charge
            .line_items
            .iter()
            .map(|line| item(line, currency))
            .collect(),
        total: charge.total_price.in_currency(currency),
    }
}

fn item(line: &LineItem, currency: Currency) -> OrderItem {
    OrderItem {
        title: line.title.clone(),
        variant: line.variant_title.clone(),
        quantity: line.quantity,
        total: totals::line_total(line, currency),
        image: line.images.thumbnail().and_then(safe_picture),
        external_variant_id: line.external_variant_id.as_ref().map(ToString::to_string),
    }
}
