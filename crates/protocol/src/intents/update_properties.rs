use protocol_derive::Generate;
use recharge::SubscriptionId;
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::body::distinct;
use crate::view::shared::Property;

intent! {
    /// Change what is noted on a subscription.
    UpdateProperties { subscription_id: SubscriptionId }
    PUT "/subscriptions/{subscription_id}/properties" Properties
}

/// What the customer notes on a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct Properties {
    /// Those that change, each with a name that the merchant allows; an empty value removes
    /// one. What is not named stays.
    #[serde(deserialize_with = "distinct")]
    pub properties: Vec<Property>,
}
