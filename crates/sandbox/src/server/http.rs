//! From HTTP to a call and back.

use std::fmt;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{HeaderMap, Request, Response};
use serde_json::Value;

use super::{Shelf, admin};
use crate::errors;
use crate::{Answer, Call};

/// The only version of the API there is.
const VERSION: &str = "2021-11";

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
    shelf: &Shelf,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Lost> {
    let (head, body) = request.into_parts();
    let bytes = body.collect().await.map_err(|_| Lost)?.to_bytes();
    let processor = &shelf.processor;
    if let Some(answer) = processor.answer(&head.method, head.uri.path(), &head.headers, &bytes) {
        return Ok(answer);
    }
    let Some(token) = token(&head.headers).filter(|token| *token != "invalid") else {
        let mut refused = errors::unauthorized();
        refused.headers.push(("x-recharge-limit", "1/40".into()));
        return Ok(response(refused));
    };
    let token = token.to_owned();
    let call = Call {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
        body: (!bytes.is_empty()).then(|| serde_json::from_slice(&bytes).unwrap_or(Value::Null)),
    };
    if call.path.starts_with("/_sandbox/") {
        return Ok(response(admin::answer(shelf, &token, &call)));
    }
    let version = head.headers.get("x-recharge-version");
    if version.is_some_and(|version| version.as_bytes() != VERSION.as_bytes()) {
        return Ok(response(errors::bad_version()));
    }
    let answer = shelf.with(&token, |kept| {
        let now = kept.now();
        kept.store.handle(now, call)
    });
    if answer.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(answer.delay_ms)).await;
    }
    if answer.is_lost {
        Err(Lost)
    } else {
        Ok(response(answer))
    }
}

fn token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get("x-recharge-access-token")?
        .to_str()
        .ok()
        .filter(|token| !token.is_empty())
}

fn response(answer: Answer) -> Response<Full<Bytes>> {
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
        .header("x-recharge-version", VERSION);
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
