//! Proving by a mailed code that the customer themselves is there.

use base::Secret;
use serde::{Deserialize, Serialize};

use super::account::AwaitedCode;
use crate::json::Read;

/// Where customers prove who they are, below [`API_BASE`](crate::API_BASE): a POST of a
/// [`Proof`], answered with a [`Verification`].
pub const VERIFICATIONS: &str = "/verifications";

/// What a customer proves who they are with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The code that was mailed; without it one is mailed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
}

impl Proof {
    /// The JSON to send, with the code in clear.
    pub fn body(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        match &self.code {
            Some(code) => code.fill(&json, "code"),
            None => json,
        }
    }
}

/// How it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Read)]
pub struct Verification {
    /// Whether it is proven, for some minutes.
    pub verified: bool,
    /// The code that is waited for; `None` where there is none that counts.
    pub awaited: Option<AwaitedCode>,
}
