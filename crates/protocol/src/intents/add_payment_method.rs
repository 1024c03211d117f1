use base::Secret;
use protocol_derive::Generate;
use recharge::AddressId;
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::body::distinct_or_none;
use crate::json::Read;

intent! {
    /// Add a card that the processor's own fields have tokenised.
    AddPaymentMethod {}
    POST "/payment_methods" NewPaymentMethod, secret token
}

/// A card to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct NewPaymentMethod {
    /// The processor's token for it, 1 to 255 characters; never a card number.
    pub token: Secret,
    /// The addresses it is to pay for, at most 100; may be empty.
    #[serde(deserialize_with = "distinct_or_none")]
    pub address_ids: Vec<AddressId>,
    /// Whether payments that failed for these addresses are tried again with it.
    pub retry_charges: bool,
}
