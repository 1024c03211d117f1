//! Plan.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::rows::Plan;
use crate::serialise::{external, subscription::unit};

/// The plan.
pub(crate) fn plan(row: &Plan) -> Value {
    let shown = json!({"display": true});
    json!({
        "id": row.id,
        "channel_settings": {
            "api": shown,
            "checkout_page": shown,
            "customer_portal": shown,
            "merchant_portal": shown,
        },
        "created_at": stamp(row.created_at),
        "deleted_at": null,
        "discount_amount": null,
        "discount_type": null,
        "external_plan_group_id": null,
        "external_plan_id": null,
        "external_plan_name": null,
        "external_product_id": external(Some(&row.external_product_id)),
        "external_variant_ids": [],
        "has_variant_restrictions": false,
        "max_queued_charges": row.max_queued_charges,
        "product_quantity": null,
        "sort_order": row.sort_order,
        "subscription_preferences": {
            "apply_cutoff_date_to_checkout": false,
            "charge_interval_frequency": row.charge_every,
            "cutoff_day_of_month": null,
            "cutoff_day_of_week": null,
            "expire_after_specific_number_of_charges": null,
            "interval_unit": unit(row.unit),
            "order_day_of_month": null,
            "order_day_of_week": null,
            "order_interval_frequency": row.order_every,
            "pricing_progression": [],
        },
        "title": row.title,
        "translations": [],
        "type": row.kind,
        "updated_at": stamp(row.created_at),
    })
}
