//! Sign-on through Shopify's app proxy.
//!
//! The proxy passes no cookies on, so no session can begin here: the answer leads the browser to a
//! one-time link on the portal's own origin.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use gateway::Lookup;

use super::sign_on::{self, Stop};
use crate::problem::ApiError;
use crate::sign_on::app_proxy::{REPLAYED, Verifier, Visit};
use crate::state::App;
use crate::store::{Terms, TokenHash};

/// Where the proxy passes requests on to.
pub(super) const ENTER: &str = "/portal/app-proxy";

/// Leads a customer of the shop to a link, and anybody else to the shop's login.
pub(super) async fn enter(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, ApiError> {
    let verifier = app.sign_on.app_proxy.as_ref();
    let verifier = verifier.ok_or_else(ApiError::no_route)?;
    let (headers, uri) = (request.headers(), request.uri());
    let visit = verifier.verify(uri.query().unwrap_or_default(), app.now_ms().await?);
    let visit = match visit {
        Ok(visit) => visit,
        Err(refusal) => return Ok(Stop::from(refusal).response(&app, headers, None)),
    };
    // The proxy passes on what follows its own path in the shop.
    let page = sign_on::page_below(ENTER, uri);
    let place = format!("{}{}", visit.path, page.as_deref().unwrap_or_default());
    let again = verifier.in_shop(&place);
    let led = lead_on(&app, verifier, visit, &place, page).await;
    Ok(led.unwrap_or_else(|stop| stop.response(&app, headers, Some(&again))))
}

async fn lead_on(
    app: &App,
    verifier: &Verifier,
    visit: Visit,
    place: &str,
    page: Option<String>,
) -> Result<Response, Stop> {
    let Some(customer) = visit.customer else {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("return_url", place)
            .finish();
        let login = verifier.in_shop(&format!("/account/login?{query}"));
        return Ok(sign_on::redirect(StatusCode::SEE_OTHER, &login)?);
    };
    let usage = TokenHash::of(&visit.usage);
    if !app.spent_tokens.spend(usage, visit.expires_ms).await? {
        return Err(REPLAYED.into());
    }
    let customer = sign_on::customer(app, Lookup::External(customer)).await?;
    let terms = Terms {
        page,
        ..Terms::default()
    };
    let expires_ms = app.now_ms().await? + app.config.session.link_ms;
    Ok(sign_on::to_new_link(app, customer, terms, expires_ms).await?)
}
