//! The way in: the merchant's server asks for a one-time link, the customer's browser opens it.

mod open;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, head, post};
use gateway::Lookup;
use jiff::Timestamp;
use protocol::{Problem, ProblemKind};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::audit::Audit;
use crate::budget::Purpose;
use crate::client_address::ClientAddress;
use crate::config::SafeUrl;
use crate::http::body::read_json;
use crate::problem::ApiError;
use crate::session;
use crate::state::App;
use crate::store::{Link, TokenHash};
use crate::upstream::calling_for;
use open::{Destination, open_link};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/portal/sessions", only(post(create_link), &["POST"]))
        .route(
            "/portal/open/{token}",
            // A HEAD of its own, since the one that comes with GET would use the link up.
            only(
                head(StatusCode::OK).get(open_link).post(open_link),
                &["GET", "HEAD", "POST"],
            ),
        )
        .route("/portal/return", only(get(back_to_shop), &["GET", "HEAD"]))
}

/// `route`, refusing other methods by naming those that there are.
fn only(route: MethodRouter<Arc<App>>, methods: &'static [&'static str]) -> MethodRouter<Arc<App>> {
    route.fallback(async || ApiError::method(methods))
}

/// For which customer the merchant's server wants a link: exactly one of the first four.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkRequest {
    customer_id: Option<Id>,
    external_customer_id: Option<Id>,
    email: Option<String>,
    hash: Option<String>,
    return_url: Option<String>,
    #[serde(default)]
    to: Destination,
}

/// An id as a number or as text: shops have both.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Id {
    Number(u64),
    Text(String),
}

impl Id {
    fn into_text(self) -> String {
        match self {
            Id::Number(number) => number.to_string(),
            Id::Text(text) => text,
        }
    }
}

/// A link, under both names that portal APIs use for it.
#[derive(Serialize)]
struct LinkAnswer {
    url: String,
    customer_portal_link: String,
    /// Until when it opens, RFC 3339 in UTC.
    expires_at: String,
}

async fn create_link(State(app): State<Arc<App>>, request: Request) -> Result<Response, Response> {
    let (
        Parts {
            headers,
            extensions,
            ..
        },
        body,
    ) = request.into_parts();
    let address = ClientAddress::of(&extensions);
    let is_right = app.limits.secret(address, || is_merchant(&app, &headers));
    if !is_right.map_err(IntoResponse::into_response)? {
        return Err(wrong_secret());
    }
    let answer = link_for(&app, &headers, body).await;
    answer.map_err(IntoResponse::into_response)
}

async fn link_for(app: &App, headers: &HeaderMap, body: Body) -> Result<Response, ApiError> {
    let body = read_json(headers, body).await?;
    let request: LinkRequest = protocol::read_body(&body)?;
    let return_url = match &request.return_url {
        Some(url) => Some(allowed_return_url(app, url)?),
        None => None,
    };
    let to = request.to;
    if matches!(to, Destination::HostedPortal) && app.config.hosted_portal.is_none() {
        return Err(bad("There is no [hosted_portal] in the configuration."));
    }
    let lookup = lookup(request)?;
    let found = calling_for(Purpose::Link, app.gateway.find_customer(lookup)).await;
    if let Err(problem) = &found
        && problem.status == StatusCode::CONFLICT.as_u16()
    {
        tracing::warn!(
            problem = problem.title,
            "no link: the customer is not clear"
        );
    }
    let found = found?;
    let customer = found
        .ok_or_else(|| ApiError::new(ProblemKind::NotFound, "The store has no such customer."))?;
    app.limits.link(customer)?;

    let token = session::new_token(app);
    let now_ms = app.now_ms().await?;
    let link = Link {
        customer,
        return_url,
        made_ms: now_ms,
        expires_ms: now_ms + app.config.session.link_ms,
    };
    app.store.add_link(TokenHash::of(&token), &link).await?;
    let url = format!("{}{}", app.origin, to.link(&token));
    let expires_at = Timestamp::from_second(link.expires_ms / 1000)
        .map(|at| at.to_string())
        .unwrap_or_default();
    let answer = LinkAnswer {
        customer_portal_link: url.clone(),
        url,
        expires_at,
    };
    let json = serde_json::to_string(&answer).map_err(|_| ApiError::internal())?;
    let content_type = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut response = (StatusCode::CREATED, [content_type], json).into_response();
    Audit::leave(&mut response, customer, "link", "done");
    Ok(response)
}

/// Whether the request shows the merchant's secret. Hashes are compared, in constant time, so
/// that neither content nor length can be told from the time it takes.
fn is_merchant(app: &App, headers: &HeaderMap) -> bool {
    let given = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let expected = app.secrets.merchant_secret.expose_secret();
    given.is_some_and(|given| {
        let (given, expected) = (Sha256::digest(given), Sha256::digest(expected));
        given.as_slice().ct_eq(expected.as_slice()).into()
    })
}

fn wrong_secret() -> Response {
    let mut problem = Problem::new(
        ProblemKind::from("wrong_secret"),
        "Send the merchant's secret as `Authorization: Bearer …`.",
    );
    problem.status = StatusCode::UNAUTHORIZED.as_u16();
    let mut response = ApiError::from(problem).into_response();
    let challenge = HeaderValue::from_static("Bearer");
    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    response
}

fn bad(why: impl Into<String>) -> ApiError {
    ApiError::new(ProblemKind::BadRequest, why)
}

fn lookup(request: LinkRequest) -> Result<Lookup, ApiError> {
    let by_id = request
        .customer_id
        .map(|id| id.into_text().parse().map(Lookup::Id));
    let by_id = by_id
        .transpose()
        .map_err(|_| bad("`customer_id` is not a Recharge customer id."))?;
    let external = request.external_customer_id.map(Id::into_text);
    let ways = [
        by_id,
        external.map(Lookup::External),
        request.email.map(Lookup::Email),
        request.hash.map(Lookup::Hash),
    ];
    let mut given = ways.into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(Lookup::External(text) | Lookup::Email(text) | Lookup::Hash(text)), None)
            if text.trim().is_empty() || text.len() > 255 =>
        {
            Err(bad(
                "The customer's id, email or hash is empty or too long.",
            ))
        }
        (Some(lookup), None) => Ok(lookup),
        _ => Err(bad(
            "Send exactly one of `customer_id`, `external_customer_id`, `email`, `hash`.",
        )),
    }
}

fn allowed_return_url(app: &App, text: &str) -> Result<String, ApiError> {
    let url = SafeUrl::parse(text).map_err(|why| bad(format!("`return_url` {why}.")))?;
    if !app.config.session.return_origins.contains(&url.origin()) {
        return Err(bad(
            "`return_url` leads to an origin that session.return_origins does not list.",
        ));
    }
    Ok(url.url().to_string())
}

/// Leads back to the shop: to where the session came from, else to the usual place.
async fn back_to_shop(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let session = session::current(&app, &headers).await?;
    let own = session.and_then(|session| session.return_url);
    let usual = &app.config.policy.merchant.return_url;
    Ok(Redirect::to(own.as_deref().unwrap_or(usual)).into_response())
}
