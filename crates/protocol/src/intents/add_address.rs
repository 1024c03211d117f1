use protocol_derive::Generate;
use recharge::PaymentMethodId;
use serde::{Deserialize, Serialize};

use super::bodies::AddressForm;
use super::declare::intent;

intent! {
    /// Add an address, with what pays for what will go there.
    AddAddress {}
    POST "/addresses" NewAddress
}

/// An address that does not exist yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct NewAddress {
    /// Where it is; fields that are `None` are empty.
    pub address: AddressForm,
    /// What pays for everything that will go there; `None` only for a customer who has no
    /// payment method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method_id: Option<PaymentMethodId>,
}
