//! Order.

use serde_json::{Value, json};

use crate::clock::{stamp, start_of};
use crate::incoming::Include;
use crate::rows::*;
use crate::serialise::{customer, document, external, line, merge};

/// The order.
pub(crate) fn order(tables: &Tables, row: &Order) -> Value {
    let charge = tables.charges.get(&row.charge_id);
    let platform_id = platform_id(row);
    let number = row.processed_at.map(|_| row.number.to_string());
    let name = number.as_ref().map(|number| format!("#{number}"));
    let own = json!({
        "id": row.id,
        "address_id": row.address_id,
        "charge": {
            "id": row.charge_id,
            "external_transaction_id":
                {"payment_processor": charge.and_then(|c| c.external_transaction_id.as_deref())},
            "payment_processor_name": row.content.payment_processor,
            "status": charge.map(|c| c.status.as_str()),
        },
        "created_at": stamp(row.created_at),
        "customer": customer::brief(tables, row.customer_id),
        "error": null,
        "external_cart_token": null,
        "external_order_id": external(platform_id.as_deref()),
        "external_order_name": external(name.as_deref()),
        "external_order_number": external(number.as_deref()),
        "is_prepaid": row.is_prepaid,
        "processed_at": row.processed_at.map(stamp),
        "scheduled_at": stamp(start_of(row.scheduled_at)),
        "status": row.status,
        "tags": charge.and_then(|c| c.tags.as_deref()),
        "type": row.kind,
        "updated_at": stamp(row.updated_at),
    });
    merge(
        own,
        line::content(tables, &row.content, charge.and_then(|c| c.refunded)),
    )
}

/// The shop platform's id of an order, once it has one.
pub(crate) fn platform_id(row: &Order) -> Option<String> {
    row.processed_at
        .map(|_| (5_210_000_000_000 + u64::from(row.number)).to_string())
}

/// The order with what the call's `include` names.
pub(crate) fn with_includes(tables: &Tables, row: &Order, wanted: Include<'_>) -> Value {
    let mut value = order(tables, row);
    let mut include = serde_json::Map::new();
    let owner = tables.customers.get(&row.customer_id);
    if let (true, Some(owner)) = (wanted.names("customer"), owner) {
        include.insert("customer".into(), customer::customer(tables, owner));
    }
    if wanted.names("metafields") {
        include.insert(
            "metafields".into(),
            document::metafields(tables, "order", row.id),
        );
    }
    if !include.is_empty() {
        value["include"] = Value::Object(include);
    }
    value
}
