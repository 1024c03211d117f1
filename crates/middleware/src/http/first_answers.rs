//! The page of the portal with the first answers of the API in it. The page is sent at once, and each
//! answer as soon as it is known; docs/middleware.md describes them.

use std::convert::Infallible;
use std::future::ready;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, COOKIE, HeaderName, RETRY_AFTER,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use futures_util::stream::{self, FuturesUnordered, StreamExt};
use protocol::{AGE, API_BASE};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::headers::NO_STORE;
use crate::http::{answer::answer, api};
use crate::state::App;

/// What the portal asks for first, below the API: on every page, and on the overview.
const PATHS: [&str; 2] = ["/session", "/overview"];
/// What says of the request whose it is, and what of that the API takes into account.
const PASSED_ON: [HeaderName; 2] = [ACCEPT_LANGUAGE, COOKIE];
/// Before it the answers stand in the page.
const END: &str = "</body>";

/// The page of `html`, with the answers to whoever sent `request`.
pub(super) fn page(app: &Arc<App>, html: &str, is_overview: bool, request: &HeaderMap) -> Response {
    // Each answer is logged and audited as if the browser had asked for it.
    let api = api::routes()
        .layer(from_fn_with_state(Arc::clone(app), answer))
        .with_state(Arc::clone(app));
    let paths = if is_overview { &PATHS[..] } else { &PATHS[..1] };
    let answers: FuturesUnordered<_> = paths
        .iter()
        .map(|path| block(api.clone(), path, request))
        .collect();
    let (start, end) = html.split_at(html.find(END).unwrap_or(html.len()));
    let [start, end] = [start, end].map(|part| stream::once(ready(part.to_owned())));
    let pieces = start.chain(answers).chain(end).map(Ok::<_, Infallible>);
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, NO_STORE);
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(CONTENT_TYPE, html);
    response
}

/// The answer to `path` as a data block; nothing where there is none, and the portal asks itself.
fn block(
    api: Router,
    path: &'static str,
    request: &HeaderMap,
) -> impl Future<Output = String> + use<> {
    let mut asking = Request::new(Body::empty());
    *asking.uri_mut() = [API_BASE, path].concat().parse().unwrap_or_default();
    for name in PASSED_ON {
        for value in request.get_all(&name) {
            asking.headers_mut().append(&name, value.clone());
        }
    }
    async move {
        let Ok(answer) = api.oneshot(asking).await;
        let (head, body) = answer.into_parts();
        match to_bytes(body, usize::MAX).await {
            Ok(body) => written(path, head.status.as_u16(), &head.headers, &body),
            Err(_) => String::new(),
        }
    }
}

/// An answer as it stands in the page: what a script makes a `Response` of.
fn written(path: &str, status: u16, headers: &HeaderMap, body: &Bytes) -> String {
    let said = |name: &HeaderName| {
        Some((
            name.as_str().to_owned(),
            headers.get(name)?.to_str().ok()?.into(),
        ))
    };
    let said: serde_json::Map<String, Value> = [RETRY_AFTER, HeaderName::from_static(AGE)]
        .iter()
        .filter_map(said)
        .collect();
    let init = json!({ "status": status, "headers": said });
    // In JSON this letter stands within texts only, and nothing else ends a script.
    let json = String::from_utf8_lossy(body).replace('<', "\\u003c");
    format!(
        "<script type=\"application/json\" data-answer=\"{path}\" data-init='{init}'>{json}</script>\n"
    )
}
