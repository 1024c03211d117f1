//! The portal that Recharge hosts itself, and what lets a customer into it.

use base::Secret;
use serde_json::json;

use crate::id::CustomerId;
use crate::lenient::upstream;
use crate::resource::Resource;
use crate::transport::Request;

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
    /// `GET /portal_access` with a customer's `session`, for the page of their subscriptions.
    /// `shop_url` is the store's address at its platform, where it has one.
    pub fn retrieve(session: &CustomerSession, shop_url: Option<&str>) -> Request {
        Request::get("/portal_access")
            .with_some("shop_url", shop_url)
            .with("page_destination", "subscriptions")
            .shown_by(session.token.clone())
    }
}

upstream! {
    /// A customer's hash and nothing else of them: it names, and opens, their hosted portal.
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
