//! The session cookie and the check of every request against it.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use protocol::CustomerId;

use crate::app::App;
use crate::config::SessionConfig;
use crate::problem::Refusal;
use crate::store::{Link, Session, StoreError, TokenHash};

/// `__Host-`: the browser takes it from this host only, over a secure connection, for all paths.
const COOKIE_NAME: &str = "__Host-portal";
/// A session's last use is written at most so often, milliseconds.
const TOUCH_MS: i64 = 60_000;
/// A clock may be set back by so much before sessions count as not yet begun, milliseconds.
const CLOCK_STEP_MS: i64 = 60_000;

/// A request's session, checked.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    pub(crate) customer: CustomerId,
    pub(crate) token: TokenHash,
    /// Where 'Back to the shop' leads, where it is not the usual place.
    pub(crate) return_url: Option<String>,
}

/// The session of a request.
///
/// # Errors
/// 401 where there is none or it has ended; 503 where the store cannot say.
pub(crate) async fn require(app: &App, headers: &HeaderMap) -> Result<SignedIn, Refusal> {
    current(app, headers)
        .await?
        .ok_or_else(Refusal::session_ended)
}

/// The session of a request, where it has a live one.
pub(crate) async fn current(
    app: &App,
    headers: &HeaderMap,
) -> Result<Option<SignedIn>, StoreError> {
    let Some(token) = cookie(headers) else {
        return Ok(None);
    };
    let Some(session) = app.store.session(token).await? else {
        return Ok(None);
    };
    let now_ms = app.env.now_ms();
    if !is_live(&session, &app.config.session, now_ms) {
        app.store.end_session(token).await?;
        return Ok(None);
    }
    if now_ms - session.seen_ms >= TOUCH_MS {
        app.store.touch_session(token, now_ms).await?;
    }
    Ok(Some(SignedIn {
        customer: session.customer,
        token,
        return_url: session.return_url,
    }))
}

/// Begins a session for whom the link was made, ends the one that the browser had, and answers
/// the header that sets the cookie.
pub(crate) async fn begin(
    app: &App,
    headers: &HeaderMap,
    link: Link,
) -> Result<HeaderValue, Refusal> {
    if let Some(old) = cookie(headers) {
        app.store.end_session(old).await?;
    }
    let token = new_token(app);
    let now_ms = app.env.now_ms();
    let session = Session {
        customer: link.customer,
        return_url: link.return_url,
        begun_ms: now_ms,
        seen_ms: now_ms,
    };
    app.store
        .add_session(TokenHash::of(&token), &session)
        .await?;
    set_cookie(&format!("{COOKIE_NAME}={token}"))
}

/// Ends the session of a request, where it has one, and answers the header that removes the cookie.
pub(crate) async fn end(app: &App, headers: &HeaderMap) -> Result<HeaderValue, Refusal> {
    if let Some(token) = cookie(headers) {
        app.store.end_session(token).await?;
    }
    set_cookie(&format!("{COOKIE_NAME}=; Max-Age=0"))
}

/// 256 random bits as text; never stored as they are.
pub(crate) fn new_token(app: &App) -> String {
    let bits = [app.env.random(), app.env.random()];
    bits.as_flattened()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn set_cookie(start: &str) -> Result<HeaderValue, Refusal> {
    let text = format!("{start}; Path=/; Secure; HttpOnly; SameSite=Lax");
    let mut value = HeaderValue::try_from(text).map_err(|_| Refusal::internal())?;
    value.set_sensitive(true);
    Ok(value)
}

fn is_live(session: &Session, limits: &SessionConfig, now_ms: i64) -> bool {
    let age = now_ms - session.begun_ms;
    let idle = now_ms - session.seen_ms;
    age >= -CLOCK_STEP_MS && age < limits.absolute_ms && idle < limits.idle_ms
}

/// The hash of the cookie's token; none where there is no cookie or more than one of the name.
fn cookie(headers: &HeaderMap) -> Option<TokenHash> {
    let mut tokens = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, token)| token);
    match (tokens.next(), tokens.next()) {
        (Some(token), None) if token.len() == 64 => Some(TokenHash::of(token)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_exactly_this() {
        let header = set_cookie("__Host-portal=token").unwrap();
        assert_eq!(
            header,
            "__Host-portal=token; Path=/; Secure; HttpOnly; SameSite=Lax"
        );
    }

    #[test]
    fn two_cookies_of_the_name_are_none() {
        let token = "a".repeat(64);
        let headers = |text: String| HeaderMap::from_iter([(COOKIE, text.parse().unwrap())]);
        assert!(cookie(&headers(format!("x=1; __Host-portal={token}"))).is_some());
        let twice = format!("__Host-portal={token}; __Host-portal={token}");
        assert!(cookie(&headers(twice)).is_none());
    }
}
