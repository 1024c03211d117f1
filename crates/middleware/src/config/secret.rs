//! Secrets: from the environment or from files, never from arguments, never printed.

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use protocol::TokeniserKind;

use super::error::ConfigError;
use super::settings::{
    Config, EffectKind, JwtKeys, MailTransport, Mode, PaymentsConfig, SecretPlace,
};

/// Environment variables with the Recharge access token, for live and for test mode.
const RECHARGE_TOKEN: [&str; 2] = ["PORTAL_RECHARGE_TOKEN", "PORTAL_TEST_RECHARGE_TOKEN"];
/// Environment variables with the secret of the merchant's server, for live and for test mode.
const MERCHANT_SECRET: [&str; 2] = ["PORTAL_MERCHANT_SECRET", "PORTAL_TEST_MERCHANT_SECRET"];
/// Environment variable with the merchant's secret key at the payment processor.
const PROCESSOR_KEY: &str = "PORTAL_PROCESSOR_KEY";
/// Environment variable with the secret that signs the merchant's JWTs.
pub(super) const JWT_SECRET: &str = "PORTAL_JWT_SECRET";
/// Environment variable with the client secret of the Shopify app whose proxy is used.
pub(super) const APP_PROXY_SECRET: &str = "PORTAL_APP_PROXY_SECRET";
/// Environment variable with the client secret for Shopify's Customer Account API.
pub(super) const CUSTOMER_ACCOUNT_SECRET: &str = "PORTAL_CUSTOMER_ACCOUNT_SECRET";
/// Environment variables with the URL of the PostgreSQL database.
const DATABASE_URL: [&str; 2] = ["PORTAL_DATABASE_URL", "PORTAL_TEST_DATABASE_URL"];
/// Environment variables with the API client secret of the token, which signs webhooks.
pub(super) const CLIENT_SECRET: [&str; 2] = [
    "PORTAL_RECHARGE_CLIENT_SECRET",
    "PORTAL_TEST_RECHARGE_CLIENT_SECRET",
];
/// Secrets that stand in the sources, for demonstrations.
const DEMO_SECRETS: &[&str] = &["demo-merchant-secret"];
/// A merchant's secret that is shorter could be guessed.
const SHORTEST: usize = 16;
/// The key of HS256 is at least as long as its hash (RFC 7518, section 3.2).
const SHORTEST_HS256: usize = 32;

/// The secrets; `Debug` shows none of them.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// The Recharge access token.
    pub recharge_token: SecretString,
    /// With this the merchant's server asks for sessions.
    pub merchant_secret: SecretString,
    /// The merchant's secret key at the payment processor; `None` where none is needed.
    pub processor_key: Option<SecretString>,
    /// With these webhooks are signed and checked, mail is sent, and sign-ons are checked.
    pub others: BTreeMap<SecretPlace, SecretString>,
}

impl Secrets {
    /// Reads each secret from its file where the configuration names one, else from the
    /// environment.
    ///
    /// # Errors
    /// Where one is missing, unreadable or too short.
    pub fn load(config: &Config) -> Result<Secrets, ConfigError> {
        let token = Secrets::recharge_token(config)?;
        let merchant = Secrets::merchant_secret(config)?;
        Secrets::with(token, merchant, config)
    }

    /// The Recharge access token alone.
    ///
    /// # Errors
    /// As [`Secrets::load`].
    pub fn recharge_token(config: &Config) -> Result<SecretString, ConfigError> {
        let variable = of_mode(config.mode, RECHARGE_TOKEN);
        let token = place(&config.secret_files.recharge_token, variable);
        read(&token, "upstream.token_file", 1)
    }

    /// The URL of the PostgreSQL database; `None` where the SQLite file is used.
    ///
    /// # Errors
    /// As [`Secrets::load`].
    pub fn database_url(config: &Config) -> Result<Option<SecretString>, ConfigError> {
        let place = config.postgres.as_ref();
        let url = place.map(|place| read(place, "postgres.url_file", 1));
        url.transpose()
    }

    /// The merchant's secret alone.
    ///
    /// # Errors
    /// As [`Secrets::load`].
    pub fn merchant_secret(config: &Config) -> Result<SecretString, ConfigError> {
        let variable = of_mode(config.mode, MERCHANT_SECRET);
        let merchant = place(&config.secret_files.merchant_secret, variable);
        read(&merchant, "merchant.secret_file", SHORTEST)
    }

    /// These two, and the others from where the configuration says.
    ///
    /// # Errors
    /// As [`Secrets::load`].
    pub fn with(
        recharge_token: SecretString,
        merchant_secret: SecretString,
        config: &Config,
    ) -> Result<Secrets, ConfigError> {
        if !config.policy.merchant.demo && DEMO_SECRETS.contains(&merchant_secret.expose_secret()) {
            return Err(ConfigError {
                place: "merchant's secret".to_owned(),
                message: "this is the secret of the demonstration, which everybody knows".into(),
                hint: "make one of your own, for example with `openssl rand -hex 32`".into(),
            });
        }
        let mut others = BTreeMap::new();
        for effect in &config.effects {
            if let EffectKind::Webhook { secret, .. } = &effect.kind {
                others.insert(
                    secret.clone(),
                    read(secret, "secret_file of the effect", SHORTEST)?,
                );
            }
        }
        if let Some(place) = config.webhooks.as_ref().map(|webhooks| &webhooks.secret) {
            let secret = read(place, "webhooks.client_secret_file", SHORTEST)?;
            others.insert(place.clone(), secret);
        }
        if let Some(MailTransport::Smtp {
            user: Some((_, place)),
            ..
        }) = config.mail.as_ref().map(|mail| &mail.transport)
        {
            others.insert(place.clone(), read(place, "mail.password_file", 1)?);
        }
        let sign_on = &config.sign_on;
        if let Some(JwtKeys::Secret(place)) = sign_on.jwt.as_ref().map(|jwt| &jwt.keys) {
            let secret = read(place, "jwt.secret_file", SHORTEST_HS256)?;
            others.insert(place.clone(), secret);
        }
        if let Some(place) = sign_on.app_proxy.as_ref().map(|proxy| &proxy.secret) {
            let secret = read(place, "app_proxy.secret_file", SHORTEST)?;
            others.insert(place.clone(), secret);
        }
        let account = sign_on.customer_account.as_ref();
        if let Some(place) = account.and_then(|account| account.secret.as_ref()) {
            let secret = read(place, "customer_account.client_secret_file", SHORTEST)?;
            others.insert(place.clone(), secret);
        }
        // The sandbox asks nobody for a key.
        let is_real = |payments: &&PaymentsConfig| payments.tokeniser.kind == TokeniserKind::Stripe;
        let processor_key = match config.payments.as_ref().filter(is_real) {
            Some(_) => {
                let key = place(&config.secret_files.processor_key, PROCESSOR_KEY);
                Some(read(&key, "payments.secret_key_file", SHORTEST)?)
            }
            None => None,
        };
        Ok(Secrets {
            recharge_token,
            merchant_secret,
            processor_key,
            others,
        })
    }
}

pub(super) fn of_mode(mode: Mode, [live, test]: [&'static str; 2]) -> &'static str {
    match mode {
        Mode::Live => live,
        Mode::Test => test,
    }
}

/// Where the URL of the PostgreSQL database is.
pub(super) fn database_url(file: &Option<PathBuf>, mode: Mode) -> SecretPlace {
    place(file, of_mode(mode, DATABASE_URL))
}

/// The file, where the configuration names one, else the variable.
pub(super) fn place(file: &Option<PathBuf>, variable: &str) -> SecretPlace {
    match file {
        Some(file) => SecretPlace::File(file.clone()),
        None => SecretPlace::Environment(variable.to_owned()),
    }
}

fn read(place: &SecretPlace, key: &str, shortest: usize) -> Result<SecretString, ConfigError> {
    let (name, text, hint) = match place {
        SecretPlace::File(file) => (
            file.display().to_string(),
            std::fs::read_to_string(file)
                .map_err(|error| format!("the secret cannot be read: {error}")),
            format!("put the secret into the file that {key} names"),
        ),
        SecretPlace::Environment(variable) => (
            variable.clone(),
            env::var(variable).map_err(|_| "the secret is not set".to_owned()),
            format!("set {variable}, or name a file with the key {key}"),
        ),
    };
    let checked = text.and_then(|text| match text.trim() {
        secret if secret.len() < shortest => {
            Err(format!("the secret is shorter than {shortest} characters"))
        }
        secret if secret.chars().any(|c| !c.is_ascii_graphic()) => {
            Err("the secret holds characters that a header cannot carry".to_owned())
        }
        secret => Ok(secret.to_owned().into()),
    });
    checked.map_err(|message| ConfigError {
        place: name,
        message,
        hint,
    })
}
