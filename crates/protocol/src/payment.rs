//! What a customer sends about payment methods, and how a card is tokenised before it.

use recharge::{AddressId, open_enum};
use serde::{Deserialize, Serialize};

use crate::json::{wire, words};

/// Where a card's tokenising begins, below [`API_BASE`](crate::API_BASE): a POST with an
/// idempotency key and `{}`, answered with a [`CardSetup`]. It changes nothing upstream; the
/// same key answers with the same setup.
pub const CARD_SETUPS: &str = "/card_setups";

wire! {
    /// What the processor's own fields need to confirm a card for this customer.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    pub struct CardSetup {
        /// The client secret of the processor's setup: good for this one card, for the browser
        /// only while the fields are open, and never stored.
        pub client_secret: String,
    }
}

wire! {
    /// How cards are tokenised: by the processor's fields, outside of the portal.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Tokeniser {
        /// Whose fields they are.
        pub kind: TokeniserKind,
        /// The processor's public key; empty where it has none.
        pub key: String,
        /// The origin that serves the fields; empty where the tokeniser knows it.
        pub origin: String,
    }
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

wire! {
    /// A card to be added.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct NewPaymentMethod {
        /// The processor's token for it, 1 to 255 characters; never a card number.
        pub token: String,
        /// The addresses it is to pay for, at most 100; may be empty.
        pub address_ids: Vec<AddressId>,
        /// Whether payments that failed are tried again with it.
        pub retry_charges: bool,
    }
}

wire! {
    /// Which addresses a payment method is to pay for.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct PaidAddresses {
        /// The addresses, 1 to 100.
        pub address_ids: Vec<AddressId>,
    }
}

wire! {
    /// Whether another payment method may be charged when the usual one fails.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct BackupPayment {
        /// Whether it may.
        pub enabled: bool,
    }
}
