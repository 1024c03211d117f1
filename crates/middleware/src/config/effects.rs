//! What else happens after a customer's change, as the merchant's file says.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use protocol::Operation;
use toml::Spanned;

use super::file::{Source, operation};
use super::tables::{EffectKindWord, EffectTable};
use super::{ConfigError, SafeUrl};

/// Something that happens after a customer's change.
#[derive(Debug, Clone)]
pub struct Effect {
    /// After which one.
    pub after: Operation,
    /// What happens.
    pub kind: EffectKind,
}

/// What happens after a change.
#[derive(Debug, Clone)]
pub enum EffectKind {
    /// A metafield of the customer gets a value.
    Metafield {
        /// The group of keys.
        namespace: String,
        /// The key.
        key: String,
        /// The value, in which facts stand for themselves.
        value: Template,
    },
    /// The merchant's server is told, by a signed POST.
    Webhook {
        /// Where.
        url: SafeUrl,
        /// What the signature is made with.
        secret: SecretPlace,
    },
    /// Somebody is written to.
    Mail {
        /// The address.
        to: String,
    },
}

/// Where a secret is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretPlace {
    /// In this variable of the environment.
    Environment(String),
    /// In this file.
    File(PathBuf),
}

/// The facts that a template may name.
pub const FACTS: &[&str] = &[
    "operation",
    "reference",
    "customer_id",
    "at",
    "date",
    "subject",
    "subscription_id",
    "address_id",
    "order_id",
    "onetime_id",
    "payment_method_id",
    "external_variant_id",
    "quantity",
];

/// A text in which `{facts}` stand for their values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Fact(&'static str),
}

impl Template {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<Template, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after
                .split_once('}')
                .ok_or_else(|| "a { without its }".to_owned())?;
            let fact = FACTS.iter().find(|fact| **fact == name);
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Fact(
                fact.ok_or_else(|| format!("no fact is called {name}"))?,
            ));
            rest = behind;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Template(pieces))
    }

    /// The text with `value` of each fact; a fact that the change does not have is empty.
    pub fn fill(&self, value: impl Fn(&str) -> Option<String>) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Fact(name) => value(name).unwrap_or_default(),
        });
        pieces.collect()
    }
}

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
    let after = operation(source, table.after.as_ref(), &table.after)?;
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
            to: super::mail::address(source, &needed(&table.to, "to")?)?,
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

/// Whether a URL names this machine, or a network that is not the internet.
fn stays_here(url: &SafeUrl) -> bool {
    let host = url.url().host_str().unwrap_or_default();
    let host = host.trim_matches(['[', ']']);
    match host.parse::<IpAddr>() {
        Ok(address) => !is_public(address),
        Err(_) => host == "localhost" || host.ends_with(".localhost") || !host.contains('.'),
    }
}

/// Whether an address is one of the internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            !(v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast())
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_public(v4.into()),
            None => {
                !(v6.is_loopback()
                    || v6.is_unspecified()
                    || v6.is_unique_local()
                    || v6.is_unicast_link_local()
                    || v6.is_multicast())
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_has_the_facts_it_names_and_no_others() {
        let template = Template::parse("{operation} on {date}, {quantity}!").unwrap();
        let value = |name: &str| (name != "quantity").then(|| name.to_uppercase());
        assert_eq!(template.fill(value), "OPERATION on DATE, !");
        assert!(Template::parse("{hash}").is_err());
        assert!(Template::parse("{date").is_err());
    }

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
            "https://intranet/",
        ] {
            assert!(stays(text), "{text}");
        }
        assert!(!stays("https://shop.example/hook"));
        assert!(!stays("https://93.184.216.34/hook"));
    }
}
