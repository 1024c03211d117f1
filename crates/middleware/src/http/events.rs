//! What the portal reports of how customers cancel: which steps, and nothing of who.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Date, idempotency_key};
use gateway::CancellationPolicy;
use protocol::ProblemKind;
use protocol::view::{CANCELLATION_EVENT_VERSION, CancellationEvent, CancellationStep};

use crate::config::operation_name;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::state::App;

/// Counts a step.
///
/// # Errors
/// 404 where nothing is counted; 400 where `body` is no step.
pub(crate) async fn record(
    app: &App,
    session: &SignedIn,
    body: &[u8],
) -> Result<Response, ApiError> {
    let gateway = session.gateway(app).await?;
    if !gateway.policy().cancellation.counted {
        return Err(ApiError::no_route());
    }
    let event: CancellationEvent = protocol::read_body(body)?;
    if event.version != CANCELLATION_EVENT_VERSION {
        return Err(bad(format!(
            "`version` must be {CANCELLATION_EVENT_VERSION}."
        )));
    }
    let flow = idempotency_key(&event.flow).ok_or_else(|| bad("`flow` is not a UUID."))?;
    let detail = detail(&gateway.policy().cancellation, &event)?;
    // What staff look at is nobody's cancellation.
    if session.terms.staff.is_none() {
        let day = Date::from_unix_ms(app.env.now_ms());
        app.funnel
            .take_step(&flow, event.step, &detail, day)
            .await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The reason or the offer, where the step has one: never what a customer typed.
fn detail(asked: &CancellationPolicy, event: &CancellationEvent) -> Result<String, ApiError> {
    match (event.step, &event.reason, event.offer) {
        (CancellationStep::Reason, Some(reason), None) => {
            let is_known = asked.reasons.iter().any(|known| known.id == *reason);
            is_known
                .then(|| reason.clone())
                .ok_or_else(|| bad("`reason` is the id of no reason that customers can choose."))
        }
        (
            CancellationStep::OfferShown
            | CancellationStep::OfferAccepted
            | CancellationStep::OfferDeclined,
            None,
            Some(offer),
        ) => Ok(operation_name(offer)),
        (CancellationStep::Started | CancellationStep::Canceled, None, None) => Ok(String::new()),
        _ => Err(bad(
            "`reason` goes with the step `reason`, `offer` with the steps of an offer, and nothing \
             with the others.",
        )),
    }
}

fn bad(why: impl Into<String>) -> ApiError {
    ApiError::new(ProblemKind::BadRequest, why)
}
