//! What a load balancer asks.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::app::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/healthz", get(|| async { "alive" }))
        .route("/readyz", get(ready))
}

/// Ready means: not about to stop, and the store works. Recharge is not asked: while it is away,
/// taking every instance out of service would only hide the portal's own explanation.
async fn ready(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    if !app.is_ready() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    match app.store.ping().await {
        Ok(()) => (StatusCode::OK, "ready"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not work")
        }
    }
}
