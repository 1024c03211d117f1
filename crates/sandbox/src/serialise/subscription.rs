//! Subscription.

use base::Unit;
use serde_json::{Number, Value, json};

use crate::clock::{stamp, stamp_micros};
use crate::incoming::Include;
use crate::rows::*;
use crate::serialise::{address, bundle, customer, document, external, merge};
use crate::settings::Shapes;

/// The subscription, without anything included.
pub(crate) fn subscription(tables: &Tables, row: &Subscription) -> Value {
    let cancellation = row.cancellation.as_ref();
    let schedule = json!({
        "charge_interval_frequency": row.charge_every,
        "expire_after_specific_number_of_charges": row.expire_after,
        "has_queued_charges": row.status == SubscriptionStatus::Active && row.next.is_some(),
        "max_retries_reached": row.max_retries_reached,
        "next_charge_scheduled_at": row.next,
        "order_day_of_month": row.order_day_of_month,
        "order_day_of_week": row.order_day_of_week,
        "order_interval_frequency": row.interval.every,
        "order_interval_unit": unit(row.interval.unit),
    });
    let own = json!({
        "id": row.id,
        "address_id": row.address_id,
        "customer_id": row.customer_id,
        "analytics_data": {"utm_params": []},
        "cancellation_reason": cancellation.map(|c| c.reason.as_str()),
        "cancellation_reason_comments": cancellation.and_then(|c| c.comments.as_deref()),
        "cancelled_at": cancellation.map(|c| stamp_micros(c.at)),
        "created_at": stamp(row.created_at),
        "is_prepaid": row.is_prepaid(),
        "is_skippable": !row.is_prepaid(),
        "is_swappable": !row.is_prepaid() && tables.shop.settings.allow_swap,
        "plan_id": row.plan_id,
        "presentment_currency": row.presentment_currency,
        "status": status(row.status),
        "updated_at": stamp(row.updated_at),
    });
    merge(merge(own, schedule), details(&row.details))
}

/// The subscription as version 2021-01 writes it.
pub(crate) fn of_2021_01(tables: &Tables, row: &Subscription) -> Value {
    let number = |id: Option<&String>| id.and_then(|id| id.parse::<u64>().ok());
    let customer = tables.customers.get(&row.customer_id);
    let status = status(row.status);
    let mut value = subscription(tables, row);
    let old = json!({
        "charge_interval_frequency": row.charge_every.to_string(),
        "email": customer.map(|customer| customer.email.as_str()),
        "has_queued_charges": u8::from(value["has_queued_charges"] == true),
        "max_retries_reached": u8::from(row.max_retries_reached),
        "order_interval_frequency": row.interval.every.to_string(),
        "price": row.details.price.amount().parse::<Number>().ok(),
        "shopify_product_id": number(row.details.external_product_id.as_ref()),
        "shopify_variant_id": number(row.details.external_variant_id.as_ref()),
        "status": status.to_uppercase(),
    });
    if let Value::Object(fields) = &mut value {
        for new in ["external_product_id", "external_variant_id", "plan_id"] {
            fields.remove(new);
        }
    }
    merge(value, old)
}

/// The subscription with what the call's `include` names.
pub(crate) fn with_includes(tables: &Tables, row: &Subscription, wanted: Include<'_>) -> Value {
    let mut value = subscription(tables, row);
    let mut include = serde_json::Map::new();
    if let (true, Some(place)) = (
        wanted.names("address"),
        tables.addresses.get(&row.address_id),
    ) {
        include.insert("address".into(), address::address(tables, place));
    }
    if let (true, Some(owner)) = (
        wanted.names("customer"),
        tables.customers.get(&row.customer_id),
    ) {
        include.insert("customer".into(), customer::customer(tables, owner));
    }
    if wanted.names("metafields") {
        include.insert(
            "metafields".into(),
            document::metafields(tables, "subscription", row.id),
        );
    }
    if wanted.names("bundle_product") {
        let of_item =
            |b: &&Bundle| row.details.external_product_id.as_ref() == Some(&b.external_product_id);
        let found = tables.bundles.iter().find(of_item);
        include.insert(
            "bundle_product".into(),
            found.map_or(Value::Null, |b| {
                bundle::product(b, bundle::included_source(b))
            }),
        );
    }
    if wanted.names("bundle_selections") {
        let own = tables.bundle_selections.values();
        let own = own.filter(|selection| selection.purchase_item_id == row.id);
        let mut own = own.map(bundle::selection);
        let selections = match tables.shop.settings.shapes {
            Shapes::Published => own.next().unwrap_or_default(),
            Shapes::Captured => own.collect(),
        };
        include.insert("bundle_selections".into(), selections);
    }
    if !include.is_empty() {
        value["include"] = Value::Object(include);
    }
    value
}

/// The fields that subscriptions and one-times share.
pub(crate) fn details(details: &ItemDetails) -> Value {
    json!({
        "external_product_id": external(details.external_product_id.as_deref()),
        "external_variant_id": external(details.external_variant_id.as_deref()),
        "price": details.price.amount(),
        "product_title": details.product_title,
        "properties": details.properties,
        "quantity": details.quantity,
        "sku": details.sku,
        "sku_override": details.sku_override,
        "variant_title": details.variant_title,
    })
}

/// Upstream's word for a unit.
pub(crate) fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
    }
}

/// Upstream's word for a status.
pub(crate) fn status(status: SubscriptionStatus) -> &'static str {
    match status {
        SubscriptionStatus::Active => "active",
        SubscriptionStatus::Cancelled => "cancelled",
        SubscriptionStatus::Expired => "expired",
    }
}
