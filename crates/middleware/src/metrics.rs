//! What is measured of requests.

use axum::http::Method;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// What is measured of requests.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Family<[(&'static str, String); 3], Counter>,
}

impl Metrics {
    /// Counts a request of `route`, which has placeholders in place of ids and tokens.
    pub(crate) fn request(&self, method: &Method, route: &str, status: u16) {
        // Whoever sends a method of their own must not make a label of it.
        let known = [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::DELETE,
            Method::OPTIONS,
        ];
        let method = if known.contains(method) {
            method.as_str()
        } else {
            "other"
        };
        let labels = [
            ("method", method.to_owned()),
            ("route", route.to_owned()),
            ("status", status.to_string()),
        ];
        self.requests.get_or_create(&labels).inc();
    }

    /// Adds the metrics to `registry`.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "http_requests",
            "Requests by method, route and status",
            self.requests.clone(),
        );
    }
}
