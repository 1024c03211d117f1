//! Applying a discount code to everything that ships to an address.

use protocol::{AddressId, ApplyDiscount, Intent};

use super::{discount_code, places};
use crate::i18n::t;
use crate::overview::page::Page;

/// Opens the form for a code on the address `address_id`.
pub(crate) fn open(page: &Page, address_id: AddressId) {
    let intent = move |body| Intent::ApplyDiscount(ApplyDiscount { address_id, body });
    let meaning = t::apply_discount_meaning();
    page.changes
        .start(|| discount_code::applying(intent, meaning, places::address(address_id)));
}
