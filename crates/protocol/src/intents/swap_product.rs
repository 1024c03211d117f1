use protocol_derive::Generate;
use recharge::{PlanId, SubscriptionId};
use serde::{Deserialize, Serialize};

use super::declare::intent;

intent! {
    /// Swap a subscription's product or variant.
    SwapProduct { subscription_id: SubscriptionId }
    PUT "/subscriptions/{subscription_id}/product" Swap
}

/// What a subscription is to be of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Generate)]
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
