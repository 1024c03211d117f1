//! Charge.

use serde_json::{Value, json};

use crate::clock::{stamp, start_of};
use crate::incoming::Include;
use crate::rows::*;
use crate::serialise::{customer, document, external, line, merge, payment_method, subscription};

/// The charge.
pub(crate) fn charge(tables: &Tables, row: &Charge) -> Value {
    let own = json!({
        "id": row.id,
        "address_id": row.address_id,
        "analytics_data": {"utm_params": []},
        "charge_attempts": row.charge_attempts,
        "created_at": stamp(row.created_at),
        "customer": customer::brief(tables, row.customer_id),
        "error": row.error,
        "error_type": row.error_type,
        "external_order_id": external(row.external_order_id.as_deref()),
        "external_transaction_id": {"payment_processor": row.external_transaction_id},
        "external_variant_id_not_found": false,
        "external_variant_not_found": null,
        "has_uncommitted_changes": row.is_open() && tables.uncommitted.contains_key(&row.address_id),
        "last_charge_attempt": row.last_charge_attempt.map(stamp),
        "merged_at": null,
        "orders_count": row.orders_count,
        "original_scheduled_at": row.scheduled_at,
        "payment_processor": row.content.payment_processor,
        "processed_at": row.processed_at.map(stamp),
        "retry_date": row.retry_date.map(|date| stamp(start_of(date))),
        "scheduled_at": row.scheduled_at,
        "status": row.status.as_str(),
        "tags": row.tags,
        "taxes_included": row.content.totals.taxes_included,
        "type": row.kind,
        "updated_at": stamp(row.updated_at),
    });
    merge(own, line::content(tables, &row.content, row.refunded))
}

/// The charge with what the call's `include` names.
pub(crate) fn with_includes(tables: &Tables, row: &Charge, wanted: Include<'_>) -> Value {
    let mut value = charge(tables, row);
    let mut include = serde_json::Map::new();
    let owner = tables.customers.get(&row.customer_id);
    if let (true, Some(owner)) = (wanted.names("customer"), owner) {
        include.insert("customer".into(), customer::customer(tables, owner));
    }
    if wanted.names("metafields") {
        include.insert(
            "metafields".into(),
            document::metafields(tables, "charge", row.id),
        );
    }
    if wanted.names("payment_methods") {
        let method = row.content.payment_method_id;
        let method = method.and_then(|id| tables.payment_methods.get(&id));
        let listed = method.map(payment_method::payment_method).into_iter();
        include.insert("payment_methods".into(), listed.collect());
    }
    if wanted.names("subscriptions") {
        let on_charge = tables.subscriptions.values().filter(|s| row.has(s.id));
        let listed = on_charge.map(|s| subscription::subscription(tables, s));
        include.insert("subscriptions".into(), listed.collect());
    }
    if !include.is_empty() {
        value["include"] = Value::Object(include);
    }
    value
}
