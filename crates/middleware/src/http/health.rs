//! What a load balancer asks.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::state::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/healthz", get(|| async { "alive" }))
        .route("/readyz", get(ready))
}

/// Ready means: not about to stop, and the store can be written. Why it cannot is logged when that
/// begins, and not each time it is asked. What Recharge refuses, and that it fails, is told, and
/// takes nothing out of service: that would only hide the portal's own explanation. So are effects
/// that fail, and a configuration file that is wrong.
async fn ready(State(app): State<Arc<App>>) -> (StatusCode, String) {
    if !app.is_ready() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping".to_owned());
    }
    let checked = async {
        app.store.ping().await?;
        app.outbox.backlog().await
    };
    let checked = checked.await;
    if app.store_works.swap(checked.is_ok(), Ordering::SeqCst) != checked.is_ok() {
        match &checked {
            Ok(_) => tracing::info!("the store works again"),
            Err(error) => tracing::error!(%error, "not ready"),
        }
    }
    match checked {
        Ok(backlog) => {
            let mut text = "ready".to_owned();
            for complaint in app.upstream_health.complaints() {
                text.push_str(&format!("; Recharge {complaint}"));
            }
            if let Some(complaint) = app.config_health.complaint() {
                text.push_str(&format!("; the configuration stays as it was: {complaint}"));
            }
            if backlog.failing + backlog.given_up > 0 {
                text.push_str(&format!(
                    "; effects: {} waiting, {} of them failing, {} given up",
                    backlog.waiting, backlog.failing, backlog.given_up
                ));
            }
            (StatusCode::OK, text)
        }
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the store cannot be written".to_owned(),
        ),
    }
}
