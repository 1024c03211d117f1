use base::Date;
use protocol_derive::Generate;
use recharge::SubscriptionId;
use serde::{Deserialize, Serialize};

use super::declare::intent;

intent! {
    /// Pause a subscription until a day.
    PauseSubscription { subscription_id: SubscriptionId }
    POST "/subscriptions/{subscription_id}/pause" Pause
}

/// Until when a subscription rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// The day of its first charge afterwards: after the next charge, and one that
    /// [`DateRules`](crate::view::DateRules) allow.
    pub until: Date,
}
