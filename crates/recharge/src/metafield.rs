//! Metafields: what a merchant keeps beside a customer.

use serde_json::{Value, json};

use crate::id::CustomerId;
use crate::lenient::upstream;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// A metafield.
    pub struct Metafield: u64 {
        /// What it is kept beside, such as `customer`; empty where upstream does not say.
        owner_resource: String,
        /// The id of that; 0 where upstream does not say.
        owner_id: u64,
        /// The group of keys that it is in.
        namespace: String,
        /// Its key there.
        key: String,
        /// Its value, as text.
        value: String,
    }
}

impl Resource for Metafield {
    const NAME: &'static str = "metafield";
    const PLURAL: &'static str = "metafields";
}

/// What to write into a metafield of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetafieldText {
    /// The group of keys.
    pub namespace: String,
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

impl Metafield {
    /// `GET /metafields` of a customer.
    pub fn list(owner: CustomerId) -> Request {
        Request::list("/metafields")
            .with("owner_resource", "customer")
            .with("owner_id", owner)
    }

    /// `POST /metafields`: a new one of a customer.
    pub fn create(owner: CustomerId, text: &MetafieldText) -> Request {
        let mut body = written(text);
        body["owner_resource"] = "customer".into();
        body["owner_id"] = json!(owner);
        Request::post("/metafields", json!({ "metafield": body }))
    }

    /// `PUT /metafields/{id}`.
    pub fn update(id: u64, text: &MetafieldText) -> Request {
        Request::put(
            format!("/metafields/{id}"),
            json!({ "metafield": written(text) }),
        )
    }
}

fn written(text: &MetafieldText) -> Value {
    json!({
        "namespace": text.namespace,
        "key": text.key,
        "value": text.value,
        "value_type": "string",
    })
}
