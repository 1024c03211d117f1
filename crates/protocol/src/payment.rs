//! How a card is tokenised, before a customer adds it.

use base::Secret;
use recharge::open_enum;
use serde::{Deserialize, Serialize};

use crate::json::{Read, words};

/// Where a card's tokenising begins, below [`API_BASE`](crate::API_BASE): a POST with an
/// idempotency key and `{}`, answered with a [`CardSetup`]. It changes nothing upstream; the
/// same key answers with the same setup.
pub const CARD_SETUPS: &str = "/card_setups";

/// What the processor's own fields need to confirm a card for this customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct CardSetup {
    /// The client secret of the processor's setup: good for this one card, for the browser
    /// only while the fields are open, and never stored.
    pub client_secret: Secret,
}

impl CardSetup {
    /// The answer to the browser, which needs the secret.
    pub fn answer(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        self.client_secret.fill(&json, "client_secret")
    }
}

/// How cards are tokenised: by the processor's fields, outside of the portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Tokeniser {
    /// Whose fields they are.
    pub kind: TokeniserKind,
    /// The processor's public key; empty where it has none.
    pub key: String,
    /// The origin that serves the fields; empty where the tokeniser knows it.
    pub origin: String,
}

open_enum! {
    /// Whose fields a card is typed into.
    pub enum TokeniserKind {
        /// Stripe's.
        Stripe = "stripe",
        /// Those of the sandbox, for demonstrations and tests.
        Sandbox = "sandbox",
    }
}

words!(TokeniserKind);
