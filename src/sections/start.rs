//! The actions that the overview offers. Their code is in the second file of the bundle, so the
//! overview only names them here; a section that is there itself makes its actions directly.

use protocol::AddressId;
use protocol::view::{Delivery, DeliveryKey};

use super::page::Page;
use super::{addresses, deliveries};

/// An action with all that it needs.
#[derive(Clone)]
pub(super) enum Start {
    /// Skip this delivery, or some of its items.
    Skip(Delivery),
    /// Bring back what is skipped of this delivery.
    Unskip(Delivery),
    /// Pay for this delivery now.
    Pay(DeliveryKey),
    /// Change this address.
    EditAddress(AddressId),
}

/// Opens the action.
pub(super) fn start(page: &Page, action: Start) {
    match action {
        Start::Skip(delivery) => deliveries::start_skip(page, delivery),
        Start::Unskip(delivery) => deliveries::start_unskip(page, delivery),
        Start::Pay(key) => deliveries::start_pay(page, key),
        Start::EditAddress(id) => addresses::edit_by_id(page, id),
    }
}
