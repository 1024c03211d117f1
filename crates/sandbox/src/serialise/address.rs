//! Address.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::incoming::Include;
use crate::rows::*;
use crate::serialise::{customer, discount, merge, payment_method, postal, subscription};

/// The address, without anything included.
pub(crate) fn address(tables: &Tables, row: &Address) -> Value {
    let discounts: Vec<Value> = row
        .discount_id
        .and_then(|id| tables.discounts.get(&id))
        .map(|d| discount::applied(d, Some("code")))
        .into_iter()
        .collect();
    let own = json!({
        "id": row.id,
        "customer_id": row.customer_id,
        "payment_method_id": row.payment_method_id,
        "created_at": stamp(row.created_at),
        "discounts": discounts,
        "is_gift": row.is_gift,
        "order_attributes": row.order_attributes,
        "order_note": row.order_note,
        "presentment_currency": row.presentment_currency,
        "shipping_lines_conserved": [],
        "shipping_lines_override": row.shipping_override.as_ref().map(shipping_line).into_iter().collect::<Vec<_>>(),
        "updated_at": stamp(row.updated_at),
    });
    merge(own, postal(&row.postal))
}

/// The address with what the call's `include` names.
pub(crate) fn with_includes(tables: &Tables, row: &Address, wanted: Include<'_>) -> Value {
    let mut value = address(tables, row);
    let mut include = serde_json::Map::new();
    if let (true, Some(owner)) = (
        wanted.names("customer"),
        tables.customers.get(&row.customer_id),
    ) {
        include.insert("customer".into(), customer::customer(tables, owner));
    }
    if wanted.names("payment_methods") {
        let method = row
            .payment_method_id
            .and_then(|id| tables.payment_methods.get(&id));
        include.insert(
            "payment_methods".into(),
            method
                .map(payment_method::payment_method)
                .into_iter()
                .collect(),
        );
    }
    if wanted.names("subscriptions") {
        let rows = tables
            .subscriptions
            .values()
            .filter(|s| s.address_id == row.id);
        include.insert(
            "subscriptions".into(),
            rows.map(|s| subscription::subscription(tables, s))
                .collect(),
        );
    }
    if !include.is_empty() {
        value["include"] = Value::Object(include);
    }
    value
}

fn shipping_line(line: &ShippingOverride) -> Value {
    json!({"code": line.code, "price": line.price.amount(), "title": line.title})
}
