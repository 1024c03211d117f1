//! Bodies of requests: JSON of a bounded size.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use protocol::ProblemKind;
use tokio::time::timeout;

use crate::problem::ApiError;

/// Bytes at most.
const LONGEST: usize = 64 * 1024;
/// A body may take so long to arrive.
const SLOWEST: Duration = Duration::from_secs(10);
/// Reads the bytes of a JSON body; [`protocol::read_body`] and [`protocol::Intent::read`] take
/// them apart, within limits of their own.
///
/// # Errors
/// 415 for another content type, 413 for too many bytes, 400 where they take too long to arrive.
pub(crate) async fn read_json(headers: &HeaderMap, body: Body) -> Result<Bytes, ApiError> {
    let essence = headers.get(CONTENT_TYPE).and_then(|value| {
        let text = value.to_str().ok()?;
        Some(text.split(';').next()?.trim().to_ascii_lowercase())
    });
    if essence.as_deref() != Some("application/json") {
        return Err(ApiError::new(
            ProblemKind::NotJson,
            "The body must be application/json.",
        ));
    }
    timeout(SLOWEST, to_bytes(body, LONGEST))
        .await
        .map_err(|_| bad("The body took too long."))?
        .map_err(|_| ApiError::new(ProblemKind::TooLarge, "The body is longer than 64 KiB."))
}

fn bad(why: &str) -> ApiError {
    ApiError::new(ProblemKind::BadRequest, why)
}
