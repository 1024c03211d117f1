//! Sessions, as the merchant's server asks for them, reads them back and revokes them.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use gateway::{Actor, Lookup};
use jiff::Timestamp;
use protocol::{CustomerId, ProblemKind};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::destination::{FlowRequest, checked_page};
use super::fields::{Id, allowed_url, bad};
use super::link;
use super::open::Destination;
use crate::audit::Audit;
use crate::client_address::ClientAddress;
use crate::http::body::read_json;
use crate::problem::ApiError;
use crate::session;
use crate::state::App;
use crate::store::{Granted, Link, Terms};

/// The locale that leaves it to the browser.
const AUTO: &str = "auto";
/// The longest id of a member of staff, in characters.
const LONGEST_STAFF: usize = 64;

/// What the merchant's server asks for a session with. Exactly one of the first four says whose.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionRequest {
    customer_id: Option<Id>,
    external_customer_id: Option<Id>,
    email: Option<String>,
    hash: Option<String>,
    return_url: Option<String>,
    locale: Option<String>,
    on_behalf_of: Option<String>,
    configuration: Option<String>,
    page: Option<String>,
    flow: Option<FlowRequest>,
    staff: Option<String>,
    #[serde(default)]
    to: Destination,
}

/// A session, as the merchant's server sees it.
#[derive(Serialize)]
struct SessionAnswer<'a> {
    id: &'a str,
    object: &'static str,
    state: SessionState,
    customer_id: CustomerId,
    /// The link, under both names that portal APIs use for it; only where it was just made.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_portal_link: Option<&'a str>,
    /// Since when there is a link or a session, RFC 3339 in UTC.
    created_at: Option<String>,
    /// Until when the link opens or, once it has, until when the session lasts at most.
    expires_at: Option<String>,
    /// When the customer last used it.
    used_at: Option<String>,
    #[serde(flatten)]
    terms: &'a Terms,
}

/// What has become of a session.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum SessionState {
    /// Its link waits to be opened.
    Unopened,
    /// The customer is signed in.
    Active,
    /// Its link was not opened in time, or the session has ended.
    Ended,
}

/// Makes a session, which begins when its link is opened.
pub(super) async fn create(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    only_merchant(&app, &parts)?;
    link_for(&app, &parts.headers, body).await
}

/// Reads a session back.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    only_merchant(&app, &request.into_parts().0)?;
    let granted = granted(&app, &id).await?;
    let answer = SessionAnswer::of(&app, &id, &granted, app.now_ms().await?);
    json(StatusCode::OK, &answer)
}

/// Ends a session, whether its link was opened or not.
pub(super) async fn revoke(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    only_merchant(&app, &request.into_parts().0)?;
    let granted = granted(&app, &id).await?;
    app.store.revoke(&id).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    Audit::of(granted.customer, "revoke", "done")
        .by(Actor::Shop)
        .on(format!("session={id}"))
        .put(&mut response);
    Ok(response)
}

async fn link_for(app: &App, headers: &HeaderMap, body: Body) -> Result<Response, ApiError> {
    let body = read_json(headers, body).await?;
    let mut request: SessionRequest = protocol::read_body(&body)?;
    let to = request.to;
    let terms = terms(
        app,
        &Asked {
            return_url: request.return_url.as_deref(),
            configuration: request.configuration.as_deref(),
            locale: request.locale.as_deref(),
            on_behalf_of: request.on_behalf_of.as_deref(),
        },
    )?;
    let terms = Terms {
        staff: request.staff.take(),
        ..beginning(app, &mut request, terms)?
    };
    if matches!(to, Destination::HostedPortal) && app.config.hosted_portal.is_none() {
        return Err(bad("There is no [hosted_portal] in the configuration."));
    }
    if let Some(staff) = &terms.staff {
        check_staff(app, staff, to)?;
    }
    let lookup = lookup(
        request.customer_id,
        request.external_customer_id,
        request.email,
        request.hash,
    )?;
    let customer = find(app, lookup).await?;

    let token = session::new_token(app);
    let now_ms = app.now_ms().await?;
    let expires_ms = now_ms + app.config.session.link_ms;
    let link = link::add(app, &token, customer, terms, expires_ms).await?;
    let url = format!("{}{}", app.origin, to.link(&token));
    let granted = Granted::unopened(&link);
    let mut answer = SessionAnswer::of(app, &link.id, &granted, now_ms);
    answer.url = Some(&url);
    answer.customer_portal_link = Some(&url);
    let mut response = json(StatusCode::CREATED, &answer)?;
    Audit::of(customer, "link", "done")
        .by(Actor::Shop)
        .on(about(&link))
        .put(&mut response);
    Ok(response)
}

/// What a session, or a link, can be asked for with.
#[derive(Default)]
pub(super) struct Asked<'a> {
    pub(super) return_url: Option<&'a str>,
    pub(super) configuration: Option<&'a str>,
    pub(super) locale: Option<&'a str>,
    pub(super) on_behalf_of: Option<&'a str>,
}

/// The same, checked.
pub(super) fn terms(app: &App, asked: &Asked<'_>) -> Result<Terms, ApiError> {
    let return_url = asked
        .return_url
        .map(|url| allowed_url(app, "return_url", url));
    let configuration = asked
        .configuration
        .map(|name| known_configuration(app, name));
    let locale = asked.locale.filter(|tag| *tag != AUTO);
    let locale = locale.map(|tag| known_locale(app, tag));
    Ok(Terms {
        return_url: return_url.transpose()?,
        configuration: configuration.transpose()?,
        locale: locale.transpose()?,
        on_behalf_of: asked.on_behalf_of.map(short_name).transpose()?,
        ..Terms::default()
    })
}

/// A language tag of a language that the portal has, in its usual form.
fn known_locale(app: &App, tag: &str) -> Result<String, ApiError> {
    let languages = &app.config.languages;
    languages.canonical(tag).ok_or_else(|| {
        let tags = languages.tags().join(", ");
        bad(format!(
            "`locale` is not a tag of a language that the portal has. Send one of {tags}, with a \
             region if you like, such as de-CH, or `auto` for the browser's."
        ))
    })
}

/// A name for the merchant's records.
fn short_name(name: &str) -> Result<String, ApiError> {
    let is_shown = |c: char| !c.is_control();
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 || !name.chars().all(is_shown) {
        return Err(bad(
            "`on_behalf_of` must have 1 to 100 characters, none of them control characters.",
        ));
    }
    Ok(name.to_owned())
}

/// What the audit log says of a link: its session and whom it is for.
fn about(link: &Link) -> String {
    match &link.terms.staff {
        Some(staff) => format!("session={} staff={staff}", link.id),
        None => format!("session={}", link.id),
    }
}

/// Whether a session may be for this member of the shop's staff.
fn check_staff(app: &App, staff: &str, to: Destination) -> Result<(), ApiError> {
    if !app.config.support {
        return Err(bad(
            "There is no [support] in the configuration, so `staff` cannot open a portal.",
        ));
    }
    if matches!(to, Destination::HostedPortal) {
        return Err(bad("`staff` cannot go to the hosted portal."));
    }
    let is_id =
        (1..=LONGEST_STAFF).contains(&staff.len()) && staff.bytes().all(|b| b.is_ascii_graphic());
    if is_id {
        Ok(())
    } else {
        Err(bad(
            "`staff` must have 1 to 64 visible ASCII characters, such as agent-7.",
        ))
    }
}

/// The one customer that `lookup` names, for the merchant's server.
pub(super) async fn find(app: &App, lookup: Lookup) -> Result<CustomerId, ApiError> {
    link::find(app, lookup).await?.ok_or_else(|| {
        ApiError::of_merchant(
            StatusCode::NOT_FOUND,
            "no_such_customer",
            "Recharge has no such customer. Customers exist there from their first subscription on.",
        )
    })
}

impl<'a> SessionAnswer<'a> {
    fn of(app: &App, id: &'a str, granted: &'a Granted, now_ms: i64) -> SessionAnswer<'a> {
        let limits = &app.config.session;
        let session = granted.session.as_ref();
        let live = session.filter(|session| session::is_live(session, limits, now_ms));
        let waits = granted.opens_until_ms.filter(|until_ms| *until_ms > now_ms);
        let at = |ms: i64| {
            Some(
                Timestamp::from_second(ms.div_euclid(1000))
                    .ok()?
                    .to_string(),
            )
        };
        SessionAnswer {
            id,
            object: "session",
            state: match (live, waits) {
                (Some(_), _) => SessionState::Active,
                (None, Some(_)) => SessionState::Unopened,
                (None, None) => SessionState::Ended,
            },
            customer_id: granted.customer,
            url: None,
            customer_portal_link: None,
            created_at: at(granted.made_ms),
            expires_at: match session {
                Some(session) => at(session::ends_ms(session, limits)),
                None => granted.opens_until_ms.and_then(at),
            },
            used_at: session.and_then(|session| at(session.seen_ms)),
            terms: &granted.terms,
        }
    }
}

/// What is kept under the id of a session. One of the other mode is not there.
async fn granted(app: &App, id: &str) -> Result<Granted, ApiError> {
    if !app.config.mode.has_session(id) {
        return Err(no_such_session());
    }
    app.store.granted(id).await?.ok_or_else(no_such_session)
}

fn no_such_session() -> ApiError {
    ApiError::new(
        ProblemKind::NotFound,
        "There is no session with this id, or it ended a while ago.",
    )
}

pub(super) fn json(status: StatusCode, answer: &impl Serialize) -> Result<Response, ApiError> {
    let json = serde_json::to_string(answer).map_err(|_| ApiError::internal())?;
    let content_type = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok((status, [content_type], json).into_response())
}

/// Refuses whoever does not show the merchant's secret.
pub(super) fn only_merchant(app: &App, parts: &Parts) -> Result<(), ApiError> {
    let address = ClientAddress::of(&parts.extensions);
    let is_right = app
        .limits
        .secret(address, || is_merchant(app, &parts.headers))?;
    is_right.then_some(()).ok_or_else(ApiError::wrong_secret)
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

fn malformed_customer_id() -> ApiError {
    ApiError::of_merchant(
        StatusCode::BAD_REQUEST,
        "malformed_customer_id",
        "`customer_id` is not a Recharge customer id, which has digits only. Send the id of your \
         own shop's customer as `external_customer_id`.",
    )
}

/// The name of a configuration that there is.
fn known_configuration(app: &App, name: &str) -> Result<String, ApiError> {
    if app.configurations.has(name) {
        return Ok(name.to_owned());
    }
    let names: Vec<&str> = app.configurations.names().collect();
    Err(ApiError::of_merchant(
        StatusCode::BAD_REQUEST,
        "no_such_configuration",
        format!(
            "No configuration is called `{}`. There are: {}.",
            clipped(name),
            names.join(", ")
        ),
    ))
}

/// The beginning of a text that somebody else wrote.
fn clipped(text: &str) -> String {
    text.chars().take(64).collect()
}

/// The one way in which a customer is named.
pub(super) fn lookup(
    customer_id: Option<Id>,
    external_customer_id: Option<Id>,
    email: Option<String>,
    hash: Option<String>,
) -> Result<Lookup, ApiError> {
    let by_id = customer_id.map(|id| id.into_text().parse().map(Lookup::Id));
    let by_id = by_id.transpose().map_err(|_| malformed_customer_id())?;
    let external = external_customer_id.map(Id::into_text);
    let ways = [
        by_id,
        external.map(Lookup::External),
        email.map(Lookup::Email),
        hash.map(Lookup::Hash),
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

/// What the session is asked for with, checked.
fn beginning(app: &App, request: &mut SessionRequest, terms: Terms) -> Result<Terms, ApiError> {
    let (page, flow) = (request.page.take(), request.flow.take());
    let begins = page.is_some() || flow.is_some();
    if begins && matches!(request.to, Destination::HostedPortal) {
        return Err(bad(
            "`page` and `flow` lead into this portal, and `to` leads to the hosted one. Leave out \
             either.",
        ));
    }
    if page.is_some() && flow.is_some() {
        return Err(bad(
            "A session begins at a `page` or in a `flow`. Leave out either.",
        ));
    }
    Ok(Terms {
        page: page.map(checked_page).transpose()?,
        flow: flow.map(|flow| flow.check(app)).transpose()?,
        ..terms
    })
}
