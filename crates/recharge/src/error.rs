//! What upstream says when it refuses.

use std::fmt;

use serde_json::Value;

use crate::transport::Response;

/// A refusal of upstream. Its texts are upstream's own: for logs and for choosing one's own
/// words, never for showing as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamError {
    /// The HTTP status.
    pub status: u16,
    /// What is wrong with single fields, in the order of the answer.
    pub fields: Vec<FieldMessage>,
    /// What is wrong with the request as a whole, each sentence once.
    pub messages: Vec<String>,
    /// How long to wait before another try, in milliseconds, where upstream says.
    pub retry_after_ms: Option<u64>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMessage {
    /// The field, with its parents, joined by dots: `billing_address.address1`. Not always a
    /// name that was sent.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
}

/// The kinds of refusal that call for different reactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// 401, 403: the token is wrong or lacks a scope. Nothing the customer can mend.
    Unauthorised,
    /// 404: no such thing, or not on this store.
    NotFound,
    /// 409: another change of the same address is under way. Refused before any effect.
    Conflict,
    /// 400, 402, 422: understood, and not acceptable.
    Invalid,
    /// 429: too many calls. Refused before any effect.
    RateLimited,
    /// 500 and above: upstream is in trouble, and whether a write had an effect is unknown.
    Unavailable,
    /// Anything else: our request was wrong in itself.
    Rejected,
}

/// The key under which upstream reports on the request as a whole.
const WHOLE_BODY: &str = "_schema";

impl UpstreamError {
    /// Reads a refusal, in any of the shapes that are known: `{"error": "…"}`, `{"errors": "…"}`,
    /// `{"errors": {…}}` with text, lists or objects as values, or no JSON at all.
    pub fn parse(status: u16, body: Option<&Value>) -> UpstreamError {
        let mut error = UpstreamError {
            status,
            fields: Vec::new(),
            messages: Vec::new(),
            retry_after_ms: None,
        };
        for key in ["error", "errors"] {
            if let Some(content) = body.and_then(|body| body.get(key)) {
                error.collect("", content);
            }
        }
        error
    }

    /// The same of a whole answer, with the wait it asks for.
    pub fn of(response: &Response) -> UpstreamError {
        let error = UpstreamError::parse(response.status, response.body.as_ref());
        UpstreamError {
            retry_after_ms: response.retry_after_ms,
            ..error
        }
    }

    /// Whether a body holds an error, which happens even under status 200. A key for errors with
    /// nothing in it is none: some answers always have one.
    pub fn is_in(body: &Value) -> bool {
        let error = UpstreamError::parse(200, Some(body));
        let mut fields = error.fields.iter();
        !error.messages.is_empty() || fields.any(|field| !field.message.is_empty())
    }

    /// What kind of refusal it is.
    pub fn kind(&self) -> ErrorKind {
        match self.status {
            401 | 403 => ErrorKind::Unauthorised,
            404 => ErrorKind::NotFound,
            409 => ErrorKind::Conflict,
            // Under a status of success only an error in the body makes it a refusal.
            200..=299 | 400 | 402 | 422 => ErrorKind::Invalid,
            429 => ErrorKind::RateLimited,
            500.. => ErrorKind::Unavailable,
            _ => ErrorKind::Rejected,
        }
    }

    fn collect(&mut self, path: &str, content: &Value) {
        match content {
            Value::Object(fields) => {
                for (key, inner) in fields {
                    let path = match (key.as_str(), path) {
                        (WHOLE_BODY, _) => path.to_owned(),
                        (_, "") => key.clone(),
                        _ => format!("{path}.{key}"),
                    };
                    self.collect(&path, inner);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(path, item)),
            Value::Null | Value::Bool(false) => {}
            Value::String(message) if path.is_empty() && message.trim().is_empty() => {}
            Value::String(message) => self.add(path, message.clone()),
            other => self.add(path, other.to_string()),
        }
    }

    fn add(&mut self, path: &str, message: String) {
        if path.is_empty() {
            if !self.messages.contains(&message) {
                self.messages.push(message);
            }
            return;
        }
        let field = FieldMessage {
            path: path.to_owned(),
            message,
        };
        if !self.fields.contains(&field) {
            self.fields.push(field);
        }
    }
}

impl fmt::Display for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "upstream answered {}", self.status)?;
        let fields = self
            .fields
            .iter()
            .map(|field| format!("{}: {}", field.path, field.message));
        for (at, text) in self.messages.iter().cloned().chain(fields).enumerate() {
            write!(f, "{}{text}", if at == 0 { ": " } else { "; " })?;
        }
        Ok(())
    }
}

impl std::error::Error for UpstreamError {}
