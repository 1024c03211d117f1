use protocol_derive::Generate;
use recharge::AddressId;
use serde::{Deserialize, Serialize};

use super::declare::intent;

intent! {
    /// Choose how things go to an address.
    SetShippingMethod { address_id: AddressId }
    PUT "/addresses/{address_id}/shipping_method" ShippingChoice
}

/// How things go to an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct ShippingChoice {
    /// The code of one of the merchant's methods; empty leaves it to the shop.
    pub code: String,
}
