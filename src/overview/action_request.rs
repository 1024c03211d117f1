//! The actions that the overview offers. Their code is in the second file of the bundle, so the
//! overview only names them here; a section, which is there itself, opens its actions directly.

use protocol::AddressId;
use protocol::view::Delivery;

/// An operation that is to be opened, with what it is about.
#[derive(Clone)]
pub(crate) enum ActionRequest {
    /// Skip this delivery, or some of its items.
    SkipDelivery(Delivery),
    /// Move this delivery.
    RescheduleDelivery(Delivery),
    /// Restore what is skipped of this delivery.
    UnskipDelivery(Delivery),
    /// Change this address.
    UpdateAddress(AddressId),
}
