//! The store itself, and what its token may do.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::rows::Shop;
use crate::settings::Process;

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

/// The store as version 2021-01 writes it.
pub(crate) fn old_shop(row: &Shop) -> Value {
    json!({
        "id": row.id,
        "created_at": stamp(row.created_at),
        "currency": row.currency,
        "domain": "alder-and-finch.example",
        "email": row.email,
        "iana_timezone": "America/New_York",
        "name": row.name,
        "timezone": "(GMT-05:00) Eastern Time (US & Canada)",
        "updated_at": stamp(row.created_at),
    })
}

/// What the merchant lets customers do in a portal. Calls with the store's token are not
/// held to it.
pub(crate) fn settings(row: &Shop) -> Value {
    let settings = &row.settings;
    json!({
        "shop_id": row.id,
        "shop_url": "alder-and-finch.example",
        "has_shopify_connector": false,
        "multicurrency_enabled": false,
        "customer_portal": {
            "backup_payment_methods_settings":
                {"backup_payment_methods_enabled": true, "default_customer_opt_in_enabled": false},
            "cancelation_type": "Strategy",
            "customer_payment_fallback_enabled": true,
            "discount_input": true,
            "edit_shipping_address": 1,
            "gift_skipped_shipment_enabled": true,
            "gifting_enabled": true,
            "hosted_customer_portal": 1,
            "inventory_behaviour": "decrement_obeying_policy",
            "one_click_cancellation_enabled": 1,
            "one_click_cancellation_regions": ["US-CA"],
            "onetime": {
                "available_products": "recharge_products",
                "enabled": 1,
                "shopify_collection_id": null,
                "subscribe_and_save_discount_enabled": false,
                "zero_inventory_purchase": u8::from(settings.zero_inventory_purchase),
            },
            "prevent_address_creation": false,
            "prevent_payment_method_creation": false,
            "recharge_credits_settings": {
                "discount_name": "Store credit",
                "multicurrency_redemption_enabled": false,
                "recurring_redemption": "accumulation",
            },
            "show_credits": true,
            "subscription": {
                "add_product": true,
                "cancel_subscription": true,
                "cancellation_email_contact": row.email,
                "cancellation_enable_pause_options": true,
                "cancellation_enable_pause_options_values": "1,2,3",
                "cancellation_minimum_order_count": 0,
                "cancellation_reason_optional": false,
                "change_frequency_recalculate_next_charge": settings.recalculate_next_charge,
                "change_product": settings.allow_swap,
                "change_quantity": true,
                "change_variant": settings.allow_swap,
                "edit_order_frequency": "Any",
                "edit_scheduled_date": true,
                "prepaid_upsell_on_customer_portal": false,
                "reactivate_subscription": true,
                "skip_prepaid_order": false,
                "skip_scheduled_order": true,
                "zero_inventory_purchase": settings.zero_inventory_purchase,
            },
        },
    })
}

/// The token: every scope a portal needs, but for processing charges where the store's
/// plan does not include it.
pub(crate) fn token_information(row: &Shop) -> Value {
    let mut scopes = vec![
        "read_customers",
        "write_customers",
        "read_subscriptions",
        "write_subscriptions",
        "read_orders",
        "write_orders",
        "read_charges",
        "write_charges",
        "read_payment_methods",
        "write_payment_methods",
        "read_products",
        "write_products",
        "read_discounts",
        "write_discounts",
        "write_notifications",
        "write_sessions",
        "read_store",
        "store_info",
        "read_events",
        "read_batches",
        "write_batches",
        "read_credit_summary",
        "read_payments",
        "read_accounts",
        "write_free_gifts",
        "write_retention_strategies",
    ];
    if row.settings.process != Process::Off {
        scopes.push("write_payments");
    }
    json!({
        "client": {"contact_email": row.email, "name": row.name},
        "contact_email": row.email,
        "name": "Customer portal",
        "scopes": scopes,
    })
}
