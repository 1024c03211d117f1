//! By which way mail leaves.

use std::path::{Path, PathBuf};

use lettre::Address;
use lettre::message::Mailbox;
use toml::Spanned;

use super::file::Source;
use super::tables::MailTable;
use super::{ConfigError, SecretPlace};

/// The environment variable with the password of the mail server.
const PASSWORD: &str = "PORTAL_SMTP_PASSWORD";

/// By which way mail leaves, and from whom.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// The sender.
    pub from: Mailbox,
    /// The way.
    pub way: MailWay,
}

/// A way for mail to leave.
#[derive(Debug, Clone)]
pub enum MailWay {
    /// By a mail server: TLS from the start at port 465, else by STARTTLS. A server on this
    /// machine is spoken to as it is.
    Smtp {
        /// Its name.
        host: String,
        /// Its port.
        port: u16,
        /// Who the shop is there; `None` where it does not ask.
        user: Option<(String, SecretPlace)>,
    },
    /// As files in a folder, for a demonstration: nothing leaves.
    Folder(PathBuf),
}

/// Checks the file's table.
pub(super) fn mail(
    source: &Source<'_>,
    table: &MailTable,
    folder: &Path,
    demo: bool,
) -> Result<MailConfig, ConfigError> {
    let from = table.from.as_ref().parse().map_err(|_| {
        let hint = "write it like Your Shop <hello@shop.example>";
        source.wrong(&table.from, "not a sender", hint)
    })?;
    let way = match (&table.folder, &table.smtp_host) {
        (Some(path), None) if demo => MailWay::Folder(folder.join(path.as_ref())),
        (Some(path), None) => {
            let hint = "name smtp_host; mail into a folder reaches nobody";
            return Err(source.wrong(path, "this is for demonstrations only", hint));
        }
        (None, Some(host)) => MailWay::Smtp {
            host: host.as_ref().clone(),
            port: source.number(&table.smtp_port, 587, 1..=65_535)? as u16,
            user: table.smtp_user.clone().map(|user| {
                let file = table.password_file.as_ref().map(|path| folder.join(path));
                let place = file.map_or(
                    SecretPlace::Environment(PASSWORD.to_owned()),
                    SecretPlace::File,
                );
                (user, place)
            }),
        },
        _ => {
            let hint = "docs/configuration.md shows both";
            return Err(source.wrong(&table.from, "mail needs `smtp_host` or `folder`", hint));
        }
    };
    Ok(MailConfig { from, way })
}

/// An address to write to.
pub(super) fn address(source: &Source<'_>, value: &Spanned<String>) -> Result<String, ConfigError> {
    address_of(source, value, value.as_ref())
}

/// The address that `text`, a part of `value`, is.
pub(super) fn address_of(
    source: &Source<'_>,
    value: &Spanned<String>,
    text: &str,
) -> Result<String, ConfigError> {
    let parsed: Result<Address, _> = text.parse();
    parsed
        .map(|address| address.to_string())
        .map_err(|_| source.wrong(value, "not an address", "write it like help@shop.example"))
}
