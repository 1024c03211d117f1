//! The session of a request: beginning, checking and ending it.

pub(crate) mod authorization;
pub(crate) mod bearer;
mod cookie;
pub(crate) mod ended;

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue};
use base::hex;
use gateway::Gateway;
use protocol::{CustomerId, Problem, ProblemKind};

use crate::audit::Audit;
use crate::config::SessionConfig;
use crate::problem::ApiError;
use crate::state::App;
use crate::store::{CLOCK_STEP_MS, Link, Session, StoreError, Terms, TokenHash};

/// A session's last use is written at most so often, milliseconds.
const TOUCH_MS: i64 = 60_000;
/// And at most so often in the time after which it ends, so that it lasts almost that long where
/// that is short.
const TOUCHES: i64 = 20;
/// A browser may repeat what began its session for so long, milliseconds.
const REPEAT_MS: i64 = 60_000;
/// How often to look for a session that another request has begun and not stored yet.
const WAITS: u32 = 5;
/// How long to wait before looking again, milliseconds.
const WAIT_MS: u64 = 100;
/// A session of the shop's staff ends so long after it began, milliseconds: 30 minutes.
const STAFF_MS: i64 = 30 * 60_000;

/// A request's session, checked.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    /// The id of the session, which opens nothing.
    pub(crate) id: String,
    pub(crate) customer: CustomerId,
    pub(crate) token: TokenHash,
    /// What the session was asked for with.
    pub(crate) terms: Terms,
}

impl SignedIn {
    /// The gateway under the policy that is for this session now.
    ///
    /// # Errors
    /// 503 where the rules cannot be decided.
    pub(crate) async fn gateway(&self, app: &App) -> Result<Arc<Gateway>, Problem> {
        let named = self.terms.configuration.as_deref();
        app.configurations.gateway(self.customer, named).await
    }

    /// Refuses staff what is for the customer alone.
    ///
    /// # Errors
    /// 403 `switched_off`.
    pub(crate) fn refuse_staff(&self) -> Result<(), ApiError> {
        match self.terms.staff {
            Some(_) => Err(ApiError::new(
                ProblemKind::SwitchedOff,
                "Support cannot use this.",
            )),
            None => Ok(()),
        }
    }

    /// What became of an `action` in it.
    pub(crate) fn audit(&self, action: &str, result: &str) -> Audit {
        Audit::of(self.customer, action, result).by(self.terms.actor())
    }
}

/// Ends in the store what has ended here, as far as it can be written again.
pub(crate) async fn store_ended(app: &App) -> Result<(), StoreError> {
    let ended: Vec<TokenHash> = app.ended.with(|ended| ended.iter().copied().collect());
    for token in ended {
        app.store.end_session(token).await?;
        app.ended.with(|ended| ended.remove(&token));
    }
    Ok(())
}

/// The session of a request by its cookie.
///
/// # Errors
/// 401 where there is none or it has ended; 503 where the store cannot say.
pub(crate) async fn require(app: &App, headers: &HeaderMap) -> Result<SignedIn, ApiError> {
    current(app, headers)
        .await?
        .ok_or_else(ApiError::session_ended)
}

/// The session of a request by its cookie, where it has a live one.
pub(crate) async fn current(
    app: &App,
    headers: &HeaderMap,
) -> Result<Option<SignedIn>, StoreError> {
    match hash(app, headers) {
        Some(token) => of(app, token).await,
        None => Ok(None),
    }
}

/// The session of `token`, unless it has ended, used now.
pub(crate) async fn of(app: &App, token: TokenHash) -> Result<Option<SignedIn>, StoreError> {
    let Some(session) = live(app, token).await? else {
        return Ok(None);
    };
    let now_ms = app.now_ms().await?;
    let touch_ms = TOUCH_MS.min(app.config.session.idle_ms / TOUCHES);
    if now_ms - session.seen_ms >= touch_ms {
        app.store.touch_session(token, now_ms).await?;
    }
    Ok(Some(SignedIn {
        id: session.id,
        customer: session.customer,
        token,
        terms: session.terms,
    }))
}

/// The session of `token`, unless it has ended.
pub(crate) async fn live(app: &App, token: TokenHash) -> Result<Option<Session>, StoreError> {
    if app.ended.with(|ended| ended.contains(&token)) {
        return Ok(None);
    }
    let now_ms = app.now_ms().await?;
    let Some(session) = app.store.session(token).await? else {
        return Ok(None);
    };
    if is_live(&session, &app.config.session, now_ms) {
        return Ok(Some(session));
    }
    app.store.end_session(token).await?;
    Ok(None)
}

/// The session of `token`, where it began a moment ago: the first request of a double press has
/// begun it, or is about to.
pub(crate) async fn just_begun(app: &App, token: &str) -> Result<Option<Session>, StoreError> {
    for _ in 0..WAITS {
        if let Some(session) = live(app, TokenHash::of(token)).await? {
            let age_ms = app.env.now_ms() - session.begun_ms;
            return Ok((age_ms <= REPEAT_MS).then_some(session));
        }
        app.env.sleep(WAIT_MS).await;
    }
    Ok(None)
}

/// Begins the session `token` for whom the link was made, ends the one that the browser had, and
/// answers the header that sets the cookie.
pub(crate) async fn begin(
    app: &App,
    headers: &HeaderMap,
    link: Link,
    token: &str,
) -> Result<HeaderValue, ApiError> {
    if let Some(old) = hash(app, headers) {
        app.store.end_session(old).await?;
    }
    let now_ms = app.now_ms().await?;
    let session = Session {
        id: link.id,
        customer: link.customer,
        terms: link.terms,
        begun_ms: now_ms,
        seen_ms: now_ms,
    };
    app.store
        .add_session(TokenHash::of(token), &session)
        .await?;
    app.config.session.cookie.session().set(token)
}

/// Ends the session of a request by its cookie, where it has one.
///
/// # Errors
/// As [`end_one`].
pub(crate) async fn end(app: &App, headers: &HeaderMap) -> Result<(), StoreError> {
    match hash(app, headers) {
        Some(token) => end_one(app, token).await,
        None => Ok(()),
    }
}

/// Ends the session of `token`. Where the store cannot be written it is refused from now on all the
/// same, as long as this process runs.
///
/// # Errors
/// Where that could not be stored.
pub(crate) async fn end_one(app: &App, token: TokenHash) -> Result<(), StoreError> {
    let ended = app.store.end_session(token).await;
    if ended.is_err() {
        app.ended.with(|ended| ended.insert(token));
    }
    ended
}

/// The hash of the token in the session's cookie.
fn hash(app: &App, headers: &HeaderMap) -> Option<TokenHash> {
    let token = app.config.session.cookie.session().token(headers)?;
    Some(TokenHash::of(token))
}

/// A new id for a session: it names the session to the merchant's server and opens nothing.
pub(crate) fn new_id(app: &App) -> String {
    let prefix = app.config.mode.session_prefix();
    format!("{prefix}{}", hex(&app.env.random()))
}

/// 256 random bits as text; never stored as they are.
pub(crate) fn new_token(app: &App) -> String {
    let bits = [app.env.random(), app.env.random()];
    hex(bits.as_flattened())
}

/// Whether a session has not ended at `now_ms`.
pub(crate) fn is_live(session: &Session, limits: &SessionConfig, now_ms: i64) -> bool {
    let age = now_ms - session.begun_ms;
    let idle = now_ms - session.seen_ms;
    age >= -CLOCK_STEP_MS && now_ms < ends_ms(session, limits) && idle < limits.idle_ms
}

/// When a session ends at the latest, milliseconds since 1970.
pub(crate) fn ends_ms(session: &Session, limits: &SessionConfig) -> i64 {
    let longest_ms = match session.terms.staff {
        Some(_) => limits.absolute_ms.min(STAFF_MS),
        None => limits.absolute_ms,
    };
    session.begun_ms + longest_ms
}
