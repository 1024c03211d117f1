//! The login page.

use crate::config::error::ConfigError;
use crate::config::settings::LoginConfig;
use crate::config::source::Source;
use crate::config::spanned::Spanned;
use crate::config::tables::LoginTable;

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
    let config = LoginConfig {
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
