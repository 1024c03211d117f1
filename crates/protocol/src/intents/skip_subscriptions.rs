use base::Date;
use protocol_derive::Generate;
use recharge::SubscriptionId;
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::body::distinct;

intent! {
    /// Skip the next delivery of several subscriptions.
    SkipSubscriptions {}
    POST "/subscriptions/skip" SubscriptionsSkip
}

/// The deliveries of several subscriptions that are to be skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionsSkip {
    /// The deliveries, 1 to 100; each is skipped by itself.
    #[serde(deserialize_with = "distinct")]
    pub deliveries: Vec<SubscriptionDelivery>,
}

/// One subscription's delivery on one day, as the customer saw it: so that a second press does
/// not skip the one after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionDelivery {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// The day of the delivery.
    pub date: Date,
}
