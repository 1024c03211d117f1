//! Bodies of requests: JSON, and forms of our own pages, of a bounded size.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use protocol::ProblemKind;
use tokio::time::timeout;

use crate::problem::ApiError;

/// Bytes of JSON at most.
const LONGEST: usize = 64 * 1024;
/// Bytes of a form at most.
const LONGEST_FORM: usize = 4 * 1024;
/// A body may take so long to arrive.
const SLOWEST: Duration = Duration::from_secs(10);

/// Reads the bytes of a JSON body; [`protocol::read_body`] and [`protocol::Intent::read`] take
/// them apart, within limits of their own.
///
/// # Errors
/// 415 for another content type, 413 for too many bytes, 400 where they take too long to arrive.
pub(crate) async fn read_json(headers: &HeaderMap, body: Body) -> Result<Bytes, ApiError> {
    if essence(headers).as_deref() != Some("application/json") {
        return Err(ApiError::new(
            ProblemKind::NotJson,
            "The body must be application/json.",
        ));
    }
    let read = timeout(SLOWEST, to_bytes(body, LONGEST));
    read.await
        .map_err(|_| bad("The body took too long."))?
        .map_err(|_| ApiError::new(ProblemKind::TooLarge, "The body is longer than 64 KiB."))
}

/// Reads the fields of a form.
///
/// # Errors
/// 413 for too many bytes, 400 for another content type and where they take too long to arrive.
pub(crate) async fn read_form(
    headers: &HeaderMap,
    body: Body,
) -> Result<Vec<(String, String)>, ApiError> {
    if essence(headers).as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(bad("The body must be application/x-www-form-urlencoded."));
    }
    let read = timeout(SLOWEST, to_bytes(body, LONGEST_FORM));
    let form = read
        .await
        .map_err(|_| bad("The body took too long."))?
        .map_err(|_| ApiError::new(ProblemKind::TooLarge, "The form is longer than 4 KiB."))?;
    Ok(form_urlencoded::parse(&form).into_owned().collect())
}

/// The content type of a body, without its parameters.
fn essence(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(text.split(';').next()?.trim().to_ascii_lowercase())
}

fn bad(why: &str) -> ApiError {
    ApiError::new(ProblemKind::BadRequest, why)
}
