//! Calls with typed answers, on top of the one door upstream.

use std::fmt;

use serde_json::Value;

use crate::error::UpstreamError;
use crate::resource::Resource;
use crate::transport::{NoAnswer, Recharge, Request};

/// Why a call brought no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// No answer came.
    NoAnswer(NoAnswer),
    /// Upstream refused.
    Refused(UpstreamError),
    /// Upstream accepted, and its answer is not what it should be: a write has happened.
    /// Says what was expected, nothing of what came.
    Unreadable(String),
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::NoAnswer(NoAnswer::NotSent) => f.write_str("nothing was sent upstream"),
            CallError::NoAnswer(NoAnswer::Lost) => f.write_str("upstream's answer was lost"),
            CallError::Refused(error) => error.fmt(f),
            CallError::Unreadable(expected) => {
                write!(f, "upstream's answer cannot be read: {expected}")
            }
        }
    }
}

impl std::error::Error for CallError {}

impl From<NoAnswer> for CallError {
    fn from(why: NoAnswer) -> Self {
        CallError::NoAnswer(why)
    }
}

/// Calls upstream for a JSON body; empty answers read as null.
pub async fn call_json(upstream: &dyn Recharge, request: Request) -> Result<Value, CallError> {
    let response = upstream.call(request).await?;
    match response.status {
        200..=299 => Ok(response.body.unwrap_or_default()),
        _ => Err(CallError::Refused(UpstreamError::of(&response))),
    }
}

/// Calls upstream for one resource, which is read from its envelope or, where there is none, as
/// the whole body.
pub async fn call_as<T: Resource>(
    upstream: &dyn Recharge,
    request: Request,
) -> Result<T, CallError> {
    let mut body = call_json(upstream, request).await?;
    let bare = match body.get_mut(T::NAME).map(Value::take) {
        Some(inner @ Value::Object(_)) => inner,
        _ if UpstreamError::is_in(&body) => {
            return Err(CallError::Refused(UpstreamError::parse(200, Some(&body))));
        }
        // An envelope with nothing usable in it is not the resource itself.
        Some(inner) => inner,
        None => body,
    };
    serde_json::from_value(bare).map_err(|why| CallError::Unreadable(format!("{}: {why}", T::NAME)))
}
