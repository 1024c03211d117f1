//! What a customer sends about herself and her addresses.

use recharge::{PaymentMethodId, SubscriptionId};
use serde::{Deserialize, Serialize};

use super::AddressForm;

/// An address that does not exist yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAddress {
    /// Where it is; fields that are `None` are empty.
    pub address: AddressForm,
    /// What pays for everything that will go there; `None` only for a customer who has no
    /// payment method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method_id: Option<PaymentMethodId>,
}

/// How things go to an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShippingChoice {
    /// The code of one of the merchant's methods; empty leaves it to the shop.
    pub code: String,
}

/// Which subscriptions go to another address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionsMove {
    /// The subscriptions, 1 to 100; each is moved by itself.
    pub subscription_ids: Vec<SubscriptionId>,
}

/// What a customer may change of her own record; a field that is `None` keeps its value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CustomerForm {
    /// First name, 1 to 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name, 1 to 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Telephone, at most 255 characters; empty removes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// The customer's tax id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxId {
    /// As typed, see [`tax_id`](crate::tax_id); empty deletes it.
    pub tax_id: String,
}

/// Whether credit is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditUse {
    /// Whether the next order uses it.
    pub next_order: bool,
}
