//! How mail leaves.

use std::path::Path;

use crate::config::error::ConfigError;
use crate::config::settings::{MailConfig, MailTransport, SecretPlace};
use crate::config::source::Source;
use crate::config::tables::MailTable;

/// The environment variable with the password of the mail server.
const PASSWORD: &str = "PORTAL_SMTP_PASSWORD";

/// Checks the file's table. `reported` says whether Recharge reports payments.
pub(super) fn mail(
    source: &Source<'_>,
    table: &MailTable,
    folder: &Path,
    demo: bool,
    reported: bool,
) -> Result<MailConfig, ConfigError> {
    let from = table.from.as_ref().parse().map_err(|_| {
        let hint = "write it like Your Shop <hello@shop.example>";
        source.wrong(&table.from, "not a sender", hint)
    })?;
    let transport = match (&table.folder, &table.smtp_host) {
        (Some(path), None) if demo => MailTransport::Folder(folder.join(path.as_ref())),
        (Some(path), None) => {
            let hint = "name smtp_host; mail into a folder reaches nobody";
            return Err(source.wrong(path, "this is for demonstrations only", hint));
        }
        (None, Some(host)) => MailTransport::Smtp {
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
    let after_payment = table.after_payment.as_ref();
    let after_payment = after_payment.filter(|wanted| *wanted.as_ref());
    if let (Some(value), false) = (after_payment, reported) {
        let hint = "add [webhooks]: Recharge reports the payments";
        return Err(source.wrong(value, "payments are not reported", hint));
    }
    Ok(MailConfig {
        from,
        transport,
        after_payment: after_payment.is_some(),
    })
}
