//! The webhooks from Recharge.

use std::path::Path;

use crate::config::error::ConfigError;
use crate::config::secret::{CLIENT_SECRET, of_mode, place};
use crate::config::settings::{Mode, WebhooksConfig};
use crate::config::source::Source;
use crate::config::tables::WebhooksTable;

/// Checks the table.
pub(super) fn webhooks(table: &WebhooksTable, folder: &Path, mode: Mode) -> WebhooksConfig {
    let file = table
        .client_secret_file
        .as_ref()
        .map(|path| folder.join(path));
    WebhooksConfig {
        secret: place(&file, of_mode(mode, CLIENT_SECRET)),
    }
}

/// How long what webhooks report is reused, milliseconds.
pub(super) fn cache_ms(
    source: &Source<'_>,
    table: Option<&WebhooksTable>,
) -> Result<u64, ConfigError> {
    let minutes = table.and_then(|table| table.cache_minutes.clone());
    Ok(source.number(&minutes, 240, 0..=24 * 60)? * 60_000)
}
