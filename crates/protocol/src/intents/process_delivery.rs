use base::{Date, Money};
use protocol_derive::Generate;
use recharge::{AddressId, PaymentMethodId};
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::json::Read;

intent! {
    /// Pay for a delivery now, before its day or after its payment failed.
    ProcessDelivery { address_id: AddressId, date: Date }
    POST "/deliveries/{address_id}/{date}/process" ConfirmedAmount
}

/// An amount that the customer has seen and agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct ConfirmedAmount {
    /// What is paid, all of it. Where upstream would take another amount, nothing is paid.
    pub amount: Money,
    /// The payment method that pays, for this and everything else that goes to the address;
    /// `None` for the one that pays there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method_id: Option<PaymentMethodId>,
}
