use base::Date;
use protocol_derive::Generate;
use recharge::{AddressId, PlanId};
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::json::Read;

intent! {
    /// Start another subscription.
    AddSubscription {}
    POST "/subscriptions" NewSubscription
}

/// A subscription to be started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
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
