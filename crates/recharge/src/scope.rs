//! The scopes that a token needs.

use crate::{Method, Request};

impl Request {
    /// The scope that the token needs for this request; `None` where it needs none.
    pub fn scope(&self) -> Option<&'static str> {
        let mut parts = self.path.trim_start_matches('/').split('/');
        let resource = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        let is_read = self.method == Method::Get;
        let either = |read, write| Some(if is_read { read } else { write });
        match (resource, rest.as_slice()) {
            ("customers", [_, "credit_summary"]) => Some("read_credit_summary"),
            ("customers", [_, "notifications"]) => Some("write_notifications"),
            ("customers", [_, "sessions"]) => Some("write_sessions"),
            ("charges", [_, "process"]) => Some("write_payments"),
            ("charges" | "orders", _) | (_, [_, "charges", ..]) => {
                either("read_orders", "write_orders")
            }
            ("customers" | "addresses" | "metafields", _) => {
                either("read_customers", "write_customers")
            }
            ("subscriptions" | "onetimes" | "bundle_selections" | "purchase_items", _) => {
                either("read_subscriptions", "write_subscriptions")
            }
            ("payment_methods", _) => either("read_payment_methods", "write_payment_methods"),
            (
                "products" | "product_search" | "plans" | "collections" | "collection_products",
                _,
            ) => Some("read_products"),
            ("discounts", _) => Some("read_discounts"),
            ("store", _) => Some("read_store"),
            _ => None,
        }
    }
}
