//! Removing the discount code from an address.

use protocol::{AddressId, Intent, Nothing, RemoveDiscount};

use super::{discount_code, places};
use crate::overview::page::Page;

/// Opens the review of removing `code` from the address `address_id`.
pub(crate) fn open(page: &Page, address_id: AddressId, code: String) {
    let intent = move || {
        Intent::RemoveDiscount(RemoveDiscount {
            address_id,
            body: Nothing {},
        })
    };
    page.changes
        .start(|| discount_code::removing(intent, code, places::address(address_id)));
}
