//! Discount.

use serde_json::{Number, Value, json};

use crate::clock::stamp;
use crate::rows::{Discount, DiscountValue};
use crate::serialise::external;

/// The discount as a resource, with its value as text.
pub(crate) fn discount(row: &Discount) -> Value {
    let (value, value_type) = value_of(row.value);
    let channel = |can_apply: bool| json!({"can_apply": can_apply});
    json!({
        "id": row.id,
        "applies_to": {"ids": [], "purchase_item_type": "ALL", "resource": null},
        "channel_settings": {
            "api": channel(true),
            "checkout_page": channel(true),
            "customer_portal": channel(row.portal_can_apply),
            "merchant_portal": channel(true),
        },
        "code": row.code,
        "created_at": stamp(row.created_at),
        "ends_at": null,
        "external_discount_id": external(None),
        "external_discount_source": null,
        "prerequisite_subtotal_min": null,
        "starts_at": null,
        "status": if row.enabled { "enabled" } else { "disabled" },
        "updated_at": stamp(row.created_at),
        "usage_limits": {
            "first_time_customer_restriction": false,
            "max_subsequent_redemptions": null,
            "one_application_per_customer": false,
        },
        "value": value,
        "value_type": value_type,
    })
}

/// The short form inside charges, orders and addresses, with its value as a number.
pub(crate) fn applied(row: &Discount, method: Option<&str>) -> Value {
    let (value, value_type) = value_of(row.value);
    json!({
        "id": row.id,
        "application_method": method,
        "code": row.code,
        "value": value.parse::<Number>().ok(),
        "value_type": value_type,
    })
}

fn value_of(value: DiscountValue) -> (String, &'static str) {
    match value {
        DiscountValue::Percentage(percent) => (format!("{percent}.00"), "percentage"),
        DiscountValue::Fixed(amount) => (amount.amount(), "fixed_amount"),
        DiscountValue::Shipping(amount) => (amount.amount(), "shipping"),
    }
}
