//! What the sign-on methods share: each leads a browser to a one-time link, or says why not.
//!
//! The link is opened as any other (see `open.rs`): by a person, once, and never in place of
//! somebody else's session without asking. So what a prefetch or a scanner sends does no harm.

use axum::http::header::{ACCEPT, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use gateway::Lookup;
use protocol::CustomerId;

use super::destination::is_page;
use super::link;
use super::open::Destination;
use crate::audit::Audit;
use crate::http::plain_page::PlainPage;
use crate::limit::UnknownLink;
use crate::messages;
use crate::problem::ApiError;
use crate::session;
use crate::sign_on::Refusal;
use crate::state::App;
use crate::store::{StoreError, Terms};

const NO_SUCH_CUSTOMER: Refusal = Refusal {
    status: StatusCode::NOT_FOUND,
    kind: "no_such_customer",
    title: "Recharge has no such customer. Customers exist there from their first subscription on.",
};
const SEVERAL_CUSTOMERS: Refusal = Refusal {
    status: StatusCode::CONFLICT,
    kind: "several_customers",
    title: "Recharge has several customers of this name. The log has their ids.",
};

/// Why a browser is not led on.
pub(super) enum Stop {
    /// The sign-on is refused.
    Refused(Refusal),
    /// The request cannot be answered.
    Failed(ApiError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop::Refused(refusal)
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Stop {
        Stop::Failed(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Stop {
        Stop::Failed(error.into())
    }
}

impl Stop {
    /// The answer: a page for a person, who can try again at `again` or go back to the shop, and
    /// the reason for whoever wants no page. The log has the reason.
    pub(super) fn response(self, app: &App, headers: &HeaderMap, again: Option<&str>) -> Response {
        let refusal = match self {
            Stop::Refused(refusal) => refusal,
            Stop::Failed(error) => return error.into_response(),
        };
        let (problem, reason) = (refusal.kind, refusal.title);
        tracing::warn!(problem, reason, "refused a sign-on");
        let mut response = if wants_page(headers) {
            page(app, headers, refusal, again)
        } else {
            ApiError::of_merchant(refusal.status, refusal.kind, refusal.title).into_response()
        };
        if refusal.status == StatusCode::UNAUTHORIZED {
            response.extensions_mut().insert(UnknownLink);
        }
        response
    }
}

/// What a person reads.
fn page(app: &App, headers: &HeaderMap, refusal: Refusal, again: Option<&str>) -> Response {
    let language = &app.language(None, headers);
    let shop = &app.config.policy.merchant.name;
    let has_no_subscriptions = refusal == NO_SUCH_CUSTOMER;
    let (title, text) = if has_no_subscriptions {
        (
            messages::page_no_subscriptions_title(language),
            messages::page_no_subscriptions_text(language, shop),
        )
    } else {
        (
            messages::page_sign_in_failed_title(language),
            messages::page_sign_in_failed_text(language),
        )
    };
    let again = again.filter(|_| !has_no_subscriptions);
    let page = PlainPage {
        language,
        status: refusal.status,
        title,
        text,
        facts: Vec::new(),
        buttons: Vec::new(),
        link: match again {
            Some(url) => (
                url.to_owned(),
                messages::page_sign_in_failed_again(language),
            ),
            None => app.back_link(language, None),
        },
        advice: None,
    };
    page.response(app)
}

/// Whether a browser asks for a page.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

/// The one customer that `lookup` names.
///
/// # Errors
/// Where there is none or several, or Recharge cannot say.
pub(super) async fn customer(app: &App, lookup: Lookup) -> Result<CustomerId, Stop> {
    match link::find(app, lookup).await {
        Ok(Some(customer)) => Ok(customer),
        Ok(None) => Err(NO_SUCH_CUSTOMER.into()),
        Err(problem) if problem.status == StatusCode::CONFLICT.as_u16() => {
            Err(SEVERAL_CUSTOMERS.into())
        }
        Err(problem) => Err(ApiError::from(problem).into()),
    }
}

/// The page of the portal that the address of a sign-on names below `base`; `None` where it names
/// none that there is, and the first page comes.
pub(super) fn page_below(base: &str, uri: &Uri) -> Option<String> {
    let page = uri.path().strip_prefix(base)?;
    is_page(page).then(|| page.to_owned())
}

/// Leads the browser to a new link for `customer`, which opens until `expires_ms`.
///
/// # Errors
/// As [`link::add`].
pub(super) async fn to_new_link(
    app: &App,
    customer: CustomerId,
    terms: Terms,
    expires_ms: i64,
) -> Result<Response, ApiError> {
    let token = session::new_token(app);
    link::add(app, &token, customer, terms, expires_ms).await?;
    to_link(app, StatusCode::SEE_OTHER, customer, &token)
}

/// Leads the browser to the link that `token` opens.
///
/// # Errors
/// 500 where `token` does not fit into a header.
pub(super) fn to_link(
    app: &App,
    status: StatusCode,
    customer: CustomerId,
    token: &str,
) -> Result<Response, ApiError> {
    let link = format!("{}{}", app.origin, Destination::Portal.link(token));
    let mut response = redirect(status, &link)?;
    Audit::leave(&mut response, customer, "link", "done");
    Ok(response)
}

/// Leads the browser to `url`, which is in no log.
///
/// # Errors
/// 500 where it does not fit into a header.
pub(super) fn redirect(status: StatusCode, url: &str) -> Result<Response, ApiError> {
    let mut location = HeaderValue::try_from(url).map_err(|_| ApiError::internal())?;
    location.set_sensitive(true);
    Ok((status, [(LOCATION, location)]).into_response())
}
