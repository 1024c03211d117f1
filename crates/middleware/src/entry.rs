//! The way in: the merchant's server asks for a one-time link, the customer's browser opens it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, head, post};
use gateway::Lookup;
use jiff::Timestamp;
use protocol::{CustomerId, Problem, ProblemKind};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::body::read_json;
use crate::config::SafeUrl;
use crate::hand_over;
use crate::log::Audit;
use crate::plain_page::PlainPage;
use crate::problem::Refusal;
use crate::session;
use crate::store::{Link, Taken, TokenHash};
use crate::upstream::on_behalf_of;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/portal/sessions", only(post(create_link), &["POST"]))
        .route(
            "/portal/open/{token}",
            // A HEAD of its own, since the one that comes with GET would use the link up.
            only(head(StatusCode::OK).get(open_link), &["GET", "HEAD"]),
        )
        .route("/portal/return", only(get(back_to_shop), &["GET", "HEAD"]))
}

/// `route`, refusing other methods by naming those that there are.
fn only(route: MethodRouter<Arc<App>>, methods: &'static [&'static str]) -> MethodRouter<Arc<App>> {
    route.fallback(async || Refusal::method(methods))
}

/// For which customer the merchant's server wants a link: exactly one of the first four.
#[derive(Deserialize)]
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

/// Where a link leads.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Destination {
    /// This portal.
    #[default]
    Portal,
    /// On to the portal that Recharge hosts.
    HostedPortal,
}

/// The parameters of a link; others are somebody else's and mean nothing here.
#[derive(Default, Deserialize)]
struct LinkParameters {
    #[serde(default)]
    to: Destination,
}

impl Destination {
    /// What stands behind the link's token.
    fn suffix(self) -> &'static str {
        match self {
            Destination::Portal => "",
            Destination::HostedPortal => "?to=hosted_portal",
        }
    }

    /// The page of ours that it begins with.
    fn path(self) -> &'static str {
        match self {
            Destination::Portal => "/portal/",
            Destination::HostedPortal => hand_over::PATH,
        }
    }
}

/// An id as a number or as text: shops have both.
#[derive(Deserialize)]
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

async fn create_link(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Response> {
    if !is_merchant(&app, &headers) {
        return Err(wrong_secret());
    }
    let answer = link_for(&app, &headers, body).await;
    answer.map_err(IntoResponse::into_response)
}

async fn link_for(app: &App, headers: &HeaderMap, body: Body) -> Result<Response, Refusal> {
    let body = read_json(headers, body).await?;
    let request: LinkRequest =
        serde_json::from_slice(&body).map_err(|error| bad(error.to_string()))?;
    let return_url = match &request.return_url {
        Some(url) => Some(allowed_return_url(app, url)?),
        None => None,
    };
    let to = request.to;
    if matches!(to, Destination::HostedPortal) && app.config.hosted_portal.is_none() {
        return Err(bad("There is no [hosted_portal] in the configuration."));
    }
    let lookup = lookup(request)?;
    let found = on_behalf_of(0, app.gateway.find_customer(lookup)).await?;
    let customer = found
        .ok_or_else(|| Refusal::new(ProblemKind::NotFound, "The store has no such customer."))?;

    let token = session::new_token(app);
    let link = Link {
        customer,
        return_url,
        expires_ms: app.env.now_ms() + app.config.session.link_ms,
    };
    app.store.add_link(TokenHash::of(&token), &link).await?;
    let url = format!("{}/portal/open/{token}{}", app.origin, to.suffix());
    let expires_at = Timestamp::from_second(link.expires_ms / 1000)
        .map(|at| at.to_string())
        .unwrap_or_default();
    let answer = LinkAnswer {
        customer_portal_link: url.clone(),
        url,
        expires_at,
    };
    let json = serde_json::to_string(&answer).map_err(|_| Refusal::internal())?;
    let content_type = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut response = (StatusCode::CREATED, [content_type], json).into_response();
    audit(&mut response, customer, "link", "done");
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
    let mut response = Refusal::from(problem).into_response();
    let challenge = HeaderValue::from_static("Bearer");
    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    response
}

fn bad(why: impl Into<String>) -> Refusal {
    Refusal::new(ProblemKind::BadRequest, why)
}

fn lookup(request: LinkRequest) -> Result<Lookup, Refusal> {
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

fn allowed_return_url(app: &App, text: &str) -> Result<String, Refusal> {
    let url = SafeUrl::parse(text).map_err(|why| bad(format!("`return_url` {why}.")))?;
    if !app.config.session.return_origins.contains(&url.origin()) {
        return Err(bad(
            "`return_url` leads to an origin that session.return_origins does not list.",
        ));
    }
    Ok(url.url().to_string())
}

/// Opens the portal: once. The answer leads to an address without the token.
async fn open_link(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Query(parameters) = Query::<LinkParameters>::try_from_uri(&uri).unwrap_or_default();
    let place = parameters.to.path();
    let token = TokenHash::of(uri.path().rsplit('/').next().unwrap_or_default());
    let taken = app.store.take_link(token, app.env.now_ms()).await?;
    match taken {
        Taken::Good(link) => {
            let customer = link.customer;
            let cookie = session::begin(&app, &headers, link).await?;
            let mut response = see_other(place);
            response.headers_mut().insert(SET_COOKIE, cookie);
            audit(&mut response, customer, "sign_in", "done");
            Ok(response)
        }
        Taken::Spent(link) => {
            // Pressed twice, or gone back to: who is in already may stay.
            let current = session::current(&app, &headers).await?;
            if current.is_some_and(|session| session.customer == link.customer) {
                return Ok(see_other(place));
            }
            let mut response = spent_page(&app, link.return_url.as_deref());
            audit(&mut response, link.customer, "sign_in", "spent");
            Ok(response)
        }
        Taken::Unknown => Ok(spent_page(&app, None)),
    }
}

fn see_other(place: &'static str) -> Response {
    let location = (LOCATION, HeaderValue::from_static(place));
    (StatusCode::SEE_OTHER, [location]).into_response()
}

/// Leads back to the shop: to where the session came from, else to the usual place.
async fn back_to_shop(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let session = session::current(&app, &headers).await?;
    let own = session.and_then(|session| session.return_url);
    let usual = &app.config.policy.merchant.return_url;
    Ok(Redirect::to(own.as_deref().unwrap_or(usual)).into_response())
}

/// Says without any script that a link is used up, and where to get another.
fn spent_page(app: &App, return_url: Option<&str>) -> Response {
    let page = PlainPage {
        status: StatusCode::GONE,
        title: "This link no longer works",
        text: "A link to your subscriptions works once, and for a few minutes.",
        advice: "and open them from there again.",
        return_url,
    };
    page.response(app)
}

fn audit(response: &mut Response, customer: CustomerId, action: &str, result: &str) {
    response.extensions_mut().insert(Audit {
        customer,
        action: action.to_owned(),
        result: result.to_owned(),
    });
}
