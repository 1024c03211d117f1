//! Applying a discount code to one delivery.

use protocol::view::DeliveryKey;
use protocol::{ApplyDeliveryDiscount, Intent};

use super::discount_code;
use crate::i18n::t;
use crate::overview::page::Page;
use crate::overview::parts::delivery_place;

/// Opens the form for a code on the delivery `key`.
pub(crate) fn open(page: &Page, key: DeliveryKey) {
    let intent = move |body| {
        Intent::ApplyDeliveryDiscount(ApplyDeliveryDiscount {
            address_id: key.address_id,
            date: key.date,
            body,
        })
    };
    let meaning = t::apply_delivery_discount_meaning();
    page.changes
        .start(|| discount_code::applying(intent, meaning, delivery_place(key)));
}
