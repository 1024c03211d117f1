use protocol_derive::Generate;
use recharge::SubscriptionId;
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::body::distinct;
use crate::view::shared::BoxItem;

intent! {
    /// Change the contents of a bundle.
    UpdateBundle { subscription_id: SubscriptionId }
    PUT "/subscriptions/{subscription_id}/bundle" BundleContents
}

/// The contents of a bundle, as they are to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct BundleContents {
    /// All of it: what is not named is taken out.
    #[serde(deserialize_with = "distinct")]
    pub items: Vec<BoxItem>,
}
