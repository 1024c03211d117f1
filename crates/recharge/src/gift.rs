//! Giving a delivery away.

use serde::Serialize;
use serde_json::json;

use crate::id::PurchaseItemId;
use crate::transport::Request;

/// Who gets a delivery instead of the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GiftRecipient {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where upstream writes to.
    pub email: String,
    /// Company; may be empty.
    pub company: String,
    /// Street and number.
    pub address1: String,
    /// Flat, floor, building; may be empty.
    pub address2: String,
    /// City.
    pub city: String,
    /// Province or state by name; may be empty.
    pub province: String,
    /// Postcode; may be empty.
    pub zip: String,
    /// Country, two letters.
    pub country_code: String,
    /// Telephone; may be empty.
    pub phone: String,
}

impl GiftRecipient {
    /// `POST /purchase_items/skip_gift`: skips the next delivery of `items`, which are subscriptions
    /// of one address, and sends the same to the recipient once. Answers the one-times made for it.
    pub fn skip_gift(&self, items: &[PurchaseItemId]) -> Request {
        let body = json!({ "purchase_item_ids": items, "recipient_address": self });
        Request::post("/purchase_items/skip_gift", body)
    }
}
