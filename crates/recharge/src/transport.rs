//! The one door upstream.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use serde_json::Value;

/// A boxed future: `Send` on a server, not in the browser, whose timers and fetches cannot be.
#[cfg(not(target_arch = "wasm32"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// A boxed future: `Send` on a server, not in the browser, whose timers and fetches cannot be.
#[cfg(target_arch = "wasm32")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What a service shared by all requests must be: `Send + Sync` on a server, nothing in the browser.
#[cfg(not(target_arch = "wasm32"))]
pub trait Shared: Send + Sync {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send + Sync + ?Sized> Shared for T {}
/// What a service shared by all requests must be: `Send + Sync` on a server, nothing in the browser.
#[cfg(target_arch = "wasm32")]
pub trait Shared {}
#[cfg(target_arch = "wasm32")]
impl<T: ?Sized> Shared for T {}

/// An HTTP method that upstream knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates or acts.
    Post,
    /// Changes some fields.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// The method's name in capitals.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }

    /// Whether a repeat has no further effect and so may follow a lost answer.
    pub fn is_read(self) -> bool {
        self == Method::Get
    }
}

/// One call to upstream. Built by the constructors beside each resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path below the host, starting with a slash, made of words and typed ids only.
    pub path: String,
    /// Query parameters, unescaped, in order.
    pub query: Vec<(&'static str, String)>,
    /// The JSON body of a write.
    pub body: Option<Value>,
}

impl Request {
    /// A read of `path`.
    pub fn get(path: impl Into<String>) -> Request {
        Request { method: Method::Get, path: path.into(), query: Vec::new(), body: None }
    }

    /// A POST to `path`.
    pub fn post(path: impl Into<String>, body: Value) -> Request {
        Request { method: Method::Post, path: path.into(), query: Vec::new(), body: Some(body) }
    }

    /// A PUT to `path`.
    pub fn put(path: impl Into<String>, body: Value) -> Request {
        Request { method: Method::Put, path: path.into(), query: Vec::new(), body: Some(body) }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Request {
        self.query.push((name, value.to_string()));
        self
    }
}

/// An answer of upstream, of any status.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The body; `None` where it was empty or not JSON.
    pub body: Option<Value>,
    /// `Retry-After` in milliseconds, where sent.
    pub retry_after_ms: Option<u64>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// Nothing was sent (no connection, circuit open, no budget within the deadline): no effect is possible.
    NotSent,
    /// Sent, and the answer was lost: the effect is unknown.
    Lost,
}

/// A way to reach a Recharge store: over HTTPS, or the sandbox in memory.
pub trait Recharge: Shared {
    /// Sends one request. An implementation may wait and retry where that is safe
    /// (429 for any method; a lost answer, 502, 503 and 504 for reads only).
    fn call(&self, request: Request) -> BoxFuture<'_, Result<Response, NoAnswer>>;
}
