//! The way out to the portal that Recharge hosts: `GET /manage`.
//!
//! The hash and the token that open it stand in the `Location` of a navigation only: no script
//! can read that, no log has it, and nothing keeps it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, head};
use protocol::{CustomerId, Problem, ProblemKind};
use recharge::Secret;
use serde::Deserialize;

use crate::app::App;
use crate::config::{HostedPortal, SafeUrl, Way};
use crate::log::Audit;
use crate::plain_page::PlainPage;
use crate::problem::Refusal;
use crate::session;
use crate::upstream::on_behalf_of;

/// Where this is.
pub(crate) const PATH: &str = "/manage";

const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");

pub(crate) fn routes() -> Router<Arc<App>> {
    // A HEAD of its own, since the one that comes with GET would ask for a session upstream.
    let route = head(StatusCode::OK).merge(get(manage));
    Router::new().route(
        PATH,
        route.fallback(async || Refusal::method(&["GET", "HEAD"])),
    )
}

/// What the address may say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Which way in, where it is not the configured one.
    way: Option<Way>,
}

/// Sends the signed-in customer on to her hosted portal; anybody else to the shop's account
/// page, from where the portal is entered.
async fn manage(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Some(hosted) = &app.config.hosted_portal else {
        return Err(Refusal::no_route());
    };
    let Ok(Query(asked)) = Query::<Asked>::try_from_uri(&uri) else {
        return Err(Refusal::new(
            ProblemKind::BadRequest,
            "The only parameter is `way`, which is `link` or `hash`.",
        ));
    };
    if !is_navigation(&headers) {
        return Err(Refusal::new(
            ProblemKind::ForeignOrigin,
            "This address is for going to, not for scripts.",
        ));
    }
    let Some(session) = session::current(&app, &headers).await? else {
        return leading_to(&app.config.policy.merchant.return_url);
    };
    app.limit
        .count(session.token, app.env.now_ms())
        .map_err(Refusal::too_many)?;
    let way = asked.way.unwrap_or(hosted.way);
    let place = on_behalf_of(
        session.customer.0,
        address(&app, hosted, session.customer, way),
    );
    let (mut response, result) = match place.await {
        Ok(place) => (leading_to(place.url().as_str())?, "done"),
        Err(problem) => {
            tracing::warn!(problem = problem.title, "no way to the hosted portal");
            (cannot(&app, session.return_url.as_deref()), "refused")
        }
    };
    response.extensions_mut().insert(Audit {
        customer: session.customer,
        action: "hand_over".to_owned(),
        result: result.to_owned(),
    });
    Ok(response)
}

/// Whether a person goes there. Browsers that say nothing of it are believed; what loads ahead
/// of her is not a person.
fn is_navigation(headers: &HeaderMap) -> bool {
    let mode = headers.get(FETCH_MODE);
    mode.is_none_or(|mode| mode == "navigate") && !headers.contains_key(PURPOSE)
}

/// The address of a customer's hosted portal, at a configured origin.
async fn address(
    app: &App,
    hosted: &HostedPortal,
    customer: CustomerId,
    way: Way,
) -> Result<SafeUrl, Problem> {
    let text = match way {
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

fn leading_to(place: &str) -> Result<Response, Refusal> {
    let mut location = HeaderValue::from_str(place).map_err(|_| Refusal::internal())?;
    location.set_sensitive(true);
    Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
}

fn cannot(app: &App, return_url: Option<&str>) -> Response {
    let page = PlainPage {
        status: StatusCode::BAD_GATEWAY,
        title: "This cannot be opened right now",
        text: "Your subscriptions are safe; only the way to them is closed.",
        advice: "and try again in a minute.",
        return_url,
    };
    page.response(app)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_person_going_there_is_a_navigation() {
        let with = |name: HeaderName, value: &'static str| {
            is_navigation(&HeaderMap::from_iter([(
                name,
                HeaderValue::from_static(value),
            )]))
        };
        assert!(is_navigation(&HeaderMap::new()));
        assert!(with(FETCH_MODE, "navigate"));
        for mode in ["cors", "no-cors", "same-origin", "websocket"] {
            assert!(!with(FETCH_MODE, mode), "{mode}");
        }
        assert!(!with(PURPOSE, "prefetch;prerender"));
    }
}
