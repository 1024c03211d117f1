//! What goes over the wire: one file per resource, field by field as upstream writes it.

pub(crate) mod address;
pub(crate) mod bundle;
pub(crate) mod charge;
pub(crate) mod customer;
pub(crate) mod delivery_schedule;
pub(crate) mod discount;
pub(crate) mod document;
pub(crate) mod line;
pub(crate) mod onetime;
pub(crate) mod order;
pub(crate) mod payment_method;
pub(crate) mod plan;
pub(crate) mod product;
pub(crate) mod shop;
pub(crate) mod subscription;

use serde_json::{Value, json};

use crate::rows::Postal;

/// An id of the shop platform, wrapped as upstream wraps it.
pub(crate) fn external(id: Option<&str>) -> Value {
    json!({"ecommerce": id})
}

/// The ten fields of a postal address.
pub(crate) fn postal(postal: &Postal) -> Value {
    json!({
        "address1": postal.address1,
        "address2": postal.address2,
        "city": postal.city,
        "company": postal.company,
        "country_code": postal.country_code,
        "first_name": postal.first_name,
        "last_name": postal.last_name,
        "phone": postal.phone,
        "province": postal.province,
        "zip": postal.zip,
    })
}

/// Adds the fields of `more` to an object.
pub(crate) fn merge(mut object: Value, more: Value) -> Value {
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}
