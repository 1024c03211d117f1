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
///
/// Effects that fail are told, and take nothing out of service either.
async fn ready(State(app): State<Arc<App>>) -> (StatusCode, String) {
    if !app.is_ready() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping".to_owned());
    }
    let checked = async {
        app.store.ping().await?;
        app.outbox.backlog().await
    };
    match checked.await {
        Ok(backlog) if backlog.failing + backlog.given_up > 0 => {
            let text = format!(
                "ready; effects: {} waiting, {} of them failing, {} given up",
                backlog.waiting, backlog.failing, backlog.given_up
            );
            (StatusCode::OK, text)
        }
        Ok(_) => (StatusCode::OK, "ready".to_owned()),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the store does not work".to_owned(),
            )
        }
    }
}
