//! By what a request of the API says whose it is.

use axum::http::{HeaderMap, Method};

use crate::http::origin::{is_foreign, require_own};
use crate::problem::ApiError;
use crate::session::bearer::{self, listed};
use crate::session::{self, SignedIn, authorization};
use crate::state::App;

/// By what a request says whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential<'a> {
    /// By the cookie, which counts in requests of our own page only.
    Cookie,
    /// By this bearer token, from a page of another origin. A cookie beside it does not count.
    Bearer(&'a str),
}

impl Credential<'_> {
    /// That of a request.
    ///
    /// # Errors
    /// 401 where it comes from another origin without a token; 403 where it would change something
    /// and does not come from our own page nor from a listed origin.
    pub(crate) fn of<'a>(
        app: &App,
        method: &Method,
        headers: &'a HeaderMap,
    ) -> Result<Credential<'a>, ApiError> {
        if let Some(token) = authorization::bearer(headers) {
            return Ok(Credential::Bearer(token));
        }
        if listed(app, headers).is_some() {
            return Err(ApiError::session_ended());
        }
        if !method.is_safe() {
            require_own(&app.origin, headers)?;
        } else if is_foreign(&app.origin, headers) {
            return Err(ApiError::session_ended());
        }
        Ok(Credential::Cookie)
    }

    /// Its session.
    ///
    /// # Errors
    /// 401 where there is none or it has ended; 503 where the store cannot say.
    pub(crate) async fn session(
        self,
        app: &App,
        headers: &HeaderMap,
    ) -> Result<SignedIn, ApiError> {
        match self {
            Credential::Cookie => session::require(app, headers).await,
            Credential::Bearer(token) => bearer::require(app, headers, token).await,
        }
    }
}
