//! Discounts.

use base::Timestamp;

use crate::amount::Amount;
use crate::id::DiscountId;
use crate::lenient::{lenient_words, upstream};
use crate::open_enum;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// A discount as the merchant set it up.
    pub struct Discount: DiscountId {
        /// The code that a customer types.
        code: String,
        /// How much: a percentage or an amount in the store's currency.
        value: Amount,
        /// Which of the two.
        value_type: DiscountValueType,
        /// Whether it can be used.
        status: DiscountStatus,
        /// Where it may be used.
        channel_settings: DiscountChannels,
        /// From when on; `None` for always.
        starts_at: Option<Timestamp>,
        /// Until when; `None` for ever.
        ends_at: Option<Timestamp>,
        /// Only on sums of at least this; `None` for any.
        prerequisite_subtotal_min: Option<Amount>,
        /// What it is for.
        applies_to: DiscountTarget,
        /// How often it may be used.
        usage_limits: UsageLimits,
    }
}

upstream! {
    /// What a discount is for.
    pub struct DiscountTarget {
        /// Which kinds of purchase items.
        purchase_item_type: DiscountScope,
        /// What its list of ids names, such as products; `None` where it is for all of them.
        resource: Option<String>,
    }
}

upstream! {
    /// How often a discount may be used.
    pub struct UsageLimits {
        /// Only before the customer's first payment.
        first_time_customer_restriction: bool,
        /// How many charges of an address after the first; `None` for any number.
        max_subsequent_redemptions: Option<u32>,
        /// On one address of each customer, once.
        one_application_per_customer: bool,
        /// How many charges of the whole store; `None` for any number.
        redemptions: Option<u32>,
    }
}

open_enum! {
    /// The kinds of purchase items that a discount is for.
    pub enum DiscountScope {
        /// All of them.
        All = "ALL",
        /// Products that come once.
        Onetime = "ONETIME",
        /// Subscriptions.
        Subscription = "SUBSCRIPTION",
    }
}

upstream! {
    /// Where a discount may be used.
    pub struct DiscountChannels {
        /// In a customer portal. A merchant's token does not check this by itself.
        customer_portal: DiscountChannel,
    }
}

upstream! {
    /// Whether a discount may be used in one place.
    pub struct DiscountChannel {
        /// Whether it may.
        can_apply: bool,
    }
}

upstream! {
    /// A discount on an address, a charge or an order.
    pub struct AppliedDiscount {
        /// The discount; `None` where upstream does not say.
        id: Option<DiscountId>,
        /// Its code.
        code: String,
        /// How much: a percentage or an amount.
        value: Amount,
        /// Which of the two.
        value_type: DiscountValueType,
    }
}

open_enum! {
    /// What a discount's value means.
    pub enum DiscountValueType {
        /// A percentage.
        Percentage = "percentage",
        /// An amount.
        FixedAmount = "fixed_amount",
        /// Off the shipping.
        Shipping = "shipping",
    }
}

open_enum! {
    /// Whether a discount can be used.
    pub enum DiscountStatus {
        /// It can.
        Enabled = "enabled",
        /// It cannot be applied any more, but stays where it is.
        Disabled = "disabled",
        /// It counts nowhere any more.
        FullyDisabled = "fully_disabled",
    }
}
lenient_words!(DiscountValueType, DiscountStatus, DiscountScope);

impl Resource for Discount {
    const NAME: &'static str = "discount";
    const PLURAL: &'static str = "discounts";
}

impl Discount {
    /// `GET /discounts?discount_code=`: those of a code, at most one.
    pub fn find(code: &str) -> Request {
        Request::list("/discounts").with("discount_code", code)
    }

    /// `GET /discounts/{id}`.
    pub fn retrieve(id: DiscountId) -> Request {
        Request::get(format!("/discounts/{id}"))
    }
}
