//! The store itself, and what its token may do.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::rows::Shop;

/// The store.
pub(crate) fn store(row: &Shop) -> Value {
    json!({
        "id": row.id,
        "checkout_logo_url": "https://alder-and-finch.example/logo.svg",
        "checkout_platform": "recharge",
        "created_at": stamp(row.created_at),
        "currency": row.currency,
        "customer_portal_base_url": "https://alder-and-finch.example/tools/recurring",
        "default_api_version": "2021-11",
        "disabled_currencies_historical": [],
        "email": row.email,
        "enabled_presentment_currencies": [row.currency],
        "enabled_presentment_currencies_symbols": [],
        "external_platform": "custom",
        "identifier": "alder-and-finch.example",
        "merchant_portal_base_url": "https://alder-and-finch-sp.example",
        "name": row.name,
        "phone": "+1 503 555 0142",
        "timezone": {"iana_name": "America/New_York", "name": "(GMT-05:00) Eastern Time (US & Canada)"},
        "updated_at": stamp(row.created_at),
        "weight_unit": "g",
    })
}

/// The token: every scope a portal needs.
pub(crate) fn token_information(row: &Shop) -> Value {
    json!({
        "client": {"contact_email": row.email, "name": row.name},
        "contact_email": row.email,
        "name": "Customer portal",
        "scopes": [
            "read_customers", "write_customers", "read_subscriptions", "write_subscriptions",
            "read_orders", "write_orders", "read_charges", "write_charges", "read_payment_methods",
            "write_payment_methods", "read_products", "read_discounts", "write_payments",
            "write_notifications", "write_sessions", "read_store", "read_events", "read_batches", "read_credit_summary", "read_payments",
            "read_accounts", "write_products", "write_retention_strategies", "store_info",
        ],
    })
}
