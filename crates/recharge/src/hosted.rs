//! The portal that Recharge hosts itself, and what lets a customer into it.

use std::fmt;

use serde_json::{Value, json};

use crate::id::CustomerId;
use crate::lenient::{Lenient, upstream};
use crate::resource::Resource;
use crate::transport::Request;

/// Something that lets in whoever shows it. Its `Debug` keeps it back.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for the one place that must show it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Lenient for Secret {
    fn read(value: Value) -> Option<Secret> {
        match value {
            Value::String(text) => Some(Secret(text)),
            _ => None,
        }
    }
}

upstream! {
    /// A customer's own session upstream, good for an hour.
    pub struct CustomerSession {
        /// What its calls show in place of the store's token.
        token: Secret = "apiToken" | "api_token",
        /// Whose it is; 0 where upstream does not say.
        customer_id: CustomerId = "customerId" | "customer_id",
    }
}

impl Resource for CustomerSession {
    const NAME: &'static str = "customer_session";
    const PLURAL: &'static str = "customer_sessions";
}

impl CustomerSession {
    /// `POST /customers/{id}/sessions`. It changes nothing of the customer's.
    pub fn create(id: CustomerId) -> Request {
        Request::post(format!("/customers/{id}/sessions"), json!({}))
    }
}

upstream! {
    /// The way into the hosted portal, with a token that is good for a short time.
    pub struct PortalAccess {
        /// Where to send the customer's browser.
        portal_url: Secret,
    }
}

impl Resource for PortalAccess {
    const NAME: &'static str = "portal_access";
    const PLURAL: &'static str = "portal_accesses";
}

impl PortalAccess {
    /// `GET /portal_access` with a customer's `session`, for the page of her subscriptions.
    /// `shop_url` is the store's address at its platform, where it has one.
    pub fn retrieve(session: &CustomerSession, shop_url: Option<&str>) -> Request {
        Request::get("/portal_access")
            .with_some("shop_url", shop_url)
            .with("page_destination", "subscriptions")
            .shown_by(session.token.clone())
    }
}

upstream! {
    /// A customer's hash and nothing else of her: it names, and opens, her hosted portal.
    pub struct CustomerHash: CustomerId {
        /// The hash.
        hash: Secret,
    }
}

impl Resource for CustomerHash {
    const NAME: &'static str = "customer";
    const PLURAL: &'static str = "customers";
}

impl CustomerHash {
    /// `GET /customers/{id}`.
    pub fn retrieve(id: CustomerId) -> Request {
        Request::get(format!("/customers/{id}"))
    }
}
