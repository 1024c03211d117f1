//! The cookies that hold a session, and a browser while it opens a link or signs in.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::config::SessionCookie;
use crate::problem::ApiError;

/// A cookie of ours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cookie {
    name: &'static str,
    secure: bool,
}

impl SessionCookie {
    /// The one that holds the session.
    pub(crate) fn session(self) -> Cookie {
        // `__Host-`: the browser takes it from this host only, over a secure connection, for all
        // paths.
        self.named("__Host-portal", "loopback-portal")
    }

    /// The one that a browser has while it opens a link.
    pub(crate) fn opening(self) -> Cookie {
        self.named("__Host-portal-opening", "loopback-portal-opening")
    }

    /// The one that a browser has while it signs in by email.
    pub(crate) fn login(self) -> Cookie {
        self.named("__Host-portal-login", "loopback-portal-login")
    }

    /// The one that a browser has while it signs in at the shop.
    pub(crate) fn signing_on(self) -> Cookie {
        self.named("__Host-portal-sign-on", "loopback-portal-sign-on")
    }

    fn named(self, host_only: &'static str, loopback: &'static str) -> Cookie {
        match self {
            SessionCookie::HostOnly => Cookie {
                name: host_only,
                secure: true,
            },
            SessionCookie::Loopback => Cookie {
                name: loopback,
                secure: false,
            },
        }
    }
}

impl Cookie {
    /// The header that sets it to a token until the browser is closed.
    pub(crate) fn set(self, token: &str) -> Result<HeaderValue, ApiError> {
        self.header(token, "")
    }

    /// The header that sets it to a token for so many seconds.
    pub(crate) fn set_for(self, token: &str, seconds: u32) -> Result<HeaderValue, ApiError> {
        self.header(token, &format!(" Max-Age={seconds};"))
    }

    /// The header that removes it.
    pub(crate) fn expired(self) -> Result<HeaderValue, ApiError> {
        self.header("", " Max-Age=0;")
    }

    fn header(self, value: &str, age: &str) -> Result<HeaderValue, ApiError> {
        let secure = if self.secure { " Secure;" } else { "" };
        let name = self.name;
        let text = format!("{name}={value};{age} Path=/;{secure} HttpOnly; SameSite=Lax");
        let mut value = HeaderValue::try_from(text).map_err(|_| ApiError::internal())?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The token in it; none where there is no cookie or more than one of the name.
    pub(crate) fn token(self, headers: &HeaderMap) -> Option<&str> {
        let mut tokens = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.name)
            .map(|(_, token)| token);
        match (tokens.next(), tokens.next()) {
            (Some(token), None) if token.len() == 64 => Some(token),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_exactly_this() {
        let cookie = SessionCookie::HostOnly.session();
        assert_eq!(
            cookie.set("token").unwrap(),
            "__Host-portal=token; Path=/; Secure; HttpOnly; SameSite=Lax"
        );
        assert_eq!(
            cookie.expired().unwrap(),
            "__Host-portal=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"
        );
        assert_eq!(
            SessionCookie::Loopback.session().set("token").unwrap(),
            "loopback-portal=token; Path=/; HttpOnly; SameSite=Lax"
        );
    }

    #[test]
    fn two_cookies_of_the_name_are_none() {
        let value = "a".repeat(64);
        let has_token = |cookie: Cookie, text: String| {
            let headers = HeaderMap::from_iter([(COOKIE, text.parse().unwrap())]);
            cookie.token(&headers).is_some()
        };
        for cookie in [SessionCookie::HostOnly, SessionCookie::Loopback] {
            for cookie in [cookie.session(), cookie.opening(), cookie.signing_on()] {
                let name = cookie.name;
                assert!(has_token(cookie, format!("x=1; {name}={value}")));
                assert!(!has_token(
                    cookie,
                    format!("{name}={value}; {name}={value}")
                ));
            }
        }
        let other = format!("loopback-portal={value}");
        assert!(!has_token(SessionCookie::HostOnly.session(), other));
    }
}
