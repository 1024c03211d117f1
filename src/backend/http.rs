//! The middleware over HTTP, by gloo-net.

use gloo_net::Error;
use gloo_net::http::{RequestBuilder, Response};
use js_sys::{Function, Object, Promise, Reflect};
use protocol::view::PREVIEW;
use protocol::{AGE, CARD_SETUPS, IDEMPOTENCY_KEY, Problem};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCredentials};

use super::request::{Answer, Failure, Reply, Request};
use crate::i18n::locale;
use crate::ui::task;

/// How long a read may take, milliseconds: longer than the server tries.
const READ_TIMEOUT: i32 = 40_000;

/// A busy server names a time; a read is sent once more after it, where it is this many seconds at
/// most.
const PATIENCE: i32 = 30;

/// How long a change may take: the server waits for a busy upstream before it answers.
const CHANGE_TIMEOUT: i32 = 45_000;

/// A middleware.
#[derive(Clone)]
pub struct Http {
    base: String,
    /// Answers that the bootstrap script asked for, by path; each is taken once.
    first: JsValue,
    /// Sends a request as `fetch` does, with what says whose it is.
    fetch: JsValue,
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
    /// A middleware whose API lives at `base` (such as `https://shop.example/portal/api`). `first`
    /// is an object that holds, by path below the base, promises of responses already asked for.
    /// `fetch` is the function that sends a request.
    pub fn new(base: String, first: JsValue, fetch: JsValue) -> Http {
        Http { base, first, fetch }
    }

    /// Sends `request`; see [`Backend::send`](super::Backend::send).
    pub fn send(&self, request: Request) -> Answer {
        let outgoing = Outgoing::from(request);
        let under_way = (outgoing.method == "GET")
            .then(|| self.take_first(&outgoing.path))
            .flatten();
        let url = format!("{}{}", self.base, outgoing.path);
        let send = self.fetch.clone();
        Box::pin(async move {
            let mut response = match under_way {
                Some(promise) => within(READ_TIMEOUT, promise, None).await?,
                None => fetch(&send, &url, &outgoing).await?,
            };
            if outgoing.method == "GET"
                && let Some(seconds) = busy_for(&response)
            {
                task::sleep(seconds * 1_000).await;
                response = fetch(&send, &url, &outgoing).await?;
            }
            read(response).await
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
            Request::Post(path, body) => Outgoing {
                method: "POST".into(),
                path: path.into(),
                body: Some(body),
                key: None,
                timeout: READ_TIMEOUT,
            },
            Request::SignOut | Request::SignOutEverywhere => Outgoing {
                method: "DELETE".into(),
                path: match request {
                    Request::SignOut => "/session".into(),
                    _ => "/sessions".into(),
                },
                body: None,
                key: None,
                timeout: READ_TIMEOUT,
            },
        }
    }
}

/// How long the server is busy, seconds, where it says so and that is worth waiting for.
fn busy_for(response: &Response) -> Option<i32> {
    let seconds: i32 = response.headers().get("retry-after")?.parse().ok()?;
    (response.status() == 503 && (1..=PATIENCE).contains(&seconds)).then_some(seconds)
}

async fn fetch(send: &JsValue, url: &str, outgoing: &Outgoing) -> Result<Response, Failure> {
    let abort = AbortController::new().map_err(|_| Failure::Lost)?;
    let request: web_sys::Request = build(url, outgoing, &abort)?.into();
    // gloo-net's own `send` panics where a page has put something around its `fetch` that fails
    // with anything else than an `Error`.
    let send: &Function = send.unchecked_ref();
    let promise = send.call1(&JsValue::NULL, &request);
    let promise = promise.map_err(|_| Failure::Lost)?.unchecked_into();
    within(outgoing.timeout, promise, Some(abort)).await
}

fn build(
    url: &str,
    outgoing: &Outgoing,
    abort: &AbortController,
) -> Result<gloo_net::http::Request, Failure> {
    let lost = |_: Error| Failure::Lost;
    let mut request = RequestBuilder::new(url)
        .method(outgoing.method.parse().map_err(|_| Failure::Lost)?)
        .credentials(RequestCredentials::SameOrigin)
        .abort_signal(Some(&abort.signal()))
        .header("accept", "application/json")
        .header("accept-language", &locale());
    if let Some(key) = &outgoing.key {
        request = request.header(IDEMPOTENCY_KEY, key);
    }
    match &outgoing.body {
        Some(body) => request
            .header("content-type", "application/json")
            .body(body)
            .map_err(lost),
        None => request.build().map_err(lost),
    }
}

/// The response, unless it takes longer than `ms`; then the request is aborted.
async fn within(
    ms: i32,
    promise: Promise,
    abort: Option<AbortController>,
) -> Result<Response, Failure> {
    let first = Promise::race(&js_sys::Array::of2(&promise, &task::timer(ms)));
    let first = JsFuture::from(first).await.unwrap_or_default();
    // Nothing where the time was up, or where the request failed, which aborting does not change.
    let response: Result<web_sys::Response, _> = first.dyn_into();
    response.map(Response::from).map_err(|_| {
        if let Some(abort) = abort {
            abort.abort();
        }
        Failure::Lost
    })
}

/// The text of a good answer, the problem of a bad one. An error that is no problem of ours
/// comes from something in between, which knows nothing about what was done.
async fn read(response: Response) -> Result<Reply, Failure> {
    let text = response.text().await.map_err(|_| Failure::Lost)?;
    if response.ok() {
        let age = response.headers().get(AGE);
        let seconds: i64 = age.and_then(|age| age.parse().ok()).unwrap_or(0);
        let age_ms = seconds.saturating_mul(1_000);
        return Ok(Reply { text, age_ms });
    }
    let problem = protocol::read::<Problem>(&text).map(Box::new);
    Err(problem.map_or(Failure::Lost, Failure::Problem))
}
