//! The table of routes.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;

use crate::http::{answer, api, cross_origin, entry, hand_over, health, portal, webhooks};
use crate::limit::guesses;
use crate::problem::ApiError;
use crate::state::App;

/// The routes: what the merchant's server uses, what the browser uses, what operators use.
pub fn router(app: &Arc<App>) -> Router {
    Router::new()
        .merge(entry::routes())
        .merge(api::routes())
        .merge(cross_origin::routes())
        .merge(hand_over::routes())
        .merge(webhooks::routes())
        .merge(portal::routes())
        .merge(health::routes())
        .route("/", get(|| async { Redirect::to("/portal/") }))
        .fallback(async || ApiError::no_route())
        .method_not_allowed_fallback(async || ApiError::method(&["GET", "HEAD"]))
        .layer(CatchPanicLayer::custom(|_| panicked()))
        .layer(from_fn_with_state(Arc::clone(&app.limits), guesses))
        .layer(from_fn_with_state(Arc::clone(app), answer::answer))
        .with_state(Arc::clone(app))
}

/// The panic itself is logged by the hook that [`crate::log::init`] sets.
fn panicked() -> Response {
    ApiError::internal().into_response()
}
