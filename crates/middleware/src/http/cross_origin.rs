//! Pages of other origins that embed the portal: what lets their browsers read our responses (CORS),
//! and where they exchange a one-time token for a bearer token.
//!
//! Credentials are never allowed, so no cookie takes part in it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    CONTENT_TYPE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use protocol::{CustomerId, ProblemKind};
use serde::{Deserialize, Serialize};

use crate::assets;
use crate::audit::Audit;
use crate::config::Origin;
use crate::http::api;
use crate::http::body::read_json;
use crate::http::origin::loggable;
use crate::limit::UnknownLink;
use crate::problem::ApiError;
use crate::session::authorization;
use crate::session::bearer::{self, Issued, listed};
use crate::state::App;
use crate::store::{LinkUse, TokenHash};

/// Where a one-time token, or a bearer token that expires soon, is exchanged for another.
const EXCHANGE: &str = "/portal/session/exchange";

/// What a preflight request is told. It depends on nothing but the origin.
const METHODS: HeaderValue = HeaderValue::from_static("DELETE, GET, POST, PUT");
const HEADERS: HeaderValue =
    HeaderValue::from_static("accept, authorization, content-type, idempotency-key");
/// Browsers may remember it for two hours, the longest that Chromium does.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");
/// The headers of a response that the portal reads, and the reference.
const EXPOSED: HeaderValue = HeaderValue::from_static("age, retry-after, x-request-id");

pub(crate) fn routes() -> Router<Arc<App>> {
    let route = post(exchange).fallback(async || ApiError::method(&["POST"]));
    Router::new().route(EXCHANGE, route)
}

/// What lets the page of another origin read a response.
pub(crate) struct Sharing {
    /// The origin, where it is listed.
    with: Option<HeaderValue>,
    /// Whether it may send what needs a preflight request.
    calls: bool,
}

impl Sharing {
    /// That of the response to a request; `None` where no other origin is concerned.
    pub(crate) fn of(app: &App, route: Option<&str>, headers: &HeaderMap) -> Option<Sharing> {
        let calls = match route? {
            EXCHANGE | api::ROUTE => true,
            assets::FILES | assets::TEXTS => false,
            _ => return None,
        };
        if app.config.embedding_origins.is_empty() {
            return None;
        }
        let origin = listed(app, headers).map(Origin::as_str);
        // An origin is printable ASCII, so this is always a header.
        let with = origin.and_then(|origin| HeaderValue::try_from(origin).ok());
        Some(Sharing { with, calls })
    }

    /// The answer to a preflight request of a listed origin.
    pub(crate) fn preflight(&self, request: &Request) -> Option<Response> {
        let asks = request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if request.method() != Method::OPTIONS || !asks || !self.calls || self.with.is_none() {
            return None;
        }
        let headers = [
            (ACCESS_CONTROL_ALLOW_METHODS, METHODS),
            (ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
            (ACCESS_CONTROL_MAX_AGE, MAX_AGE),
        ];
        Some((StatusCode::NO_CONTENT, headers).into_response())
    }

    /// Lets the page read `response`, unless it is a page itself.
    pub(crate) fn apply(self, response: &mut Response) {
        let headers = response.headers_mut();
        headers.append(VARY, HeaderValue::from_static("origin"));
        let content_type = headers.get(CONTENT_TYPE);
        let is_page = content_type.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let Some(origin) = self.with.filter(|_| !is_page) else {
            return;
        };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if self.calls {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }
}

/// What is exchanged, where it is not the bearer token in the header.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExchangeRequest {
    /// The token at the end of a link.
    token: Option<String>,
}

/// A bearer token.
#[derive(Serialize)]
struct ExchangeAnswer {
    token: String,
    /// How long it is good, seconds.
    expires_in: i64,
    /// Whose session it is: another than before is another visit.
    customer_id: CustomerId,
}

/// Gives a page of a listed origin a bearer token in exchange for a one-time token, or for its last
/// one before that expires.
async fn exchange(State(app): State<Arc<App>>, request: Request) -> Result<Response, ApiError> {
    if app.config.embedding_origins.is_empty() {
        return Err(ApiError::no_route());
    }
    let (parts, body) = request.into_parts();
    let headers = &parts.headers;
    let origin = listed(&app, headers).ok_or_else(|| not_listed(headers))?;
    let body = read_json(headers, body).await?;
    let request: ExchangeRequest = protocol::read_body(&body)?;
    let (issued, action) = match (request.token, authorization::bearer(headers)) {
        (None, Some(token)) => (
            bearer::renew(&app, headers, token, origin).await?,
            "renew_session",
        ),
        (Some(token), None) => match take(&app, &token).await? {
            LinkUse::Good(link) => (bearer::begin(&app, link, origin).await?, "sign_in"),
            spent => return Ok(refused(spent)),
        },
        _ => return Err(bad("Send either `token` or the bearer token.")),
    };
    answer(issued, action)
}

async fn take(app: &App, token: &str) -> Result<LinkUse, ApiError> {
    let now_ms = app.now_ms().await?;
    Ok(app.store.take_link(TokenHash::of(token), now_ms).await?)
}

fn answer(issued: Issued, action: &str) -> Result<Response, ApiError> {
    let (customer, actor) = (issued.session.customer, issued.session.terms.actor());
    let answer = ExchangeAnswer {
        token: issued.token,
        expires_in: issued.seconds,
        customer_id: customer,
    };
    let json = serde_json::to_string(&answer).map_err(|_| ApiError::internal())?;
    let content_type = HeaderValue::from_static("application/json");
    let mut response = ([(CONTENT_TYPE, content_type)], json).into_response();
    Audit::of(customer, action, "done")
        .by(actor)
        .put(&mut response);
    Ok(response)
}

/// What is answered for a one-time token that is not good, whatever the reason.
fn refused(spent: LinkUse) -> Response {
    let title = "The one-time token was used before, has expired, or was never made.";
    let mut response = ApiError::new(ProblemKind::SessionEnded, title).into_response();
    match spent {
        LinkUse::Good(link) | LinkUse::AlreadyUsed(link) => {
            Audit::of(link.customer, "sign_in", "spent")
                .by(link.terms.actor())
                .put(&mut response);
        }
        LinkUse::Unknown => {
            response.extensions_mut().insert(UnknownLink);
        }
    }
    response
}

fn not_listed(headers: &HeaderMap) -> ApiError {
    let (origin, site) = loggable(headers);
    tracing::warn!(
        origin,
        site,
        "refused a page of an origin that embedding.origins does not list"
    );
    ApiError::new(
        ProblemKind::ForeignOrigin,
        "Sessions are begun here only from the pages of origins that the configuration lists.",
    )
}

fn bad(why: &str) -> ApiError {
    ApiError::new(ProblemKind::BadRequest, why)
}
