//! What several fields of the merchant's requests have in common.

use protocol::ProblemKind;
use serde::{Deserialize, Serialize};

use crate::config::SafeUrl;
use crate::problem::ApiError;
use crate::state::App;

/// An id as a number or as text: shops have both.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Id {
    Number(u64),
    Text(String),
}

impl Id {
    /// It as text.
    pub(super) fn into_text(self) -> String {
        match self {
            Id::Number(number) => number.to_string(),
            Id::Text(text) => text,
        }
    }
}

/// The address in `field`, where it leads to an origin that the merchant has listed.
pub(super) fn allowed_url(app: &App, field: &str, text: &str) -> Result<String, ApiError> {
    let url = SafeUrl::parse(text).map_err(|why| bad(format!("`{field}` {why}.")))?;
    if !app.config.session.return_origins.contains(&url.origin()) {
        return Err(bad(format!(
            "`{field}` leads to an origin that session.return_origins does not list."
        )));
    }
    Ok(url.url().to_string())
}

/// 400, for the reason `why`: which field is wrong, and what to send.
pub(super) fn bad(why: impl Into<String>) -> ApiError {
    ApiError::new(ProblemKind::BadRequest, why)
}
