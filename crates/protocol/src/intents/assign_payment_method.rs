use protocol_derive::Generate;
use recharge::{AddressId, PaymentMethodId};
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::body::distinct;
use crate::json::Read;

intent! {
    /// Let a payment method pay for addresses.
    AssignPaymentMethod { payment_method_id: PaymentMethodId }
    PUT "/payment_methods/{payment_method_id}/addresses" PaidAddresses
}

/// Which addresses a payment method is to pay for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct PaidAddresses {
    /// The addresses, 1 to 100.
    #[serde(deserialize_with = "distinct")]
    pub address_ids: Vec<AddressId>,
}
