//! From HTTP to a call and back.

use std::fmt;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{HeaderMap, Request, Response};
use serde_json::Value;

use super::{Tenants, admin, webhooks};
use crate::errors;
use crate::hosted::SESSION_PREFIX;
use crate::routes::is_of_2021_01;
use crate::{Answer, Call};

/// The version of the API.
const VERSION: &str = "2021-11";
/// The version before, on the few calls that the new one does not have.
const OLD_VERSION: &str = "2021-01";

/// The connection is to break without an answer.
#[derive(Debug)]
pub(super) struct Lost;

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection broken by a fault")
    }
}

impl std::error::Error for Lost {}

/// Answers one request, or breaks its connection.
pub(super) async fn answer(
    tenants: &Tenants,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Lost> {
    let (head, body) = request.into_parts();
    let bytes = body.collect().await.map_err(|_| Lost)?.to_bytes();
    let processor = &tenants.processor;
    if let Some(answer) = processor.answer(&head.method, head.uri.path(), &head.headers, &bytes) {
        return Ok(answer);
    }
    if let Some(path) = hosted_path(head.uri.path()) {
        return Ok(hosted(tenants, path, head.uri.query().unwrap_or_default()));
    }
    let Some(token) = token(&head.headers).filter(|token| *token != "invalid") else {
        return Ok(outside(errors::unauthorized()));
    };
    let (token, session) = if token.starts_with(SESSION_PREFIX) {
        match tenants.store_of_session(token) {
            Some(store) => (store, Some(token.to_owned())),
            None => return Ok(outside(errors::not_a_session())),
        }
    } else {
        (token.to_owned(), None)
    };
    let call = Call {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
        body: (!bytes.is_empty()).then(|| serde_json::from_slice(&bytes).unwrap_or(Value::Null)),
        session,
    };
    if call.path.starts_with("/_sandbox/") {
        let answer = admin::answer(tenants, &token, &call);
        webhooks::deliver(tenants, &token);
        return Ok(response(answer));
    }
    let version = match head.headers.get("x-recharge-version") {
        None => Some(VERSION),
        Some(asked) if asked == VERSION => Some(VERSION),
        Some(asked) if asked == OLD_VERSION && is_of_2021_01(&call.path) => Some(OLD_VERSION),
        Some(_) => None,
    };
    let Some(version) = version else {
        return Ok(outside(errors::bad_version()));
    };
    let answer = tenants.with(&token, |tenant| {
        let now = tenant.now();
        tenant.store.handle(now, call)
    });
    webhooks::deliver(tenants, &token);
    if answer.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(answer.delay_ms)).await;
    }
    if answer.is_lost {
        Err(Lost)
    } else {
        Ok(spoken(answer, version))
    }
}

/// An answer that no store gave, which names the limit like any other.
fn outside(mut answer: Answer) -> Response<Full<Bytes>> {
    answer.headers.push(("x-recharge-limit", "1/40".into()));
    response(answer)
}

/// The path of a page of the hosted portal.
fn hosted_path(path: &str) -> Option<&str> {
    let is_hosted = path.starts_with("/portal/") || path.starts_with("/tools/recurring/portal/");
    is_hosted.then_some(path)
}

/// A page of the hosted portal. Whoever is not let in is told to sign in, and no more.
fn hosted(tenants: &Tenants, path: &str, query: &str) -> Response<Full<Bytes>> {
    let mut query = form_urlencoded::parse(query.as_bytes());
    let token = query.find(|(name, _)| name == "token");
    let page = tenants.hosted_page(path, token.as_ref().map(|(_, token)| token.as_ref()));
    let (status, html) = match page {
        Some(html) => (200, html),
        None => (
            401,
            "<!doctype html><title>Sign in</title><h1>Please sign in</h1>".to_owned(),
        ),
    };
    Response::builder()
        .status(status)
        .header("content-type", "text/html; charset=utf-8")
        .header("cache-control", "no-store")
        .header("referrer-policy", "no-referrer")
        .body(Full::new(Bytes::from(html)))
        .unwrap_or_else(|_| Response::new(Full::default()))
}

fn token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get("x-recharge-access-token")?
        .to_str()
        .ok()
        .filter(|token| !token.is_empty())
}

/// An answer in the current version.
fn response(answer: Answer) -> Response<Full<Bytes>> {
    spoken(answer, VERSION)
}

fn spoken(answer: Answer, version: &str) -> Response<Full<Bytes>> {
    let (content_type, body) = match (answer.body, answer.text) {
        (_, Some(text)) => (
            Some("text/html; charset=utf-8"),
            Bytes::from_static(text.as_bytes()),
        ),
        (Some(json), None) => (Some("application/json"), Bytes::from(json.to_string())),
        (None, None) => (None, Bytes::new()),
    };
    let mut response = Response::builder()
        .status(answer.status)
        .header("x-recharge-version", version);
    if let Some(content_type) = content_type {
        response = response.header("content-type", content_type);
    }
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    // Only a status outside 100 to 999, asked for by a fault, cannot be built.
    response
        .body(Full::new(body))
        .unwrap_or_else(|_| Response::new(Full::default()))
}
