//! What Recharge reports by webhooks.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use protocol::ProblemKind;
use secrecy::ExposeSecret;
use tokio::time::timeout;

use crate::problem::ApiError;
use crate::state::App;
use crate::webhooks::{PATH, is_genuine, is_topic, read, work};

/// Bytes of a report at most: an object of Recharge's with all its lines.
const LONGEST: usize = 1024 * 1024;
/// A report may take so long to arrive; Recharge gives up after five seconds.
const SLOWEST: Duration = Duration::from_secs(5);

pub(crate) fn routes() -> Router<Arc<App>> {
    let route = post(receive).fallback(async || ApiError::method(&["POST"]));
    Router::new().route(&format!("{PATH}/{{object}}/{{event}}"), route)
}

/// Takes a report: queues it, empties what it makes untrue and answers at once.
///
/// # Errors
/// 404 without `[webhooks]`, 401 for a wrong signature, 400 for what is no report of its topic, 503
/// where it cannot be queued, after which Recharge tries again.
async fn receive(
    State(app): State<Arc<App>>,
    Path((object, event)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let topic = format!("{object}/{event}");
    let secret = app.config.webhooks.as_ref();
    let secret = secret.and_then(|webhooks| app.secrets.others.get(&webhooks.secret));
    let Some(secret) = secret.filter(|_| is_topic(&topic)) else {
        return Err(ApiError::no_route());
    };
    let body = timeout(SLOWEST, to_bytes(body, LONGEST)).await;
    let body = body
        .map_err(|_| bad("The body took too long."))?
        .map_err(|_| ApiError::new(ProblemKind::TooLarge, "The body is longer than 1 MiB."))?;
    let now_ms = app.env.now_ms();
    if !is_genuine(secret.expose_secret(), &headers, &body, now_ms) {
        return Err(ApiError::of_merchant(
            StatusCode::UNAUTHORIZED,
            "wrong_signature",
            "The signature is missing, wrong or too old.",
        ));
    }
    let report = read(&topic, &body, now_ms);
    let report = report.ok_or_else(|| bad("The body is no report of this topic."))?;
    let customer = report.customer;
    app.intake.add(&*app.reports, report, now_ms).await?;
    work::invalidate(&app.gateway, customer);
    Ok(StatusCode::NO_CONTENT)
}

fn bad(why: &str) -> ApiError {
    ApiError::new(ProblemKind::BadRequest, why)
}
