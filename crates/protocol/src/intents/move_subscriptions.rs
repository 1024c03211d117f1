use protocol_derive::Generate;
use recharge::{AddressId, SubscriptionId};
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::body::distinct;

intent! {
    /// Send subscriptions to this address from now on.
    MoveSubscriptions { address_id: AddressId }
    POST "/addresses/{address_id}/subscriptions" SubscriptionsMove
}

/// Which subscriptions go to another address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionsMove {
    /// The subscriptions, 1 to 100; each is moved by itself.
    #[serde(deserialize_with = "distinct")]
    pub subscription_ids: Vec<SubscriptionId>,
}
