//! The session of a page of another origin. Browsers send no cookie from there, so it sends a bearer
//! token, which is good for minutes and from that origin only.

use axum::http::{HeaderMap, HeaderValue};

use super::authorization;
use crate::config::Origin;
use crate::http::origin::{loggable, named};
use crate::problem::ApiError;
use crate::session::{self, SignedIn};
use crate::state::App;
use crate::store::{Bearer, Link, Session, StoreError, TokenHash};

/// A token is good for so long, milliseconds: a quarter of an hour.
const LIFE_MS: i64 = 15 * 60_000;
/// Once it has been renewed, for so long: requests may be on their way.
const GRACE_MS: i64 = 10_000;

/// A token that was given out.
pub(crate) struct Issued {
    pub(crate) token: String,
    /// How long it is good, seconds.
    pub(crate) seconds: i64,
    pub(crate) session: Session,
}

/// The listed origin that a request names.
pub(crate) fn listed<'a>(app: &'a App, headers: &HeaderMap) -> Option<&'a Origin> {
    let origin = named(headers)?;
    let mut origins = app.config.embedding_origins.iter();
    origins.find(|listed| listed.is(origin))
}

/// The session of a request with this token.
///
/// # Errors
/// 401 where it is not good, or not for the request's origin; 503 where the store cannot say.
pub(crate) async fn require(
    app: &App,
    headers: &HeaderMap,
    token: &str,
) -> Result<SignedIn, ApiError> {
    let session = match good(app, headers, token).await? {
        Some(bearer) => session::of(app, bearer.session).await?,
        None => None,
    };
    session.ok_or_else(ApiError::session_ended)
}

/// Begins a session for whom the link was made, and gives out its first token.
pub(crate) async fn begin(app: &App, link: Link, origin: &Origin) -> Result<Issued, ApiError> {
    // Nobody is given its token: no cookie opens it.
    let id = TokenHash::of(&session::new_token(app));
    let now_ms = app.now_ms().await?;
    let session = Session {
        id: link.id,
        customer: link.customer,
        terms: link.terms,
        begun_ms: now_ms,
        seen_ms: now_ms,
    };
    app.store.add_session(id, &session).await?;
    issue(app, id, session, origin).await
}

/// Gives out another token in place of this one. That alone is no use of the session, which still
/// ends when nobody has been there for long enough.
///
/// # Errors
/// As [`require`].
pub(crate) async fn renew(
    app: &App,
    headers: &HeaderMap,
    token: &str,
    origin: &Origin,
) -> Result<Issued, ApiError> {
    let Some(bearer) = good(app, headers, token).await? else {
        return Err(ApiError::session_ended());
    };
    let session = session::live(app, bearer.session).await?;
    let session = session.ok_or_else(ApiError::session_ended)?;
    app.limits.request(bearer.session, session.customer)?;
    issue(app, bearer.session, session, origin).await
}

async fn issue(
    app: &App,
    id: TokenHash,
    session: Session,
    origin: &Origin,
) -> Result<Issued, ApiError> {
    let now_ms = app.now_ms().await?;
    let end_ms = session::ends_ms(&session, &app.config.session);
    let bearer = Bearer {
        session: id,
        origin: origin.as_str().to_owned(),
        expires_ms: end_ms.min(now_ms + LIFE_MS),
    };
    let token = authorization::token(&session::new_token(app));
    let hash = TokenHash::of(&token);
    if !app
        .store
        .add_bearer(hash, &bearer, now_ms + GRACE_MS)
        .await?
    {
        return Err(ApiError::session_ended());
    }
    Ok(Issued {
        token,
        seconds: (bearer.expires_ms - now_ms) / 1_000,
        session,
    })
}

/// The token as it is stored, where it is good for this request.
async fn good(app: &App, headers: &HeaderMap, token: &str) -> Result<Option<Bearer>, StoreError> {
    let Some(bearer) = app.store.bearer(TokenHash::of(token)).await? else {
        return Ok(None);
    };
    let is_its_origin = |origin: &HeaderValue| origin.as_bytes() == bearer.origin.as_bytes();
    if !named(headers).is_some_and(is_its_origin) || listed(app, headers).is_none() {
        let (origin, site) = loggable(headers);
        tracing::warn!(
            origin,
            site,
            bound_to = bearer.origin,
            session = bearer.session.name(),
            "refused a bearer token from an origin that it is not for"
        );
        return Ok(None);
    }
    let is_good = bearer.expires_ms > app.now_ms().await?;
    Ok(is_good.then_some(bearer))
}
