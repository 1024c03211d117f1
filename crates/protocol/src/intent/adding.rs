//! What a customer sends to add something, and to pay less for it.

use recharge::{AddressId, Date, PlanId};
use serde::{Deserialize, Serialize};

use crate::json::wire;

wire! {
    /// A subscription to be started.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct NewSubscription {
        /// Where it goes; what pays there pays for it.
        pub address_id: AddressId,
        /// The variant in the shop, one of the [`Catalogue`](crate::view::Catalogue).
        pub external_variant_id: String,
        /// How it is bought, one of the product's plans.
        pub plan_id: PlanId,
        /// How many, within the limits of [`SubscriptionRules`](crate::view::SubscriptionRules).
        pub quantity: u32,
        /// The first charge, a day that [`DateRules`](crate::view::DateRules) allow.
        pub date: Date,
    }
}

wire! {
    /// A product to be delivered once.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct NewOnetime {
        /// Where it goes; what pays there pays for it.
        pub address_id: AddressId,
        /// The variant in the shop, one of the [`Catalogue`](crate::view::Catalogue).
        pub external_variant_id: String,
        /// How many, within the limits of [`SubscriptionRules`](crate::view::SubscriptionRules).
        pub quantity: u32,
        /// The day of the delivery that it rides with; `None` for the next one that can still be
        /// changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub date: Option<Date>,
    }
}

wire! {
    /// A discount code.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct DiscountCode {
        /// As the customer typed it.
        pub code: String,
    }
}
