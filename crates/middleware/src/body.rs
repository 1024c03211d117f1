//! Bodies of requests: JSON of a bounded size and shape.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use protocol::ProblemKind;
use serde_json::Value;
use tokio::time::timeout;

use crate::problem::Refusal;

/// Bytes at most.
const LONGEST: usize = 64 * 1024;
/// A body may take so long to arrive.
const SLOWEST: Duration = Duration::from_secs(10);
/// Arrays and objects inside each other at most.
const DEEPEST: usize = 32;
/// Elements of one array at most.
const LONGEST_LIST: usize = 100;

/// Reads a JSON body within the limits; answers its bytes.
///
/// # Errors
/// 415 for another content type, 413 for too many bytes, 400 for what is no JSON, too deep or
/// has too long a list.
pub(crate) async fn read_json(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    let essence = headers.get(CONTENT_TYPE).and_then(|value| {
        let text = value.to_str().ok()?;
        Some(text.split(';').next()?.trim().to_ascii_lowercase())
    });
    if essence.as_deref() != Some("application/json") {
        return Err(Refusal::new(
            ProblemKind::NotJson,
            "The body must be application/json.",
        ));
    }
    let bytes = timeout(SLOWEST, to_bytes(body, LONGEST))
        .await
        .map_err(|_| bad("The body took too long."))?
        .map_err(|_| Refusal::new(ProblemKind::TooLarge, "The body is longer than 64 KiB."))?;
    let value: Value = serde_json::from_slice(&bytes)
        .map_err(|error| bad(&format!("The body is not JSON: {error}.")))?;
    check(&value, DEEPEST)?;
    Ok(bytes)
}

fn bad(why: &str) -> Refusal {
    Refusal::new(ProblemKind::BadRequest, why)
}

fn check(value: &Value, levels: usize) -> Result<(), Refusal> {
    let inner = || {
        levels
            .checked_sub(1)
            .ok_or_else(|| bad("The body is nested more than 32 deep."))
    };
    match value {
        Value::Array(items) if items.len() > LONGEST_LIST => {
            Err(bad("A list in the body has more than 100 elements."))
        }
        Value::Array(items) => {
            let inner = inner()?;
            items.iter().try_for_each(|item| check(item, inner))
        }
        Value::Object(fields) => {
            let inner = inner()?;
            fields.values().try_for_each(|field| check(field, inner))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> Value {
        (0..levels).fold(Value::Null, |inner, _| Value::Array(vec![inner]))
    }

    #[test]
    fn thirty_two_levels_and_a_hundred_elements_are_the_most() {
        assert!(check(&nested(32), DEEPEST).is_ok());
        assert!(check(&nested(33), DEEPEST).is_err());
        assert!(check(&Value::from(vec![0; 100]), DEEPEST).is_ok());
        assert!(check(&Value::from(vec![0; 101]), DEEPEST).is_err());
    }
}
