//! The one door upstream.

use std::fmt::{self, Write};

use base::{BoxFuture, Secret, Shared};
use serde_json::Value;

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

/// The most items that upstream puts on one page.
pub const MAX_LIMIT: u32 = 250;

/// The version of the API that the types of this crate describe.
const VERSION: &str = "2021-11";
/// What only the version before has, and nothing in this one takes the place of.
const OLD_VERSION: (&str, &str) = ("/product_search", "2021-01");

/// One call to upstream. Built by the constructors beside each resource. Its `Debug` keeps
/// back what names a customer or lets somebody in.
#[derive(Clone, PartialEq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path below the host, starting with a slash, made of words and typed ids only.
    pub path: String,
    /// Query parameters, unescaped, in order.
    pub query: Vec<(&'static str, String)>,
    /// The JSON body of a write.
    pub body: Option<Value>,
    /// What this call shows in place of the store's token.
    pub token: Option<Secret>,
}

impl Request {
    /// A read of `path`.
    pub fn get(path: impl Into<String>) -> Request {
        Request {
            method: Method::Get,
            path: path.into(),
            query: Vec::new(),
            body: None,
            token: None,
        }
    }

    /// A read of the list at `path`, in pages as long as upstream makes them.
    pub fn list(path: impl Into<String>) -> Request {
        Request::get(path).with("limit", MAX_LIMIT)
    }

    /// A POST to `path`.
    pub fn post(path: impl Into<String>, body: Value) -> Request {
        Request {
            method: Method::Post,
            path: path.into(),
            query: Vec::new(),
            body: Some(body),
            token: None,
        }
    }

    /// A PUT to `path`.
    pub fn put(path: impl Into<String>, body: Value) -> Request {
        Request {
            method: Method::Put,
            path: path.into(),
            query: Vec::new(),
            body: Some(body),
            token: None,
        }
    }

    /// A DELETE of `path`.
    pub fn delete(path: impl Into<String>) -> Request {
        Request {
            method: Method::Delete,
            ..Request::get(path)
        }
    }

    /// The version of the API in which it is asked.
    pub fn version(&self) -> &'static str {
        match OLD_VERSION {
            (path, version) if path == self.path => version,
            _ => VERSION,
        }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Request {
        self.query.push((name, value.to_string()));
        self
    }

    /// Adds a query parameter where there is a value for it.
    #[must_use]
    pub fn with_some(self, name: &'static str, value: Option<impl fmt::Display>) -> Request {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds a query parameter of several values, which upstream wants joined by commas.
    #[must_use]
    pub fn with_list<T: fmt::Display>(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = T>,
    ) -> Request {
        let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        self.with(name, values.join(","))
    }

    /// Asks upstream to recalculate charges before it answers, which the last write of an
    /// action does; without it they are stale for some seconds.
    #[must_use]
    pub fn commit(self) -> Request {
        self.with("commit", true)
    }

    /// Shows `token` in place of the store's.
    #[must_use]
    pub fn shown_by(mut self, token: Secret) -> Request {
        self.token = Some(token);
        self
    }

    /// The query as it stands in a URL, `limit=250&email=a%2Bb%40example.test`; empty for none.
    pub fn url_query(&self) -> String {
        let pairs = self
            .query
            .iter()
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// Path and query, for putting behind a host.
    pub fn path_and_query(&self) -> String {
        match self.query.as_slice() {
            [] => self.path.clone(),
            _ => format!("{}?{}", self.path, self.url_query()),
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.as_str(), self.path)?;
        for (at, (name, value)) in self.query.iter().enumerate() {
            let secret = matches!(*name, "hash" | "email");
            let shown = if secret { "…" } else { value.as_str() };
            write!(f, "{}{name}={shown:?}", if at == 0 { '?' } else { '&' })?;
        }
        match &self.body {
            Some(Value::Object(fields)) => write!(f, " {:?}", fields.keys().collect::<Vec<_>>()),
            _ => Ok(()),
        }
    }
}

/// Escapes all but the characters that mean nothing in a URL.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte))
            }
            // Writing to a string cannot fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
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
