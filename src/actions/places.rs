//! The `id`s of the elements that show what an action changes, to be marked once it has.

use protocol::{AddressId, PaymentMethodId, SubscriptionId};

/// The customer's details.
pub(crate) const DETAILS: &str = "details";
/// The customer's store credit.
pub(crate) const CREDIT: &str = "credit";
/// The way to have everything deleted.
pub(crate) const DELETION: &str = "deletion";
/// The setting for backup payments.
pub(crate) const BACKUP: &str = "payment-backup";

/// A subscription.
pub(crate) fn subscription(id: SubscriptionId) -> String {
    format!("subscription-{id}")
}

/// An address.
pub(crate) fn address(id: AddressId) -> String {
    format!("address-{id}")
}

/// A payment method.
pub(crate) fn payment_method(id: PaymentMethodId) -> String {
    format!("payment-{id}")
}
