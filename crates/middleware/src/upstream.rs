//! The HTTPS client of Recharge: deadlines, safe retries, the shared budget, the circuit.

mod circuit;
mod health;
mod metrics;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use base::BoxFuture;
use recharge::{Method, NoAnswer, Recharge, Request, Response, read_body};
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Url};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, sleep, timeout_at};

use crate::budget::{Budget, Purpose};
use crate::config::UpstreamConfig;
use circuit::CircuitBreaker;
use metrics::NotSent;

pub use health::UpstreamHealth;

/// The header that says who calls.
const TOKEN: &str = "x-recharge-access-token";
/// Tries of one call at most, the first included.
const TRIES: u32 = 3;
/// First wait before another try, milliseconds; it doubles.
const BACKOFF_MS: u64 = 250;
/// First wait after a 429 without `Retry-After`, milliseconds; it doubles.
const BUSY_MS: u64 = 1_000;
/// An answer may have so many bytes; one that is longer counts as lost.
const LONGEST_ANSWER: usize = 8 * 1024 * 1024;

tokio::task_local! {
    static CALLER: Caller;
}

/// What the upstream calls of a task are for, and since when somebody waits for them.
#[derive(Clone, Copy)]
struct Caller {
    purpose: Purpose,
    since: Instant,
}

/// Runs `work`, whose upstream calls take their turns as those for `purpose` do.
pub(crate) async fn calling_for<T>(purpose: Purpose, work: impl Future<Output = T>) -> T {
    let since = Instant::now();
    CALLER.scope(Caller { purpose, since }, work).await
}

/// A Recharge store over HTTPS.
#[derive(Debug)]
pub struct HttpRecharge {
    client: Client,
    base: Url,
    deadline: Duration,
    budget: Budget,
    circuit: CircuitBreaker,
    health: Arc<UpstreamHealth>,
}

/// What became of one try.
enum Try {
    /// An answer that stands.
    Answer(Response),
    /// Refused before any effect, to be tried again after the wait.
    Busy(Response),
    /// An answer that says nothing about the effect: 500, 502, 503, 504, and to a read whatever
    /// is neither JSON nor a refusal.
    Broken(Response),
    /// No answer.
    None(NoAnswer),
}

impl HttpRecharge {
    /// A client as `config` says, which shows upstream `token`.
    ///
    /// # Errors
    /// Where TLS cannot be set up on this machine.
    pub fn new(
        config: &UpstreamConfig,
        token: &SecretString,
    ) -> Result<HttpRecharge, reqwest::Error> {
        // An error only says that a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .default_headers(headers(token))
            .user_agent(concat!("perennial/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.read_timeout)
            // Only the configured host is ever called: no redirect, no proxy from the
            // environment, and no retry that the rules below do not know of.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .retry(reqwest::retry::never())
            .build()?;
        Ok(HttpRecharge {
            client,
            base: config.base_url.clone(),
            deadline: config.deadline,
            budget: Budget::new(config.bucket, config.leak_per_second),
            circuit: CircuitBreaker::default(),
            health: Arc::default(),
        })
    }

    /// What is known of the upstream's health.
    pub fn health(&self) -> Arc<UpstreamHealth> {
        Arc::clone(&self.health)
    }

    /// What a call is for, and until when it must have been made. All that somebody looks at is
    /// made within one deadline; each call of a change or an export has its own, so that what has begun
    /// ends.
    fn terms(&self) -> (Purpose, Instant) {
        let now = Instant::now();
        let background = Caller {
            purpose: Purpose::Background,
            since: now,
        };
        let caller = CALLER.try_with(|caller| *caller).unwrap_or(background);
        let since = match caller.purpose {
            Purpose::Link | Purpose::View(_) => caller.since,
            Purpose::Change(_) | Purpose::Export(_) | Purpose::Background => now,
        };
        (caller.purpose, since + self.deadline)
    }

    async fn send(&self, request: &Request) -> Result<Response, NoAnswer> {
        let (purpose, deadline) = self.terms();
        let mut last = Err(NoAnswer::NotSent);
        for number in 1..=TRIES {
            if let Err(wait) = self.admit(purpose, deadline).await {
                return last.or_else(|_| Ok(too_busy(wait)));
            }
            if number > 1 {
                self.health.metrics.retry();
            }
            let outcome = self.attempt(request, deadline).await;
            let (result, wait_ms) = match outcome {
                Try::Answer(response) => return Ok(response),
                Try::Busy(response) => {
                    self.budget.exhausted();
                    let wait_ms = busy_wait_ms(&response, number);
                    (Ok(response), wait_ms)
                }
                Try::Broken(response) if !request.method.is_read() => return Ok(response),
                Try::Broken(response) => (Ok(response), jittered(BACKOFF_MS << number)),
                // Sent, and who knows: only a read may be repeated.
                Try::None(NoAnswer::Lost) if !request.method.is_read() => {
                    return Err(NoAnswer::Lost);
                }
                Try::None(reason) => (Err(reason), jittered(BACKOFF_MS << number)),
            };
            last = result;
            let wait = Duration::from_millis(wait_ms);
            if number == TRIES || Instant::now() + wait >= deadline {
                break;
            }
            sleep(wait).await;
        }
        last
    }

    /// Waits for the turn of a call; the wait after which it can be made where that is too late.
    async fn admit(&self, purpose: Purpose, deadline: Instant) -> Result<(), Duration> {
        let metrics = &self.health.metrics;
        if let Err(wait) = self.circuit.try_acquire() {
            metrics.refuse(NotSent::Circuit);
            return Err(wait);
        }
        let asked = Instant::now();
        let turn = self.budget.turn(purpose, deadline).await;
        match turn {
            Ok(()) => metrics.wait(asked.elapsed().as_secs_f64()),
            Err(_) => metrics.refuse(NotSent::Budget),
        }
        turn
    }

    async fn attempt(&self, request: &Request, deadline: Instant) -> Try {
        let started = Instant::now();
        let sent = match self.build(request) {
            Some(built) => timeout_at(deadline, exchange(built)).await,
            None => return Try::None(NoAnswer::NotSent),
        };
        let result = sent.unwrap_or(Err(NoAnswer::Lost));
        let status = result.as_ref().map_or(0, |response| response.status);
        tracing::debug!(
            method = request.method.as_str(),
            path = request.path,
            status,
            ms = started.elapsed().as_millis() as u64,
            "upstream call"
        );
        let is_other = |response: &Response| request.method.is_read() && is_no_answer(response);
        let worked = |response: &Response| response.status < 500 && !is_other(response);
        self.circuit.record(result.as_ref().is_ok_and(worked));
        let seconds = started.elapsed().as_secs_f64();
        self.health.note(request, status, seconds);
        match result {
            Err(reason) => Try::None(reason),
            Ok(response) if response.status == 429 => Try::Busy(response),
            Ok(response)
                if matches!(response.status, 500 | 502 | 503 | 504) || is_other(&response) =>
            {
                Try::Broken(response)
            }
            Ok(response) => Try::Answer(response),
        }
    }

    /// The request over HTTP; `None` for a path that is not made of words and ids.
    fn build(&self, request: &Request) -> Option<reqwest::RequestBuilder> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/_-".contains(c);
        if !request.path.starts_with('/') || !request.path.chars().all(plain) {
            return None;
        }
        let mut url = self.base.clone();
        url.set_path(&request.path);
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut built = self.client.request(method, url);
        built = built.header("x-recharge-version", request.version());
        if !request.query.is_empty() {
            built = built.query(&request.query);
        }
        if let Some(body) = &request.body {
            built = built.json(body);
        }
        if let Some(token) = &request.token {
            // In place of the store's, which is sent by default.
            built = built.header(TOKEN, sensitive(token.expose())?);
        }
        Some(built)
    }
}

impl Recharge for HttpRecharge {
    fn call(&self, request: Request) -> BoxFuture<'_, Result<Response, NoAnswer>> {
        Box::pin(async move { self.send(&request).await })
    }
}

/// Whether what came is not from the store's API: a page of HTML under 200, nothing at all, or a
/// redirect.
fn is_no_answer(response: &Response) -> bool {
    response.status < 400 && (response.status != 200 || response.body.is_none())
}

/// The answer to a call that was not made: as upstream refuses what is too much for it, before
/// any effect, with the time after which it can be made.
fn too_busy(wait: Duration) -> Response {
    Response {
        status: 429,
        body: None,
        retry_after_ms: Some(wait.as_millis().max(1) as u64),
    }
}

fn headers(token: &SecretString) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some(token) = sensitive(token.expose_secret()) {
        headers.insert(TOKEN, token);
    }
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers
}

/// A header that no log shows; `None` where `text` cannot be one.
fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Sends and reads to the end. Only a failed connection proves that nothing was sent.
async fn exchange(request: reqwest::RequestBuilder) -> Result<Response, NoAnswer> {
    let mut response = request.send().await.map_err(|error| {
        let reason = if error.is_connect() {
            NoAnswer::NotSent
        } else {
            NoAnswer::Lost
        };
        tracing::warn!(error = %error.without_url(), "upstream gave no answer");
        reason
    })?;
    let retry_after_ms = retry_after_ms(response.headers());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| NoAnswer::Lost)? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(NoAnswer::Lost);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response {
        status: response.status().as_u16(),
        body: read_body(&body),
        retry_after_ms,
    })
}

/// `Retry-After` in seconds, which may have decimals; dates are not used upstream.
fn retry_after_ms(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: u64 = whole.trim().parse().ok()?;
    let fraction: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    Some(whole.min(3_600) * 1000 + fraction)
}

fn busy_wait_ms(response: &Response, number: u32) -> u64 {
    let at_least = response.retry_after_ms.unwrap_or(0);
    at_least.max(BUSY_MS << (number - 1)) + jitter(250)
}

/// Between half of `ms` and all of it, so that many who failed together do not return together.
fn jittered(ms: u64) -> u64 {
    ms / 2 + jitter(ms / 2)
}

fn jitter(below: u64) -> u64 {
    getrandom::u64().unwrap_or(0) % below.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_seconds() {
        let wait = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(text));
            retry_after_ms(&headers)
        };
        assert_eq!(wait("2"), Some(2_000));
        assert_eq!(wait("0.5"), Some(500));
        assert_eq!(wait("99999999"), Some(3_600_000));
        assert_eq!(wait("Wed, 21 Oct 2026 07:28:00 GMT"), None);
        assert_eq!(wait("-1"), None);
    }
}
