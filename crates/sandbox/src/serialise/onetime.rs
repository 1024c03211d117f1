//! One-time.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::rows::Onetime;
use crate::serialise::{merge, subscription};

/// The one-time.
pub(crate) fn onetime(row: &Onetime) -> Value {
    let own = json!({
        "id": row.id,
        "address_id": row.address_id,
        "customer_id": row.customer_id,
        "created_at": stamp(row.created_at),
        "is_cancelled": false,
        "next_charge_scheduled_at": row.next,
        "presentment_currency": row.presentment_currency,
        "type": "onetime",
        "updated_at": stamp(row.updated_at),
    });
    merge(own, subscription::goods(&row.goods))
}
