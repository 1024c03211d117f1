//! What a customer sends to change a subscription that she has.

use recharge::{Date, Interval, PlanId, SubscriptionId};
use serde::{Deserialize, Serialize};

use crate::view::{BoxItem, Property};

/// A day for the next charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextDate {
    /// The day; one that [`DateRules`](crate::view::DateRules) allow.
    pub date: Date,
}

/// How often a subscription is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frequency {
    /// Between deliveries; one of those that the subscription's page offers.
    pub interval: Interval,
}

/// How many are to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// How many, within the limits of [`SubscriptionRules`](crate::view::SubscriptionRules).
    pub quantity: u32,
}

/// What a subscription is to be of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swap {
    /// The product in the shop.
    pub external_product_id: String,
    /// The variant in the shop.
    pub external_variant_id: String,
    /// The plan to follow; `None` for the product's plan with the frequency it has now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_id: Option<PlanId>,
}

/// What the customer notes on a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Properties {
    /// Those that change, each with a name that the merchant allows; an empty value removes
    /// one. What is not named stays.
    pub properties: Vec<Property>,
}

/// A note to whoever packs or brings what goes to an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderNote {
    /// The note; empty removes it.
    pub note: String,
}

/// Until when a subscription rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// The day of its first charge afterwards: after the next charge, and one that
    /// [`DateRules`](crate::view::DateRules) allow.
    pub until: Date,
}

/// One day for several subscriptions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionsDate {
    /// The subscriptions, 1 to 100; each is changed by itself.
    pub subscription_ids: Vec<SubscriptionId>,
    /// The day; one that [`DateRules`](crate::view::DateRules) allow.
    pub date: Date,
}

/// The deliveries of several subscriptions that are to be skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionsSkip {
    /// The deliveries, 1 to 100; each is skipped by itself.
    pub deliveries: Vec<SubscriptionDelivery>,
}

/// One subscription's delivery on one day, as the customer saw it: so that a second press does
/// not skip the one after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionDelivery {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// The day of the delivery.
    pub date: Date,
}

/// What is to be in a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleContents {
    /// All of it: what is not named is taken out.
    pub items: Vec<BoxItem>,
}
