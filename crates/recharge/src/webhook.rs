//! Webhooks: where upstream reports what has changed.

use serde_json::json;

use crate::lenient::upstream;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// A webhook.
    pub struct Webhook: u64 {
        /// Where it reports to.
        address: String,
        /// What it reports, such as `subscription/updated`.
        topic: String,
    }
}

impl Resource for Webhook {
    const NAME: &'static str = "webhook";
    const PLURAL: &'static str = "webhooks";
}

impl Webhook {
    /// `GET /webhooks`.
    pub fn list() -> Request {
        Request::list("/webhooks")
    }

    /// `POST /webhooks`: a new one.
    pub fn create(topic: &str, address: &str) -> Request {
        let body = json!({"topic": topic, "address": address, "included_objects": []});
        Request::post("/webhooks", body)
    }

    /// `PUT /webhooks/{id}`: the same one at another address.
    pub fn update(id: u64, address: &str) -> Request {
        Request::put(format!("/webhooks/{id}"), json!({"address": address}))
    }
}
