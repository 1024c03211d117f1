//! Customer.

use serde_json::{Map, Value, json};

use crate::clock::stamp_bare;
use crate::incoming::Include;
use crate::rows::*;
use crate::serialise::{address, external, payment_method, subscription};

/// The customer, without anything included.
pub(crate) fn customer(tables: &Tables, row: &Customer) -> Value {
    let subscriptions = || {
        tables
            .subscriptions
            .values()
            .filter(|s| s.customer_id == row.id)
    };
    let methods = || {
        tables
            .payment_methods
            .values()
            .filter(|m| m.customer_id == row.id)
    };
    let in_dunning = tables.charges.values().any(|c| {
        c.customer_id == row.id && c.status == ChargeStatus::Error && c.retry_date.is_some()
    });
    json!({
        "id": row.id,
        "analytics_data": {"utm_params": []},
        "apply_credit_to_next_recurring_charge": row.apply_credit_to_next_recurring_charge,
        "apply_credit_to_next_recurring_charge_channel": row.apply_credit_channel,
        "backup_payment_methods_enabled": row.backup_payment_methods_enabled,
        "can_add_payment_method": true,
        "created_at": stamp_bare(row.created_at),
        "email": row.email,
        "external_customer_id": external(row.external_customer_id.as_deref()),
        "first_charge_processed_at": row.first_charge_processed_at.map(stamp_bare),
        "first_name": row.first_name,
        "has_payment_method_in_dunning": in_dunning,
        "has_valid_payment_method": methods().any(|m| m.status != "invalid"),
        "hash": row.hash,
        "last_name": row.last_name,
        "payment_method_fallback_on_failure_disabled":
            row.payment_method_fallback_on_failure_disabled,
        "phone": row.phone,
        "subscriptions_active_count":
            subscriptions().filter(|s| s.status == SubscriptionStatus::Active).count(),
        "subscriptions_total_count": subscriptions().count(),
        "tax_exempt": row.tax_exempt,
        "updated_at": stamp_bare(row.updated_at),
    })
}

/// The customer with what the call's `include` names.
pub(crate) fn with_includes(tables: &Tables, row: &Customer, wanted: Include<'_>) -> Value {
    let mut value = customer(tables, row);
    let mut include = Map::new();
    if wanted.names("addresses") {
        let rows = tables
            .addresses
            .values()
            .filter(|a| a.customer_id == row.id);
        include.insert(
            "addresses".into(),
            rows.map(|a| address::address(tables, a)).collect(),
        );
    }
    if wanted.names("payment_methods") {
        let rows = tables
            .payment_methods
            .values()
            .filter(|m| m.customer_id == row.id);
        include.insert(
            "payment_methods".into(),
            rows.map(payment_method::payment_method).collect(),
        );
    }
    if wanted.names("subscriptions") {
        let rows = tables
            .subscriptions
            .values()
            .filter(|s| s.customer_id == row.id);
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

/// The short form inside charges and orders.
pub(crate) fn brief(tables: &Tables, id: Id) -> Value {
    let row = tables.customers.get(&id);
    json!({
        "id": id,
        "email": row.map(|c| c.email.as_str()),
        "external_customer_id": external(row.and_then(|c| c.external_customer_id.as_deref())),
        "hash": row.map(|c| c.hash.as_str()),
    })
}
