//! What the portal reports of how customers cancel: which steps, and nothing of who.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Date, idempotency_key};
use gateway::CancellationPolicy;
use protocol::{Operation, ProblemKind};
use serde::{Deserialize, Serialize};

use crate::config::operation_name;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::state::App;
use crate::store::FunnelStep;

/// Where steps are reported, below [`protocol::API_BASE`].
pub(crate) const EVENTS: &str = "/events";
/// The version of [`Event`].
const VERSION: u32 = 1;

/// A step that was taken.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    version: u32,
    /// A random UUID, the same for all steps of one flow and for nothing else.
    flow: String,
    step: FunnelStep,
    /// The id of one of the reasons that the customer can choose, with `reason`.
    reason: Option<String>,
    /// The operation that was offered, with the steps of an offer.
    offer: Option<Operation>,
}

/// Counts a step.
///
/// # Errors
/// 404 where nothing is counted; 400 where `body` is no step.
pub(crate) async fn record(
    app: &App,
    session: &SignedIn,
    body: &[u8],
) -> Result<Response, ApiError> {
    if !app.config.funnel {
        return Err(ApiError::no_route());
    }
    let event: Event = protocol::read_body(body)?;
    if event.version != VERSION {
        return Err(bad(format!("`version` must be {VERSION}.")));
    }
    let flow = idempotency_key(&event.flow).ok_or_else(|| bad("`flow` is not a UUID."))?;
    let gateway = session.gateway(app).await?;
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
fn detail(asked: &CancellationPolicy, event: &Event) -> Result<String, ApiError> {
    match (event.step, &event.reason, event.offer) {
        (FunnelStep::Reason, Some(reason), None) => {
            let is_known = asked.reasons.iter().any(|known| known.id == *reason);
            is_known
                .then(|| reason.clone())
                .ok_or_else(|| bad("`reason` is the id of no reason that customers can choose."))
        }
        (
            FunnelStep::OfferShown | FunnelStep::OfferAccepted | FunnelStep::OfferDeclined,
            None,
            Some(offer),
        ) => Ok(operation_name(offer)),
        (FunnelStep::Started | FunnelStep::Canceled, None, None) => Ok(String::new()),
        _ => Err(bad(
            "`reason` goes with the step `reason`, `offer` with the steps of an offer, and nothing \
             with the others.",
        )),
    }
}

fn bad(why: impl Into<String>) -> ApiError {
    ApiError::new(ProblemKind::BadRequest, why)
}
