//! The login page.

use std::collections::BTreeMap;

use crate::config::error::ConfigError;
use crate::config::settings::{Configuration, LoginConfig};
use crate::config::source::Source;
use crate::config::spanned::Spanned;
use crate::config::tables::LoginTable;

/// The last parts of other addresses of the login page.
const TAKEN: [&str; 3] = ["code", "link", "account"];

/// Checks that the configurations with a login page of their own are some of `known`.
pub(super) fn check_configurations(
    source: &Source<'_>,
    table: &LoginTable,
    known: &BTreeMap<String, Configuration>,
) -> Result<(), ConfigError> {
    for name in &table.configurations {
        if TAKEN.contains(&name.as_ref().as_str()) {
            let message = format!("/portal/login/{} is a step of signing in", name.as_ref());
            return Err(source.wrong(name, message, "give the configuration another name"));
        }
        if !known.contains_key(name.as_ref()) {
            let message = format!("no configuration is called {}", name.as_ref());
            let known: Vec<&str> = known.keys().map(String::as_str).collect();
            let hint = format!("there are: {}", known.join(", "));
            return Err(source.wrong(name, message, &hint));
        }
    }
    Ok(())
}

/// Checks the file's table; `None` where it is not switched on.
pub(super) fn login(
    source: &Source<'_>,
    table: &LoginTable,
    sends_mail: bool,
) -> Result<Option<LoginConfig>, ConfigError> {
    let rate = |value: &Option<Spanned<u64>>, default| {
        let rate = source.number(value, default, 1..=100_000)?;
        Ok(rate as u32)
    };
    let names = table.configurations.iter();
    let config = LoginConfig {
        configurations: names.map(|name| name.as_ref().clone()).collect(),
        requests_per_minute: rate(&table.requests_per_minute, 20)?,
        emails_per_hour: rate(&table.emails_per_hour, 10)?,
    };
    match &table.enabled {
        Some(value) if *value.as_ref() && !sends_mail => {
            let hint = "add a [mail] table, or leave the login page off";
            Err(source.wrong(value, "the login page sends codes by email", hint))
        }
        value => {
            let enabled = value.as_ref().is_some_and(|value| *value.as_ref());
            Ok(enabled.then_some(config))
        }
    }
}
