//! Plans: the ways in which a product can be bought.

use base::{Interval, Timestamp, Unit};

use crate::amount::Amount;
use crate::discount::DiscountValueType;
use crate::id::{ExternalId, PlanId};
use crate::lenient::{lenient_words, upstream};
use crate::open_enum;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// A way in which one product can be bought.
    pub struct Plan: PlanId {
        /// Its title.
        title: String,
        /// Its kind.
        kind: PlanType = "type",
        /// The product in the shop.
        external_product_id: Option<ExternalId>,
        /// The variants it is for, where it is for some only.
        external_variant_ids: Vec<ExternalId>,
        /// Whether it is for some variants only.
        has_variant_restrictions: bool,
        /// How much is taken off; `None` for nothing.
        discount_amount: Option<Amount>,
        /// What that amount means.
        discount_type: DiscountValueType,
        /// Its place among the product's plans.
        sort_order: i64,
        /// Where it is offered.
        channel_settings: PlanChannels,
        /// How often it delivers.
        subscription_preferences: SubscriptionPreferences,
        /// When it was withdrawn; `None` unless it was.
        deleted_at: Option<Timestamp>,
    }
}

upstream! {
    /// Where a plan is offered.
    pub struct PlanChannels {
        /// In a customer portal.
        customer_portal: PlanChannel,
    }
}

upstream! {
    /// Whether a plan is offered in one place.
    pub struct PlanChannel {
        /// Whether it is.
        display: bool,
    }
}

upstream! {
    /// How often a plan delivers and charges.
    pub struct SubscriptionPreferences {
        /// The unit of both frequencies; `None` for one-time plans.
        interval_unit: Option<Unit> = "interval_unit" | "order_interval_unit",
        /// Units between orders.
        order_interval_frequency: u32,
        /// Units between charges.
        charge_interval_frequency: u32,
        /// The day of the month on which it is ordered, where that is fixed.
        order_day_of_month: Option<u32>,
        /// The day of the week, 0 for Monday, on which it is ordered, where that is fixed.
        order_day_of_week: Option<u32>,
        /// Ends after so many charges; `None` for never.
        expire_after_specific_number_of_charges: Option<u32>,
    }
}

impl SubscriptionPreferences {
    /// How often it delivers; `None` for one-time plans and where upstream has no usable interval.
    pub fn interval(&self) -> Option<Interval> {
        let every = self.order_interval_frequency;
        self.interval_unit
            .filter(|_| every > 0)
            .map(|unit| Interval { unit, every })
    }

    /// How many deliveries one charge pays for: 1, or more where it is prepaid.
    pub fn deliveries_per_charge(&self) -> u32 {
        self.charge_interval_frequency
            .checked_div(self.order_interval_frequency)
            .unwrap_or(1)
            .max(1)
    }
}

open_enum! {
    /// The kind of a plan.
    pub enum PlanType {
        /// Paid as it goes.
        Subscription = "subscription",
        /// Paid ahead.
        Prepaid = "prepaid",
        /// Bought once.
        Onetime = "onetime",
    }
}
lenient_words!(PlanType);

impl Resource for Plan {
    const NAME: &'static str = "plan";
    const PLURAL: &'static str = "plans";
}

impl Plan {
    /// `GET /plans?external_product_id=`: those of one product.
    pub fn list(external_product_id: &str) -> Request {
        Request::list("/plans").with("external_product_id", external_product_id)
    }

    /// `GET /plans`: those of all products.
    pub fn list_all() -> Request {
        Request::list("/plans")
    }

    /// Whether it is offered in a customer portal.
    pub fn is_offered(&self) -> bool {
        self.deleted_at.is_none() && self.channel_settings.customer_portal.display
    }
}
