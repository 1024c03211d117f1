//! Which tokeniser adds cards, and what a page has to load for it.

use std::path::{Path, PathBuf};

use protocol::{Tokeniser, TokeniserKind};

use crate::config::error::ConfigError;
use crate::config::settings::{PaymentsConfig, TokeniserSources};
use crate::config::source::Source;
use crate::config::tables::PaymentsTable;

/// Where Stripe makes setups.
const STRIPE_API: &str = "https://api.stripe.com";

impl TokeniserSources {
    /// What Stripe's guide to content security policies lists for Elements without an address
    /// form.
    fn stripe() -> TokeniserSources {
        let list = |sources: &[&str]| sources.iter().map(|&s| s.to_owned()).collect();
        TokeniserSources {
            script: list(&["https://js.stripe.com", "https://*.js.stripe.com"]),
            frame: list(&[
                "https://js.stripe.com",
                "https://*.js.stripe.com",
                "https://hooks.stripe.com",
            ]),
            connect: list(&["https://api.stripe.com"]),
        }
    }

    /// The sandbox's fields are one page of another origin; the script is the portal's own.
    fn sandbox(origin: &str) -> TokeniserSources {
        TokeniserSources {
            frame: vec![origin.to_owned()],
            ..TokeniserSources::default()
        }
    }
}

/// Checks the table. The sandbox's fields take invented cards only, so a real store refuses them.
pub(super) fn payments(
    source: &Source<'_>,
    table: &PaymentsTable,
    demo: bool,
) -> Result<PaymentsConfig, ConfigError> {
    let value = &table.tokeniser;
    let wrong_key = |hint| Err(source.wrong(value, "publishable_key does not do", hint));
    let api = |text: &str| {
        reqwest::Url::parse(text).map_err(|_| source.wrong(value, "not an address", ""))
    };
    match TokeniserKind::from(value.as_ref().as_str()) {
        kind @ TokeniserKind::Stripe => {
            let key = table.publishable_key.clone().unwrap_or_default();
            if !key.starts_with("pk_") || !key.chars().all(|c| c.is_ascii_graphic()) {
                return wrong_key("copy it from Stripe's dashboard; it begins with pk_");
            }
            Ok(PaymentsConfig {
                sources: TokeniserSources::stripe(),
                api: api(STRIPE_API)?,
                tokeniser: Tokeniser {
                    kind,
                    key,
                    origin: String::new(),
                },
            })
        }
        kind @ TokeniserKind::Sandbox => {
            if !demo {
                let hint = "a store with real customers needs tokeniser = \"stripe\"";
                return Err(source.wrong(value, "the sandbox takes no real cards", hint));
            }
            let Some(origin) = &table.origin else {
                let hint = "name the sandbox with origin = \"http://127.0.0.1:8401\"";
                return Err(source.wrong(value, "origin is missing", hint));
            };
            let origin = source.origin(origin)?;
            Ok(PaymentsConfig {
                sources: TokeniserSources::sandbox(origin.as_str()),
                api: api(origin.as_str())?,
                tokeniser: Tokeniser {
                    kind,
                    key: String::new(),
                    origin: origin.to_string(),
                },
            })
        }
        TokeniserKind::Other(_) => {
            let hint = "use \"stripe\", or \"sandbox\" over a sandbox";
            Err(source.wrong(value, "no such tokeniser", hint))
        }
    }
}

/// The files beside the configuration that the table names.
pub(super) fn key_file(table: Option<&PaymentsTable>, folder: &Path) -> Option<PathBuf> {
    let file = table?.secret_key_file.as_ref()?;
    Some(folder.join(file))
}
