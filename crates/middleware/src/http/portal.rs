//! Serving the files of the portal.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path as FilePath, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri, Version};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;

use crate::assets::{BASE, FILES, TEXTS, is_place};
use crate::headers::{NO_STORE, REVALIDATE};
use crate::http::first_answers;
use crate::http::navigation::Navigation;
use crate::problem::ApiError;
use crate::session::{self, SignedIn};
use crate::state::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    // The portal's other files are compressed already.
    let texts = Router::new()
        .route(TEXTS, get(texts).fallback(refuse))
        .layer(CompressionLayer::new());
    let files = Router::new()
        .route(BASE, get(serve).fallback(refuse))
        .route(FILES, get(serve).fallback(refuse))
        .layer(CompressionLayer::new().compress_when(is_private));
    Router::new()
        .merge(texts)
        .merge(files)
        .route("/portal", get(|| async { Redirect::permanent(BASE) }))
}

/// Whether an answer is a page with answers of the API in it, which no file has.
fn is_private(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    headers.get(CACHE_CONTROL) == Some(&NO_STORE)
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
    session(app, headers).await?.terms.locale
}

/// The session of a request; none where the store cannot say.
async fn session(app: &App, headers: &HeaderMap) -> Option<SignedIn> {
    session::current(app, headers).await.unwrap_or_default()
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
    let session = if is_place(path) {
        session(&app, &headers).await
    } else {
        None
    };
    let locale = session
        .as_ref()
        .and_then(|session| session.terms.locale.as_deref());
    let language = app.config.languages.of_request(locale, &headers);
    let tag = &language.tag;
    // Nobody waits for the answers of what the browser has not navigated to.
    let is_awaited = method == Method::GET && Navigation::of(&headers).is_some();
    if session.is_some()
        && is_awaited
        && let Some(page) = app.assets.page(tag)
    {
        let named = [tag, locale.unwrap_or(tag)].map(|tag| format!("<html lang=\"{tag}\""));
        let page = page.replacen(&named[0], &named[1], 1);
        let is_overview = path.is_empty();
        return Ok(first_answers::page(&app, &page, is_overview, &headers));
    }
    let answer = app.assets.answer(path, &method, &headers, tag);
    answer.ok_or_else(ApiError::no_route)
}
