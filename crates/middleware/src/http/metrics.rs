//! `/metrics` for Prometheus, on a listener of its own.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use crate::problem::ApiError;
use crate::state::App;

const OPENMETRICS: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// The routes of the listener for Prometheus.
pub(crate) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/metrics", get(scrape))
        .with_state(Arc::clone(app))
}

/// All metrics as text.
async fn scrape(State(app): State<Arc<App>>) -> Result<Response, ApiError> {
    let mut registry = Registry::with_prefix("perennial");
    app.metrics.register(&mut registry);
    app.upstream_health.metrics.register(&mut registry);
    register_gateway(&app, &mut registry);
    register_store(&app, &mut registry).await;
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|_| ApiError::internal())?;
    Ok(([(CONTENT_TYPE, OPENMETRICS)], text).into_response())
}

fn register_gateway(app: &App, registry: &mut Registry) {
    let counts = app.gateway.counts();
    for (name, help, count) in [
        (
            "replays",
            "Changes that were answered again because their key had been used",
            counts.replays,
        ),
        (
            "write_retries",
            "Writes that were sent again because Recharge was at work there (409)",
            counts.retries,
        ),
        (
            "cache_hits",
            "Reads that were answered from the cache",
            counts.cache_hits,
        ),
        (
            "cache_misses",
            "Reads that Recharge was asked for",
            counts.cache_misses,
        ),
    ] {
        registry.register(name, help, ConstCounter::new(count));
    }
}

/// Adds what the database says. While it cannot be read, these are missing.
async fn register_store(app: &App, registry: &mut Registry) {
    let now_ms = app.env.now_ms();
    let limits = &app.config.session;
    let live = app
        .statistics
        .live_sessions(now_ms - limits.idle_ms, now_ms - limits.absolute_ms)
        .await;
    if let Ok(live) = live {
        registry.register("sessions", "Sessions that have not ended", gauge(live));
    }
    if let Ok(backlog) = app.outbox.backlog().await {
        for (name, help, jobs) in [
            ("outbox_waiting", "Jobs that will be tried", backlog.waiting),
            ("outbox_failing", "Jobs that failed before", backlog.failing),
            (
                "outbox_given_up",
                "Jobs that are not tried again by themselves",
                backlog.given_up,
            ),
        ] {
            registry.register(name, help, gauge(jobs));
        }
    }
}

fn gauge(count: u64) -> ConstGauge<i64> {
    ConstGauge::new(i64::try_from(count).unwrap_or(i64::MAX))
}
