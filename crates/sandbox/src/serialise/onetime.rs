//! One-time.

use serde_json::{Map, Value, json};

use crate::clock::stamp;
use crate::incoming::Include;
use crate::rows::{Onetime, Tables};
use crate::serialise::{address, customer, merge, subscription};

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
    merge(own, subscription::details(&row.details))
}

/// The one-time with what the call's `include` names.
pub(crate) fn with_includes(tables: &Tables, row: &Onetime, wanted: Include<'_>) -> Value {
    let place = tables.addresses.get(&row.address_id);
    let owner = tables.customers.get(&row.customer_id);
    let named = [
        (
            "address",
            place.map(|place| address::address(tables, place)),
        ),
        (
            "customer",
            owner.map(|owner| customer::customer(tables, owner)),
        ),
    ];
    let include: Map<String, Value> = named
        .into_iter()
        .filter(|(name, _)| wanted.names(name))
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
    let mut value = onetime(row);
    if !include.is_empty() {
        value["include"] = Value::Object(include);
    }
    value
}
