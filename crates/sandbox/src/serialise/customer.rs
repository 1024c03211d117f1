//! Customer.

use serde_json::{Map, Value, json};

use crate::clock::stamp_bare;
use crate::incoming::Include;
use crate::rows::*;
use crate::serialise::{address, document, external, payment_method, subscription};
use crate::settings::Shapes;

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
        "apply_credit_to_next_checkout_charge": false,
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
        "subscription_related_charge_streak": streak(tables, row.id),
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
    let documents = |kind: &'static str| -> Value {
        let own = tables.documents_of(kind);
        own.filter(|d| d.customer_id == Some(row.id))
            .map(|row| document::document(tables, row))
            .collect()
    };
    for kind in [kind::ANNOUNCEMENTS, kind::GIFT_PURCHASES] {
        if wanted.names(kind) {
            let mut found = documents(kind);
            if tables.shop.settings.shapes == Shapes::Published {
                amounts_as_numbers(&mut found);
            }
            include.insert(kind.into(), found);
        }
    }
    if wanted.names("metafields") {
        include.insert(
            "metafields".into(),
            document::metafields(tables, "customer", row.id),
        );
    }
    let rewards = tables.rewards.get(&row.id);
    if wanted.names("referral_info") {
        let url = |slug: &str| format!("https://alder-and-finch.example/r/{slug}");
        let info = rewards.map(|rewards| {
            let slug = rewards.referral_slug.as_str();
            json!({"referral_url": {"slug": slug, "url": url(slug)}})
        });
        include.insert("referral_info".into(), json!(info));
    }
    if wanted.names("punch_card_progress") {
        let card = rewards.map(|rewards| {
            json!({tables.shop.id.to_string(): {
                "punch_card_order_count": rewards.punch_card_orders,
                "punch_card_total_order_value": 0,
                "punch_item_states": rewards.punch_states,
            }})
        });
        include.insert("punch_card_progress".into(), card.unwrap_or(json!({})));
    }
    if !include.is_empty() {
        value["include"] = Value::Object(include);
    }
    value
}

/// How many charges in a row were paid while the customer stays subscribed.
fn streak(tables: &Tables, customer_id: Id) -> usize {
    let own = |s: &Subscription| s.customer_id == customer_id;
    let is_subscribed = |s: &Subscription| own(s) && s.status == SubscriptionStatus::Active;
    if !tables.subscriptions.values().any(is_subscribed) {
        return 0;
    }
    let charges = tables.charges.values().rev();
    charges
        .filter(|charge| charge.customer_id == customer_id)
        .filter(|charge| charge.status.is_paid() || charge.status == ChargeStatus::Error)
        .take_while(|charge| charge.status.is_paid())
        .count()
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

/// Writes the amounts of gifts as numbers.
fn amounts_as_numbers(gifts: &mut Value) {
    for gift in gifts.as_array_mut().into_iter().flatten() {
        let amount = gift["amount"]
            .as_str()
            .and_then(|text| text.parse::<f64>().ok());
        if let Some(amount) = amount {
            gift["amount"] = json!(amount);
        }
    }
}
