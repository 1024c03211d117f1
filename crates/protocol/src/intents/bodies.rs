//! What several intents send.

use base::{Date, Secret};
use protocol_derive::Generate;
use recharge::{PurchaseItemId, SubscriptionId};
use serde::{Deserialize, Serialize};

use crate::body::distinct;
use crate::json::{Json, Read};

/// How many are to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// How many, within the limits of [`SubscriptionRules`](crate::view::SubscriptionRules).
    pub quantity: u32,
}

/// A discount code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct DiscountCode {
    /// As the customer typed it.
    pub code: String,
}

/// Which items of a delivery are meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct DeliveryItems {
    /// The purchase items, 1 to 100, each on that delivery.
    #[serde(deserialize_with = "distinct")]
    pub purchase_item_ids: Vec<PurchaseItemId>,
}

/// The fields of an address that a customer may write. A field that is `None` keeps its value
/// upstream; an empty string clears it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields, default)]
pub struct AddressForm {
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address1: Option<String>,
    /// Flat, floor, building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address2: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Province or state, by name, as Recharge keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// Postcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip: Option<String>,
    /// Country, two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A day for the next charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct NextDate {
    /// The day; one that [`DateRules`](crate::view::DateRules) allow.
    pub date: Date,
}

/// A code that came by e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct MailedCode {
    /// Six letters and digits, in any case, with or without spaces and dashes.
    pub code: Secret,
}

/// One day for several subscriptions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionsDate {
    /// The subscriptions, 1 to 100; each is changed by itself.
    #[serde(deserialize_with = "distinct")]
    pub subscription_ids: Vec<SubscriptionId>,
    /// The day; one that [`DateRules`](crate::view::DateRules) allow.
    pub date: Date,
}

/// An intent that needs nothing but its path: `{}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl Read for Nothing {
    fn read(_: Json) -> Option<Nothing> {
        Some(Nothing {})
    }
}
