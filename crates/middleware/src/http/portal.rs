//! Serving the files of the portal.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{Redirect, Response};
use axum::routing::get;

use crate::assets::BASE;
use crate::problem::ApiError;
use crate::state::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/portal", get(|| async { Redirect::permanent(BASE) }))
        .route(BASE, get(serve).fallback(refuse))
        .route("/portal/{*path}", get(serve).fallback(refuse))
}

async fn refuse() -> ApiError {
    ApiError::method(&["GET", "HEAD"])
}

async fn serve(
    State(app): State<Arc<App>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let path = uri.path().strip_prefix(BASE).unwrap_or_default();
    let answer = app.assets.answer(path, &method, &headers);
    answer.ok_or_else(ApiError::no_route)
}
