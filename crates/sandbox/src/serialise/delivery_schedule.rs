//! Delivery schedule: the one answer without a wrapper.

use base::{Date, Money};
use serde_json::{Value, json};

use crate::rows::*;
use crate::schedule::{Delivery, Entry};
use crate::serialise::line::{images, product_of};
use crate::serialise::{external, payment_method, postal};

/// The customer and the deliveries of the dates given.
pub(crate) fn delivery_schedule(
    tables: &Tables,
    customer: &Customer,
    days: &[(Date, Vec<Delivery>)],
) -> Value {
    let deliveries: Vec<Value> = days
        .iter()
        .map(|(date, orders)| {
            let orders: Vec<Value> = orders
                .iter()
                .map(|delivery| order(tables, delivery))
                .collect();
            json!({"date": date, "orders": orders})
        })
        .collect();
    json!({
        "customer": {
            "id": customer.id,
            "email": customer.email,
            "first_name": customer.first_name,
            "last_name": customer.last_name,
        },
        "deliveries": deliveries,
    })
}

fn order(tables: &Tables, delivery: &Delivery) -> Value {
    let address = tables.addresses.get(&delivery.address_id);
    let method = address
        .and_then(|a| a.payment_method_id)
        .and_then(|id| tables.payment_methods.get(&id));
    let content = &delivery.content;
    let totals = &content.totals;
    let items: Vec<Value> = delivery
        .entries
        .iter()
        .map(|entry| line_item(tables, entry))
        .collect();
    let after_discount = totals.lines.minor()
        - content
            .lines
            .iter()
            .map(|l| l.discount.minor())
            .sum::<i64>();
    json!({
        "id": delivery.order_id,
        "address_id": delivery.address_id,
        "charge_id": delivery.charge_id,
        "currency": content.currency,
        "has_uncommitted_changes": delivery.is_stale,
        "line_items": items,
        "order_subtotal": Money::from_minor(after_discount, content.currency).amount(),
        "payment_method": method.map(payment_method::brief),
        "shipping_address": postal(&content.shipping_address),
        "shipping_lines": [{
            "code": totals.shipping_title,
            "price": totals.shipping.amount(),
            "title": totals.shipping_title,
        }],
        "total_discounts": totals.discounts.amount(),
        "total_duties": Money::zero(content.currency).amount(),
        "total_price": totals.price.amount(),
        "total_tax": totals.tax.amount(),
    })
}

fn line_item(tables: &Tables, entry: &Entry) -> Value {
    let line = &entry.line;
    json!({
        "external_product_id": external(line.external_product_id.as_deref()),
        "external_variant_id": external(line.external_variant_id.as_deref()),
        "images": images(product_of(tables, line.external_variant_id.as_deref())),
        "is_prepaid": line.is_prepaid,
        "is_skippable": line.purchase_item_type == "subscription" && !line.is_prepaid,
        "is_skipped": entry.is_skipped,
        "original_price": line.unit_price.amount(),
        "plan_type": line.purchase_item_type,
        "product_title": line.title,
        "properties": line.properties,
        "quantity": line.quantity,
        "subscription_id": line.purchase_item_id,
        "subtotal_price": line.subtotal.amount(),
        "unit_price": line.unit_price.amount(),
        "variant_title": line.variant_title,
    })
}
