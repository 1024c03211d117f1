//! How far keys of the file reach: to the process, to all customers, or to a configuration.
//!
//! What is listed nowhere here may be different in each configuration, and changes with a reload.

use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use super::error::ConfigError;
use super::source::Source;

/// What is read when the process starts, and not again.
pub(crate) const PROCESS: &[&str] = &[
    "listen",
    "mode",
    "metrics_listen",
    "trusted_proxies",
    "limits",
    "public_origin",
    "portal_dir",
    "database",
    "postgres",
    "log",
    "upstream",
    "payments",
    "mail",
    "login",
    "effects",
    "webhooks",
    "jwt",
    "app_proxy",
    "customer_account",
    "merchant.secret_file",
    "session.requests_per_minute",
    "session.loopback_cookie",
    "store.zone",
];

/// What is the same for all customers, and changes with a reload.
const ALL_CUSTOMERS: &[&str] = &[
    "texts_dir",
    "frame_ancestors",
    "embedding",
    "own_origin",
    "hsts_subdomains",
    "session",
    "store",
    "hosted_portal",
    "support",
    "audit",
    "analytics",
    "configurations",
    "rules",
];

/// Refuses what the table of a configuration cannot say.
pub(super) fn check_overrides(
    source: &Source<'_>,
    configuration: &DeTable<'_>,
) -> Result<(), ConfigError> {
    for key in PROCESS.iter().chain(ALL_CUSTOMERS) {
        if let Some(start) = start_of(configuration, key) {
            let why = if PROCESS.contains(key) {
                "it belongs to the process"
            } else {
                "it is the same for all customers"
            };
            return Err(ConfigError {
                place: format!("{}:{}", source.name, source.line(start)),
                message: format!("`{key}` cannot be different in a configuration"),
                hint: format!("{why}: set it outside of [configurations]"),
            });
        }
    }
    Ok(())
}

/// Whether a key may be different in a configuration.
pub(super) fn may_differ(key: &str) -> bool {
    !PROCESS.contains(&key) && !ALL_CUSTOMERS.contains(&key)
}

/// Refuses a file whose text is `new` where a process that started with `old` cannot take it over.
///
/// # Errors
/// The first key that only a restart changes. Both texts have been read before.
pub(crate) fn needs_restart(old: &str, new: &str, name: &str) -> Result<(), ConfigError> {
    let source = Source { text: new, name };
    let tables = (toml::from_str::<Table>(old), toml::from_str::<Table>(new));
    let (Ok(old), Ok(new)) = tables else {
        return Ok(());
    };
    for key in PROCESS {
        if value(&old, key) != value(&new, key) {
            let spans = DeTable::parse(source.text).ok();
            let start = spans.and_then(|table| start_of(table.get_ref(), key));
            return Err(ConfigError {
                place: match start {
                    Some(start) => format!("{name}:{}", source.line(start)),
                    None => name.to_owned(),
                },
                message: format!("`{key}` has changed, which needs a restart"),
                hint: "restart the portal, or put the key back as it was".into(),
            });
        }
    }
    Ok(())
}

fn value<'a>(table: &'a Table, key: &str) -> Option<&'a Value> {
    match key.split_once('.') {
        Some((outer, inner)) => table.get(outer)?.get(inner),
        None => table.get(key),
    }
}

/// Where the name of `key` is written, as an offset.
fn start_of(table: &DeTable<'_>, key: &str) -> Option<usize> {
    let (outer, inner) = match key.split_once('.') {
        Some((outer, inner)) => (outer, Some(inner)),
        None => (key, None),
    };
    let (name, value) = table.iter().find(|(name, _)| name.get_ref() == outer)?;
    match (inner, value.get_ref()) {
        (None, _) => Some(name.span().start),
        (Some(inner), DeValue::Table(table)) => start_of(table, inner),
        (Some(_), _) => None,
    }
}
