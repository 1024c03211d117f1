//! Sign-on by a JWT of the merchant's server.
//!
//! A JWT stands for one link, whoever shows it how often: the first time makes the link, and every
//! time leads there. So a prefetch takes nothing away, and a second press gets where the first one
//! would have.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::destination::is_page;
use super::link;
use super::sign_on::{self, Stop};
use crate::http::navigation::is_no_navigation;
use crate::problem::ApiError;
use crate::sign_on::jwt::{LONGEST, MISSING, Verifier};
use crate::state::App;
use crate::store::{Terms, TokenHash};

/// The field or parameter with the JWT.
const TOKEN: &str = "token";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonBody {
    token: String,
}

/// Leads the browser to the link that a JWT stands for.
pub(super) async fn enter(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, ApiError> {
    let verifier = app.sign_on.jwt.as_ref().ok_or_else(ApiError::no_route)?;
    let (parts, body) = request.into_parts();
    let led = lead_on(&app, verifier, &parts, body).await;
    Ok(led.unwrap_or_else(|stop| stop.response(&app, &parts.headers, None)))
}

async fn lead_on(
    app: &App,
    verifier: &Verifier,
    parts: &Parts,
    body: Body,
) -> Result<Response, Stop> {
    let token = token(parts, body).await.ok_or(MISSING)?;
    let now_ms = app.now_ms().await?;
    let verified = verifier.verify(&token, now_ms)?;
    let customer = sign_on::customer(app, verified.customer).await?;
    let (usage, expires_ms) = (TokenHash::of(&verified.usage), verified.expires_ms);
    if app.spent_tokens.spend(usage, expires_ms).await? {
        let terms = Terms {
            page: verified.page.filter(|page| is_page(page)),
            ..Terms::default()
        };
        link::add(app, &verified.link_token, customer, terms, expires_ms).await?;
    }
    // A script opens a link by POST, and a form by the navigation that follows: only that has the
    // browser's cookie where the form is of another site.
    let by_script = parts.method == Method::POST && is_no_navigation(&parts.headers);
    let status = if by_script {
        StatusCode::TEMPORARY_REDIRECT
    } else {
        StatusCode::SEE_OTHER
    };
    Ok(sign_on::to_link(
        app,
        status,
        customer,
        &verified.link_token,
    )?)
}

/// The one token of a request: in the query of a GET, in the form or the JSON of a POST.
async fn token(parts: &Parts, body: Body) -> Option<String> {
    if parts.method != Method::POST {
        return only(parts.uri.query()?.as_bytes());
    }
    // Percent-encoding does not make a JWT longer.
    let body = to_bytes(body, LONGEST + 1024).await.ok()?;
    let content_type = parts.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    if content_type.starts_with("application/json") {
        let JsonBody { token } = serde_json::from_slice(&body).ok()?;
        return Some(token);
    }
    only(&body)
}

fn only(form: &[u8]) -> Option<String> {
    let fields = form_urlencoded::parse(form);
    let mut tokens = fields.filter(|(name, _)| name == TOKEN);
    match (tokens.next(), tokens.next()) {
        (Some((_, token)), None) => Some(token.into_owned()),
        _ => None,
    }
}
