//! Removing the discount code from one delivery.

use protocol::view::DeliveryKey;
use protocol::{Intent, Nothing, RemoveDeliveryDiscount};

use super::discount_code;
use crate::overview::page::Page;
use crate::overview::parts::delivery_place;

/// Opens the review of removing `code` from the delivery `key`.
pub(crate) fn open(page: &Page, key: DeliveryKey, code: String) {
    let intent = move || {
        Intent::RemoveDeliveryDiscount(RemoveDeliveryDiscount {
            address_id: key.address_id,
            date: key.date,
            body: Nothing {},
        })
    };
    page.changes
        .start(|| discount_code::removing(intent, code, delivery_place(key)));
}
