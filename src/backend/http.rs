//! The middleware over HTTP: a small `fetch` of our own, which costs the bundle far less than a
//! client crate.

use js_sys::{Object, Promise, Reflect};
use leptos::prelude::window;
use protocol::view::PREVIEW;
use protocol::{CARD_SETUPS, IDEMPOTENCY_KEY, Problem};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCredentials, RequestInit, Response};

use super::{Answer, Failure, Request};
use crate::ui::task;

/// How long a read may take, milliseconds.
const READ_TIMEOUT: i32 = 20_000;

/// How long a change may take: the server waits for a busy upstream before it answers.
const CHANGE_TIMEOUT: i32 = 45_000;

/// A middleware below the page's own origin.
#[derive(Clone)]
pub struct Http {
    base: String,
    /// Answers that the bootstrap script asked for, by path; each is taken once.
    first: JsValue,
}

/// One request as `fetch` takes it.
struct Outgoing {
    method: String,
    path: String,
    body: Option<String>,
    key: Option<String>,
    timeout: i32,
}

impl Http {
    /// A middleware whose API lives at `base` (such as `/portal/api`). `first` is an object that
    /// holds, by path below the base, promises of responses already asked for.
    pub fn new(base: String, first: JsValue) -> Http {
        Http { base, first }
    }

    /// Sends `request`; see [`Backend::send`](super::Backend::send).
    pub fn send(&self, request: Request) -> Answer {
        let outgoing = Outgoing::from(request);
        let under_way = (outgoing.method == "GET")
            .then(|| self.take_first(&outgoing.path))
            .flatten();
        let url = format!("{}{}", self.base, outgoing.path);
        Box::pin(async move {
            let response = match under_way {
                Some(promise) => within(READ_TIMEOUT, promise, None).await,
                None => fetch(&url, outgoing).await,
            };
            read(response?).await
        })
    }

    /// The promise that the bootstrap script made for `path`, the first time it is asked for.
    fn take_first(&self, path: &str) -> Option<Promise> {
        if !self.first.is_object() {
            return None;
        }
        let name = JsValue::from_str(path);
        let promise = Reflect::get(&self.first, &name).ok()?;
        let _ = Reflect::delete_property(self.first.unchecked_ref::<Object>(), &name);
        promise.dyn_into().ok()
    }
}

impl From<Request> for Outgoing {
    fn from(request: Request) -> Outgoing {
        match request {
            Request::Read(query) => Outgoing {
                method: "GET".into(),
                path: query.path(),
                body: None,
                key: None,
                timeout: READ_TIMEOUT,
            },
            Request::Change { key, intent } => Outgoing {
                method: intent.method,
                path: intent.path,
                body: Some(intent.body),
                key: Some(key),
                timeout: CHANGE_TIMEOUT,
            },
            Request::Preview(intent) => Outgoing {
                method: "POST".into(),
                path: PREVIEW.into(),
                body: serde_json::to_string(&intent).ok(),
                key: None,
                timeout: READ_TIMEOUT,
            },
            Request::CardSetup { key } => Outgoing {
                method: "POST".into(),
                path: CARD_SETUPS.into(),
                body: Some("{}".into()),
                key: Some(key),
                timeout: READ_TIMEOUT,
            },
            Request::SignOut => Outgoing {
                method: "DELETE".into(),
                path: "/session".into(),
                body: None,
                key: None,
                timeout: READ_TIMEOUT,
            },
        }
    }
}

async fn fetch(url: &str, outgoing: Outgoing) -> Result<Response, Failure> {
    let lost = |_: JsValue| Failure::Lost;
    let abort = AbortController::new().map_err(lost)?;
    let headers = Headers::new().map_err(lost)?;
    headers.set("accept", "application/json").map_err(lost)?;
    let init = RequestInit::new();
    init.set_method(&outgoing.method);
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_signal(Some(&abort.signal()));
    if let Some(body) = &outgoing.body {
        headers
            .set("content-type", "application/json")
            .map_err(lost)?;
        init.set_body(&JsValue::from_str(body));
    }
    if let Some(key) = &outgoing.key {
        headers.set(IDEMPOTENCY_KEY, key).map_err(lost)?;
    }
    init.set_headers(&headers);
    let promise = window().fetch_with_str_and_init(url, &init);
    within(outgoing.timeout, promise, Some(abort)).await
}

/// The response, unless it takes longer than `ms`; then the request is aborted.
async fn within(
    ms: i32,
    promise: Promise,
    abort: Option<AbortController>,
) -> Result<Response, Failure> {
    let late = wasm_bindgen_futures::future_to_promise(async move {
        task::sleep(ms).await;
        Err(JsValue::NULL)
    });
    let first = Promise::race(&js_sys::Array::of2(&promise, &late));
    match JsFuture::from(first).await {
        Ok(response) => response.dyn_into().map_err(|_| Failure::Lost),
        Err(_) => {
            if let Some(abort) = abort {
                abort.abort();
            }
            Err(Failure::Lost)
        }
    }
}

/// The text of a good answer, the problem of a bad one. An error that is no problem of ours
/// comes from something in between, which knows nothing about what was done.
async fn read(response: Response) -> Result<String, Failure> {
    let text = JsFuture::from(response.text().map_err(|_| Failure::Lost)?)
        .await
        .ok()
        .and_then(|text| text.as_string())
        .ok_or(Failure::Lost)?;
    if response.ok() {
        return Ok(text);
    }
    let problem = protocol::read::<Problem>(&text).map(Box::new);
    Err(problem.map_or(Failure::Lost, Failure::Problem))
}
