//! Discount.

use base::Money;
use serde_json::{Number, Value, json};

use crate::clock::stamp;
use crate::rows::{Discount, DiscountValue, Shop};
use crate::serialise::external;

/// The discount as a resource, with its value as text.
pub(crate) fn discount(row: &Discount) -> Value {
    let (value, value_type) = value_of(row.value);
    let channel = |can_apply: bool| json!({"can_apply": can_apply});
    let limits = &row.usage_limits;
    json!({
        "id": row.id,
        "applies_to": {"ids": [], "purchase_item_type": row.applies_to, "resource": null},
        "channel_settings": {
            "api": channel(true),
            "checkout_page": channel(true),
            "customer_portal": channel(row.portal_can_apply),
            "merchant_portal": channel(true),
        },
        "code": row.code,
        "created_at": stamp(row.created_at),
        "ends_at": row.ends_at.map(stamp),
        "external_discount_id": external(None),
        "external_discount_source": null,
        "prerequisite_subtotal_min": row.prerequisite_subtotal_min.map(|min| min.amount()),
        "starts_at": row.starts_at.map(stamp),
        "status": row.status,
        "updated_at": stamp(row.updated_at),
        "usage_limits": {
            "first_time_customer_restriction": limits.first_time_customer_restriction,
            "max_subsequent_redemptions": limits.max_subsequent_redemptions,
            "one_application_per_customer": limits.one_application_per_customer,
            "redemptions": limits.redemptions,
        },
        "value": value,
        "value_type": value_type,
    })
}

/// Credit, which a paid charge lists among its discounts under the store's own id.
pub(crate) fn credit(shop: &Shop, used: Money) -> Value {
    json!({
        "id": shop.id,
        "application_method": "automatic",
        "code": "Store credit",
        "value": used.amount().parse::<Number>().ok(),
        "value_type": "fixed_amount",
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

/// Upstream's word for what it takes off.
pub(crate) fn value_type(row: &Discount) -> &'static str {
    value_of(row.value).1
}

fn value_of(value: DiscountValue) -> (String, &'static str) {
    match value {
        DiscountValue::Percentage(percent) => (format!("{percent}.00"), "percentage"),
        DiscountValue::Fixed(amount) => (amount.amount(), "fixed_amount"),
        DiscountValue::Shipping(amount) => (amount.amount(), "shipping"),
    }
}
