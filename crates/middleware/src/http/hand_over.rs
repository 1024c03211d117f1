//! The way out to the portal that Recharge hosts: `/manage`, and links that lead there.
//!
//! The hash and the token that open it stand in the `Location` of a navigation only: no script
//! can read that, no log has it, and nothing keeps it.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::head;
use base::Secret;
use protocol::{CustomerId, Problem, ProblemKind};

use crate::audit::Audit;
use crate::budget::Purpose;
use crate::config::{HostedPortal, SafeUrl, Way};
use crate::http::navigation::{is_no_navigation, is_own_navigation};
use crate::http::origin::require_own;
use crate::http::plain_page::{Button, LINK, PlainPage};
use crate::messages;
use crate::problem::ApiError;
use crate::session;
use crate::state::App;
use crate::store::Terms;
use crate::upstream::calling_for;

const PATH: &str = "/manage";

pub(crate) fn routes() -> Router<Arc<App>> {
    // A HEAD of its own, since the one that comes with GET would ask for a session upstream.
    let route = head(StatusCode::OK).get(manage).post(manage);
    Router::new().route(
        PATH,
        route.fallback(async || ApiError::method(&["GET", "HEAD", "POST"])),
    )
}

/// Sends the signed-in customer on to their hosted portal; anybody else to the shop's account
/// page, from where the portal is entered. It asks upstream for a session, so it takes a page of
/// our own to lead here, or a press of the button that the others get.
async fn manage(
    State(app): State<Arc<App>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Some(hosted) = &app.config.hosted_portal else {
        return Err(ApiError::no_route());
    };
    if uri.query().is_some() {
        return Err(ApiError::new(
            ProblemKind::BadRequest,
            "This address takes no parameters.",
        ));
    }
    if is_no_navigation(&headers) {
        return Err(ApiError::new(
            ProblemKind::ForeignOrigin,
            "This address is for going to, not for scripts.",
        ));
    }
    if method == Method::POST {
        require_own(&app.origin, &headers)?;
    }
    let Some(session) = session::current(&app, &headers).await? else {
        return leading_to(&app.config.policy.merchant.return_url);
    };
    // There nothing would be read-only, and nothing would be logged.
    session.refuse_staff()?;
    if method != Method::POST && !is_own_navigation(&headers) {
        return Ok(ask_to_go(&app, &headers, &session.terms));
    }
    app.limits.request(session.token, session.customer)?;
    send_on(&app, hosted, session.customer, &headers, &session.terms).await
}

/// Leads a customer to their hosted portal in the configured way, or says that it cannot be opened.
pub(crate) async fn send_on(
    app: &App,
    hosted: &HostedPortal,
    customer: CustomerId,
    headers: &HeaderMap,
    terms: &Terms,
) -> Result<Response, ApiError> {
    let leading = address(app, hosted, customer);
    let place = calling_for(Purpose::View(customer.0), leading).await;
    let (mut response, result) = match place {
        Ok(place) => (leading_to(place.url().as_str())?, "done"),
        Err(problem) => {
            tracing::warn!(problem = problem.title, "no way to the hosted portal");
            (cannot(app, headers, terms), "refused")
        }
    };
    Audit::leave(&mut response, customer, "hand_over", result);
    Ok(response)
}

/// The address of a customer's hosted portal, at a configured origin.
async fn address(
    app: &App,
    hosted: &HostedPortal,
    customer: CustomerId,
) -> Result<SafeUrl, Problem> {
    let text = match hosted.way {
        Way::Link => {
            let shop_url = hosted.shop_url.as_deref();
            let link = app.gateway.hosted_portal_link(customer, shop_url).await?;
            link.expose().to_owned()
        }
        Way::Hash => by_hash(hosted, &app.gateway.hosted_portal_hash(customer).await?),
    };
    let elsewhere = |_| {
        Problem::new(
            ProblemKind::Upstream,
            "The hosted portal's address is not one.",
        )
    };
    let url = SafeUrl::parse(&text).map_err(elsewhere)?;
    if hosted.origins.contains(&url.origin()) {
        Ok(url)
    } else {
        let title = "The hosted portal's address is at an origin that is not configured.";
        Err(Problem::new(ProblemKind::Upstream, title))
    }
}

fn by_hash(hosted: &HostedPortal, hash: &Secret) -> String {
    let base = hosted.base_url.url().as_str().trim_end_matches('/');
    format!("{base}/portal/{}/subscriptions", hash.expose())
}

fn leading_to(place: &str) -> Result<Response, ApiError> {
    let mut location = HeaderValue::from_str(place).map_err(|_| ApiError::internal())?;
    location.set_sensitive(true);
    Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
}

fn cannot(app: &App, headers: &HeaderMap, terms: &Terms) -> Response {
    let language = &app.language(Some(terms), headers);
    let page = PlainPage {
        language,
        status: StatusCode::BAD_GATEWAY,
        title: messages::page_account_unavailable_title(language),
        text: messages::page_account_unavailable_text(language),
        facts: Vec::new(),
        buttons: Vec::new(),
        link: app.back_link(language, terms.return_url.as_deref()),
        advice: Some(messages::page_account_unavailable_advice(language, LINK)),
    };
    page.response(app)
}

/// What somebody gets whom another site led here.
fn ask_to_go(app: &App, headers: &HeaderMap, terms: &Terms) -> Response {
    let language = &app.language(Some(terms), headers);
    let page = PlainPage {
        language,
        status: StatusCode::FORBIDDEN,
        title: messages::page_account_title(language),
        text: messages::page_account_text(language),
        facts: Vec::new(),
        buttons: vec![Button {
            action: PATH,
            label: messages::page_account_button(language),
            field: None,
            new_tab: false,
        }],
        link: app.back_link(language, terms.return_url.as_deref()),
        advice: None,
    };
    page.response(app)
}
