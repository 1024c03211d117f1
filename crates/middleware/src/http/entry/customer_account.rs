//! Sign-on by Shopify's Customer Account API.

use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::response::Response;

use super::sign_on::{self, Stop};
use crate::client_address::ClientAddress;
use crate::problem::ApiError;
use crate::session;
use crate::sign_on::customer_account::{ATTEMPT_MS, Callback, Client, WRONG_STATE};
use crate::state::App;
use crate::store::{Terms, TokenHash};

/// Where a sign-on begins.
pub(super) const BEGIN: &str = "/portal/customer-account";

/// Leads the browser to the shop's login.
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, ApiError> {
    let client = client(&app)?;
    let (parts, _) = request.into_parts();
    let led = lead_to_login(&app, client, &parts).await;
    Ok(led.unwrap_or_else(|stop| stop.response(&app, &parts.headers, None)))
}

/// Leads the browser that comes back from the shop's login to a one-time link.
pub(super) async fn finish(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, ApiError> {
    let client = client(&app)?;
    let (parts, _) = request.into_parts();
    let led = lead_on(&app, client, &parts).await;
    let mut response = led.unwrap_or_else(|stop| stop.response(&app, &parts.headers, Some(BEGIN)));
    let done = app.config.session.cookie.signing_on().expired()?;
    response.headers_mut().append(SET_COOKIE, done);
    Ok(response)
}

fn client(app: &App) -> Result<&Client, ApiError> {
    let client = app.sign_on.customer_account.as_ref();
    client.ok_or_else(ApiError::no_route)
}

async fn lead_to_login(app: &App, client: &Client, parts: &Parts) -> Result<Response, Stop> {
    app.limits.sign_on(ClientAddress::of(&parts.extensions))?;
    let browser = session::new_token(app);
    let page = sign_on::page_below(BEGIN, &parts.uri).unwrap_or_default();
    let url = client.begin(&browser, app.now_ms().await?, &page).await?;
    let mut response = sign_on::redirect(StatusCode::SEE_OTHER, url.as_str())?;
    let cookie = app.config.session.cookie.signing_on();
    let cookie = cookie.set_for(&browser, (ATTEMPT_MS / 1000) as u32)?;
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

async fn lead_on(app: &App, client: &Client, parts: &Parts) -> Result<Response, Stop> {
    let Query(callback) = Query::<Callback>::try_from_uri(&parts.uri).unwrap_or_default();
    let cookie = app.config.session.cookie.signing_on();
    let browser = cookie.token(&parts.headers).ok_or(WRONG_STATE)?;
    let now_ms = app.now_ms().await?;
    let page = client.check(browser, &callback, now_ms)?.to_owned();
    app.limits.sign_on(ClientAddress::of(&parts.extensions))?;
    let usage = TokenHash::of(&format!("customer_account {}", callback.state));
    if !app.spent_tokens.spend(usage, now_ms + ATTEMPT_MS).await? {
        return Err(WRONG_STATE.into());
    }
    let signed_on = client.customer(browser, callback, now_ms).await?;
    let customer = sign_on::customer(app, signed_on.customer).await?;
    let terms = Terms {
        page: Some(page).filter(|page| !page.is_empty()),
        logout: signed_on.logout,
        ..Terms::default()
    };
    let expires_ms = now_ms + app.config.session.link_ms;
    Ok(sign_on::to_new_link(app, customer, terms, expires_ms).await?)
}
