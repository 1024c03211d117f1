use base::Interval;
use protocol_derive::Generate;
use recharge::SubscriptionId;
use serde::{Deserialize, Serialize};

use super::declare::intent;

intent! {
    /// Change how often a subscription comes.
    ChangeFrequency { subscription_id: SubscriptionId }
    PUT "/subscriptions/{subscription_id}/frequency" Frequency
}

/// How often a subscription is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct Frequency {
    /// Between deliveries; one of those that the subscription's page offers.
    pub interval: Interval,
}
