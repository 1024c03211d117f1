//! What else happens after a customer's change.

use std::net::IpAddr;
use std::path::Path;

use crate::config::address::is_global;
use crate::config::error::ConfigError;
use crate::config::settings::{Effect, EffectKind, SecretPlace};
use crate::config::source::Source;
use crate::config::spanned::Spanned;
use crate::config::tables::{EffectKindWord, EffectTable};
use crate::config::template::{FACTS, Template};
use crate::config::url::SafeUrl;

/// Checks the effects of the file. In a live configuration a webhook leads to another machine.
pub(super) fn effects(
    source: &Source<'_>,
    tables: &[EffectTable],
    folder: &Path,
    demo: bool,
) -> Result<Vec<Effect>, ConfigError> {
    let checked = tables
        .iter()
        .map(|table| effect(source, table, folder, demo));
    checked.collect()
}

fn effect(
    source: &Source<'_>,
    table: &EffectTable,
    folder: &Path,
    demo: bool,
) -> Result<Effect, ConfigError> {
    let after = source.operation(table.after.as_ref(), &table.after)?;
    let needed = |value: &Option<Spanned<String>>, name: &str| {
        let given = value.clone().filter(|value| !value.as_ref().is_empty());
        let message = format!("this kind of effect needs `{name}`");
        given.ok_or_else(|| source.wrong(&table.after, message, "docs/configuration.md shows one"))
    };
    let kind = match table.kind {
        EffectKindWord::Metafield => {
            let value = needed(&table.value, "value")?;
            let hint = format!("there are: {}", FACTS.join(", "));
            EffectKind::Metafield {
                namespace: needed(&table.namespace, "namespace")?.into_inner(),
                key: needed(&table.key, "key")?.into_inner(),
                value: Template::parse(value.as_ref())
                    .map_err(|why| source.wrong(&value, why, &hint))?,
            }
        }
        EffectKindWord::Webhook => {
            let value = needed(&table.url, "url")?;
            let url = source.url(&value)?;
            if !demo && stays_here(&url) {
                let hint = "name the https address of your server";
                return Err(source.wrong(&value, "this leads to the machine's own network", hint));
            }
            EffectKind::Webhook {
                url,
                secret: secret_place(source, table, folder)?,
            }
        }
        EffectKindWord::Mail => EffectKind::Mail {
            to: source.email(&needed(&table.to, "to")?)?,
        },
    };
    Ok(Effect { after, kind })
}

fn secret_place(
    source: &Source<'_>,
    table: &EffectTable,
    folder: &Path,
) -> Result<SecretPlace, ConfigError> {
    match (&table.secret_env, &table.secret_file) {
        (Some(name), None) => Ok(SecretPlace::Environment(name.clone())),
        (None, Some(path)) => Ok(SecretPlace::File(folder.join(path))),
        _ => Err(source.wrong(
            &table.after,
            "a webhook needs one of `secret_env` and `secret_file`",
            "the secret itself never stands in this file",
        )),
    }
}

/// Whether a URL names this machine, or a network that is not the internet. What another name leads
/// to is checked when it is connected to.
fn stays_here(url: &SafeUrl) -> bool {
    let host = url.url().host_str().unwrap_or_default();
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) => !is_global(address),
        Err(_) => {
            let name = host.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost") || !name.contains('.')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_ones_own_is_not_the_internet() {
        let stays = |text: &str| stays_here(&SafeUrl::parse(text).unwrap());
        for text in [
            "https://localhost/x",
            "http://127.0.0.1:1/",
            "https://127.9.9.9/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://10.1.2.3/",
            "https://192.168.0.1/",
            "https://169.254.169.254/latest",
            "https://0.0.0.0/",
            "https://[fd00::1]/",
            "https://100.64.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://[::127.0.0.1]/",
            "https://[64:ff9b::a00:1]/",
            "https://localhost./",
            "https://intranet/",
            "https://intranet./",
        ] {
            assert!(stays(text), "{text}");
        }
        assert!(!stays("https://shop.example/hook"));
        assert!(!stays("https://93.184.216.34/hook"));
    }
}
