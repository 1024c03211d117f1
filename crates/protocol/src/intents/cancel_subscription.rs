use protocol_derive::Generate;
use recharge::SubscriptionId;
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::json::Read;

intent! {
    /// Cancel a subscription.
    CancelSubscription { subscription_id: SubscriptionId }
    POST "/subscriptions/{subscription_id}/cancel" Cancellation
}

/// Why a subscription is cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct Cancellation {
    /// The reason in the shop's language, one of those that the merchant offers. Empty where the
    /// customer chose none.
    #[serde(default)]
    pub reason: String,
    /// The id of that reason, where it has another than its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_id: Option<String>,
    /// A comment in the customer's own words, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}
