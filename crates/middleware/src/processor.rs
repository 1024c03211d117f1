//! The one call that is made of the payment processor: a setup for a card that the customer
//! then types into the processor's own fields. No card ever comes by here.

use std::time::Duration;

use base::hex;
use protocol::{CardSetup, CustomerId, ProblemKind, Secret, TokeniserKind};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::config::{PaymentsConfig, Secrets};
use crate::problem::ApiError;

/// The version of Stripe's API that this is written for.
const VERSION: &str = "2026-03-25.dahlia";
/// The longest wait for the whole call.
const PATIENCE: Duration = Duration::from_secs(15);
/// An answer may have so many bytes.
const LONGEST_ANSWER: u64 = 256 * 1024;

/// Stripe's API, or the sandbox in its place.
#[derive(Debug)]
pub struct Processor {
    client: Client,
    setups: Url,
    authorization: Option<HeaderValue>,
}

/// What of a setup is needed.
#[derive(Deserialize)]
struct SetupIntent {
    client_secret: Secret,
}

impl Processor {
    /// The processor as configured, which is shown the merchant's key.
    ///
    /// # Errors
    /// Where TLS cannot be set up on this machine.
    pub fn new(config: &PaymentsConfig, secrets: &Secrets) -> Result<Processor, reqwest::Error> {
        // An error only says that a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("perennial/", env!("CARGO_PKG_VERSION")))
            .timeout(PATIENCE)
            // Only the configured host is ever called.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .retry(reqwest::retry::never())
            .build()?;
        let mut setups = config.api.clone();
        setups.set_path("/v1/setup_intents");
        let key = secrets.processor_key.as_ref();
        let key = key.filter(|_| config.tokeniser.kind == TokeniserKind::Stripe);
        Ok(Processor {
            client,
            setups,
            authorization: key.and_then(bearer),
        })
    }

    /// A setup for the customer who is `account` at the processor. The same `key` answers with
    /// the same setup, so that it can be asked for again after the page was loaded anew.
    pub(crate) async fn setup(
        &self,
        customer: CustomerId,
        account: &str,
        key: &str,
    ) -> Result<CardSetup, ApiError> {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("customer", account)
            .append_pair("usage", "off_session")
            .append_pair("payment_method_types[]", "card")
            .finish();
        let mut request = self
            .client
            .post(self.setups.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("stripe-version", VERSION)
            .header("idempotency-key", own_key(customer, key))
            .body(body);
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization.clone());
        }
        let answer = request.send().await.map_err(|error| {
            tracing::warn!(error = %error.without_url(), "the processor gave no answer");
            unavailable()
        })?;
        let status = answer.status();
        let is_short = answer
            .content_length()
            .is_none_or(|bytes| bytes <= LONGEST_ANSWER);
        if !status.is_success() || !is_short {
            // Its words may name the account, so only the status is kept.
            tracing::error!(status = status.as_u16(), "the processor made no setup");
            // Asked again, it would answer the same.
            let is_refused = status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS;
            return Err(if is_refused { refused() } else { unavailable() });
        }
        let setup: SetupIntent = answer.json().await.map_err(|_| unavailable())?;
        Ok(CardSetup {
            client_secret: setup.client_secret,
        })
    }
}

/// A key of the customer's own: nobody else's key finds their setup.
fn own_key(customer: CustomerId, key: &str) -> String {
    hex(&Sha256::digest(format!("card-setup:{customer}:{key}")))
}

fn bearer(key: &SecretString) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn refused() -> ApiError {
    ApiError::new(
        ProblemKind::Upstream,
        "The payment processor refused the request. Nothing was changed.",
    )
}

fn unavailable() -> ApiError {
    ApiError::new(
        ProblemKind::Unavailable,
        "The payment processor cannot be reached now. Nothing was changed.",
    )
}
