//! Identifiers, one type per kind, so that no id is ever mistaken for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lenient::Lenient;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            /// Digits only: a sign, a slash or an escape is not an id.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let digits = text.bytes().all(|b| b.is_ascii_digit());
                (if digits { text } else { "" }).parse().map($name)
            }
        }

        impl Lenient for $name {
            fn read(value: Value) -> Option<Self> {
                u64::read(value).map($name)
            }
        }
    )+};
}

ids! {
    /// A customer.
    CustomerId,
    /// An address, which groups purchase items into charges.
    AddressId,
    /// A subscription.
    SubscriptionId,
    /// A one-time product on a future charge.
    OnetimeId,
    /// A purchase item: a subscription or a one-time product, which share one number range.
    PurchaseItemId,
    /// A charge. Not stable: a write to its items or address replaces it.
    ChargeId,
    /// An order.
    OrderId,
    /// A payment method.
    PaymentMethodId,
    /// A discount.
    DiscountId,
    /// What is in a box.
    BundleSelectionId,
    /// A plan.
    PlanId,
}

impl From<SubscriptionId> for PurchaseItemId {
    fn from(id: SubscriptionId) -> Self {
        PurchaseItemId(id.0)
    }
}

impl From<OnetimeId> for PurchaseItemId {
    fn from(id: OnetimeId) -> Self {
        PurchaseItemId(id.0)
    }
}

/// An id in the shop that upstream sells for, any text. Upstream sends most of them wrapped,
/// `{"ecommerce": "39684723835051"}`, and some flat.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalId(String);

impl ExternalId {
    /// The id `text`; `None` for empty text, which names nothing.
    pub fn new(text: impl Into<String>) -> Option<ExternalId> {
        let text = text.into();
        (!text.is_empty()).then_some(ExternalId(text))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for ExternalId {
    /// Wrapped, as upstream takes it in the body of a write.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        std::collections::BTreeMap::from([("ecommerce", self.as_str())]).serialize(serializer)
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Lenient for ExternalId {
    fn read(value: Value) -> Option<ExternalId> {
        let flat = match value {
            Value::Object(mut wrapped) => wrapped.remove("ecommerce")?,
            flat => flat,
        };
        String::read(flat).and_then(ExternalId::new)
    }
}
