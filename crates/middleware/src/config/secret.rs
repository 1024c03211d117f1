//! Secrets: from the environment or from files, never from arguments, never printed.

use std::env;
use std::path::Path;

use secrecy::SecretString;

use protocol::TokeniserKind;

use super::{ConfigError, PaymentsConfig, SecretFiles};

/// Environment variable with the Recharge access token.
const RECHARGE_TOKEN: &str = "PORTAL_RECHARGE_TOKEN";
/// Environment variable with the secret of the merchant's server.
const MERCHANT_SECRET: &str = "PORTAL_MERCHANT_SECRET";
/// Environment variable with the merchant's secret key at the payment processor.
const PROCESSOR_KEY: &str = "PORTAL_PROCESSOR_KEY";
/// A merchant's secret that is shorter could be guessed.
const SHORTEST: usize = 16;

/// The secrets; `Debug` shows none of them.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// The Recharge access token.
    pub recharge_token: SecretString,
    /// With this the merchant's server asks for sessions.
    pub merchant_secret: SecretString,
    /// The merchant's secret key at the payment processor; `None` where none is needed.
    pub processor_key: Option<SecretString>,
}

impl Secrets {
    /// Reads each secret from its file where the configuration names one, else from the
    /// environment. Whether the processor's is needed depends on `payments`.
    ///
    /// # Errors
    /// Where one is missing, unreadable or too short.
    pub fn load(
        files: &SecretFiles,
        payments: Option<&PaymentsConfig>,
    ) -> Result<Secrets, ConfigError> {
        let recharge_token = read(
            RECHARGE_TOKEN,
            "upstream.token_file",
            files.recharge_token.as_deref(),
            1,
        )?;
        let merchant_secret = read(
            MERCHANT_SECRET,
            "merchant.secret_file",
            files.merchant_secret.as_deref(),
            SHORTEST,
        )?;
        // The sandbox asks nobody for a key.
        let is_real = |kind: &TokeniserKind| *kind == TokeniserKind::Stripe;
        let processor_key = match payments {
            Some(payments) if is_real(&payments.tokeniser.kind) => Some(read(
                PROCESSOR_KEY,
                "payments.secret_key_file",
                files.processor_key.as_deref(),
                SHORTEST,
            )?),
            _ => None,
        };
        Ok(Secrets {
            recharge_token: recharge_token.into(),
            merchant_secret: merchant_secret.into(),
            processor_key: processor_key.map(Into::into),
        })
    }
}

fn read(
    variable: &str,
    key: &str,
    file: Option<&Path>,
    shortest: usize,
) -> Result<String, ConfigError> {
    let (place, text) = match file {
        Some(file) => (
            file.display().to_string(),
            std::fs::read_to_string(file)
                .map_err(|error| format!("the secret cannot be read: {error}")),
        ),
        None => (
            variable.to_owned(),
            env::var(variable).map_err(|_| "the secret is not set".to_owned()),
        ),
    };
    let checked = text.and_then(|text| match text.trim() {
        secret if secret.len() < shortest => {
            Err(format!("the secret is shorter than {shortest} characters"))
        }
        secret if secret.chars().any(|c| !c.is_ascii_graphic()) => {
            Err("the secret holds characters that a header cannot carry".to_owned())
        }
        secret => Ok(secret.to_owned()),
    });
    checked.map_err(|message| ConfigError {
        place,
        message,
        hint: format!("set {variable}, or name a file with the key {key}"),
    })
}
