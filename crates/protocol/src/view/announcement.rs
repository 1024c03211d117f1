//! The merchant's announcements, and how a customer dismisses one.

use serde::{Deserialize, Serialize};

use super::shared::Translated;
use crate::json::Read;

/// Where an announcement is dismissed for good, below [`API_BASE`](crate::API_BASE): a POST of a
/// [`Dismissal`], answered with `{}`. The same again changes nothing.
pub const DISMISSALS: &str = "/dismissals";

/// What the merchant has to say to this customer now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Announcement {
    /// Its id.
    pub id: String,
    /// What customers read.
    pub text: Translated,
    /// A picture: an https URL.
    pub picture: Option<String>,
    /// Where there is more: an https (in a demo http) URL.
    pub link: Option<String>,
}

/// The announcement that a customer does not want to see again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dismissal {
    /// Its id.
    pub announcement: String,
}
