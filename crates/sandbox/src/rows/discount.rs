//! Discount codes, their limits and their uses.

use base::Money;
use serde::Serialize;

use super::Id;

/// What a discount takes off.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) enum DiscountValue {
    /// Whole percent of the lines.
    Percentage(u32),
    /// An amount off the lines.
    Fixed(Money),
    /// An amount off shipping.
    Shipping(Money),
}

/// The kind of purchase item that a discount is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum AppliesTo {
    All,
    Onetime,
    Subscription,
}

impl AppliesTo {
    /// Whether it is for a line of this `purchase_item_type`.
    pub(crate) fn includes(self, purchase_item_type: &str) -> bool {
        match self {
            AppliesTo::All => true,
            AppliesTo::Onetime => purchase_item_type == "onetime",
            AppliesTo::Subscription => purchase_item_type == "subscription",
        }
    }
}

/// How often a discount may be used.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct UsageLimits {
    /// Only before the customer's first paid charge.
    pub(crate) first_time_customer_restriction: bool,
    /// Charges of one address after the first.
    pub(crate) max_subsequent_redemptions: Option<u32>,
    /// On one address of each customer, once.
    pub(crate) one_application_per_customer: bool,
    /// Charges of the whole store.
    pub(crate) redemptions: Option<u32>,
}

/// A paid charge on which a discount was used.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Redemption {
    pub(crate) customer_id: Id,
    pub(crate) charge_id: Id,
}

/// A discount code.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Discount {
    pub(crate) id: Id,
    pub(crate) code: String,
    pub(crate) value: DiscountValue,
    /// `enabled`, `disabled` or `fully_disabled`.
    pub(crate) status: &'static str,
    /// Whether a portal may offer to enter it. The API applies it all the same.
    pub(crate) portal_can_apply: bool,
    pub(crate) applies_to: AppliesTo,
    pub(crate) starts_at: Option<i64>,
    pub(crate) ends_at: Option<i64>,
    /// What the lines it is for must sum to.
    pub(crate) prerequisite_subtotal_min: Option<Money>,
    pub(crate) usage_limits: UsageLimits,
    pub(crate) redemptions: Vec<Redemption>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Discount {
    /// A code without limits.
    pub(crate) fn new(id: Id, code: &str, value: DiscountValue, now: i64) -> Discount {
        Discount {
            id,
            code: code.to_owned(),
            value,
            status: "enabled",
            portal_can_apply: true,
            applies_to: AppliesTo::All,
            starts_at: None,
            ends_at: None,
            prerequisite_subtotal_min: None,
            usage_limits: UsageLimits::default(),
            redemptions: Vec::new(),
            created_at: now,
            updated_at: now,
        }
    }
}
