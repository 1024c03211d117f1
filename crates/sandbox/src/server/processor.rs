//! The payment processor beside the store: makes setups as Stripe's API does, and serves the
//! card fields that a portal shows in an iframe.
//!
//! | call | what it does |
//! | --- | --- |
//! | `POST /v1/setup_intents` | a setup with its client secret; the same for the same `idempotency-key` |
//! | `GET /processor/card.html`, `.js`, `.css` | the card fields, and alone in a window the bank's page |
//! | `POST /processor/intents/read`, `write` | what the fields know of a setup: no card data |

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{HeaderMap, Method, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

/// The card fields as served; they also stand beside a preview that has no server.
const FILES: [(&str, &str, &str); 3] = [
    (
        "/processor/card.html",
        "text/html; charset=utf-8",
        include_str!("../processor/card.html"),
    ),
    (
        "/processor/card.js",
        "text/javascript; charset=utf-8",
        include_str!("../processor/card.js"),
    ),
    (
        "/processor/card.css",
        "text/css; charset=utf-8",
        include_str!("../processor/card.css"),
    ),
];

/// The fields load nothing from elsewhere and talk to their own server only.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'";

/// So many setups are remembered; then all are forgotten.
const MOST: usize = 1_000;

/// What the processor remembers: the state of each setup by its client secret.
#[derive(Default)]
pub(super) struct Processor {
    setups: Mutex<HashMap<String, Value>>,
}

/// What the card fields say or ask of a setup.
#[derive(Deserialize)]
struct About {
    secret: String,
    state: Option<Value>,
}

impl Processor {
    /// The answer, where the path is one of the processor's.
    pub(super) fn answer(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Option<Response<Full<Bytes>>> {
        if let Some((_, kind, text)) = FILES.iter().find(|(name, _, _)| *name == path) {
            return Some(respond(
                StatusCode::OK,
                kind,
                Bytes::from_static(text.as_bytes()),
            ));
        }
        let answer = match path {
            "/v1/setup_intents" if method == Method::POST => setup(headers),
            "/processor/intents/read" | "/processor/intents/write" if method == Method::POST => {
                self.state(body)
            }
            _ => return None,
        };
        let status = match answer {
            Some(_) => StatusCode::OK,
            None => StatusCode::BAD_REQUEST,
        };
        let body = answer.unwrap_or(json!({"error": {"type": "invalid_request_error"}}));
        Some(respond(
            status,
            "application/json",
            Bytes::from(body.to_string()),
        ))
    }

    /// Stores the state that comes along, and answers what is stored.
    fn state(&self, body: &[u8]) -> Option<Value> {
        let about: About = serde_json::from_slice(body).ok()?;
        let mut setups = self.setups.lock().unwrap_or_else(PoisonError::into_inner);
        if setups.len() >= MOST {
            setups.clear();
        }
        if let Some(state) = about.state {
            setups.insert(about.secret.clone(), state);
        }
        let tenant = setups.get(&about.secret).cloned();
        Some(tenant.unwrap_or(json!({"status": "requires_payment_method"})))
    }
}

/// A setup is nothing but its name until a card is typed in.
fn setup(headers: &HeaderMap) -> Option<Value> {
    let key = headers.get("idempotency-key")?.to_str().ok()?;
    let id = format!("seti_{key}");
    let client_secret = format!("{id}_secret_sandbox");
    Some(json!({
        "id": id,
        "object": "setup_intent",
        "client_secret": client_secret,
        "status": "requires_payment_method",
    }))
}

fn respond(status: StatusCode, kind: &str, body: Bytes) -> Response<Full<Bytes>> {
    let response = Response::builder()
        .status(status)
        .header("content-type", kind)
        .header("content-security-policy", POLICY)
        .header("cache-control", "no-store");
    // Every part is a constant that fits.
    response
        .body(Full::new(body))
        .unwrap_or_else(|_| Response::new(Full::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(processor: &Processor, path: &str, key: &str, body: Value) -> Option<Value> {
        let headers = HeaderMap::from_iter([(
            hyper::header::HeaderName::from_static("idempotency-key"),
            key.parse().unwrap(),
        )]);
        let body = body.to_string();
        let response = processor.answer(&Method::POST, path, &headers, body.as_bytes())?;
        let bytes = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(http_body_util::BodyExt::collect(response.into_body()))
            .unwrap()
            .to_bytes();
        serde_json::from_slice(&bytes).ok()
    }

    #[test]
    fn the_same_key_makes_the_same_setup() {
        let processor = Processor::default();
        let make = |key| ask(&processor, "/v1/setup_intents", key, Value::Null).unwrap();
        assert_eq!(make("a")["client_secret"], make("a")["client_secret"]);
        assert_ne!(make("a")["client_secret"], make("b")["client_secret"]);
    }

    #[test]
    fn what_became_of_a_setup_is_remembered() {
        let processor = Processor::default();
        let read = |secret: &str| {
            let body = json!({"secret": secret});
            ask(&processor, "/processor/intents/read", "", body).unwrap()["status"].clone()
        };
        let state = json!({"secret": "s", "state": {"status": "requires_action"}});
        ask(&processor, "/processor/intents/write", "", state).unwrap();
        assert_eq!(read("s"), "requires_action");
        assert_eq!(read("t"), "requires_payment_method");
    }
}
