//! Serving the files of the portal.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path as FilePath, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;

use crate::assets::{BASE, is_place};
use crate::headers::REVALIDATE;
use crate::problem::ApiError;
use crate::session;
use crate::state::App;

/// Everything below [`BASE`] that has no route of its own.
pub(crate) const ROUTE: &str = "/portal/{*path}";
/// Where the portal finds its texts in other languages.
pub(crate) const TEXTS: &str = "/portal/texts/{file}";

pub(crate) fn routes() -> Router<Arc<App>> {
    // The portal's other files are compressed already.
    let texts = Router::new()
        .route(TEXTS, get(texts).fallback(refuse))
        .layer(CompressionLayer::new());
    Router::new()
        .merge(texts)
        .route("/portal", get(|| async { Redirect::permanent(BASE) }))
        .route(BASE, get(serve).fallback(refuse))
        .route(ROUTE, get(serve).fallback(refuse))
}

/// The texts of the first language of those that a file names which there is, such as
/// `sv,de-CH.txt`; nothing where the portal has them itself.
async fn texts(
    State(app): State<Arc<App>>,
    file: FilePath<String>,
    headers: HeaderMap,
) -> Response {
    let asked = file.trim_end_matches(".txt");
    let languages = &app.config.languages;
    let locale = locale(&app, &headers).await;
    let language = languages.preferred(locale.as_deref().unwrap_or(asked));
    let tag = locale.as_deref().unwrap_or(&language.tag);
    let revalidate = [
        (CACHE_CONTROL, REVALIDATE),
        (VARY, HeaderValue::from_static("cookie")),
    ];
    let Some(lines) = language.lines.as_deref() else {
        let named = [(CONTENT_LANGUAGE, tag)];
        return (StatusCode::NO_CONTENT, revalidate, named).into_response();
    };
    let named = [(CONTENT_LANGUAGE, tag), (ETAG, language.etag.as_str())];
    let is_known = headers
        .get(IF_NONE_MATCH)
        .is_some_and(|known| *known == language.etag);
    if is_known {
        return (StatusCode::NOT_MODIFIED, revalidate, named).into_response();
    }
    (revalidate, named, lines.to_owned()).into_response()
}

/// The locale that the shop asked for with the session; none where the store cannot say.
async fn locale(app: &App, headers: &HeaderMap) -> Option<String> {
    let session = session::current(app, headers).await.unwrap_or_default();
    session?.terms.locale
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
    let locale = match is_place(path) {
        true => locale(&app, &headers).await,
        false => None,
    };
    let languages = &app.config.languages;
    let language = languages.of_request(locale.as_deref(), &headers);
    let answer = app.assets.answer(path, &method, &headers, &language.tag);
    answer.ok_or_else(ApiError::no_route)
}
