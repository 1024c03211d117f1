//! Named configurations: the file with the table of each merged over it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::DEFAULT;
use crate::config::error::ConfigError;
use crate::config::keys::check_overrides;
use crate::config::settings::{Config, Configuration};
use crate::config::source::Source;
use crate::config::tables::File;

/// The longest name of a configuration.
const LONGEST_NAME: usize = 64;
/// The key of the tables with configurations.
const CONFIGURATIONS: &str = "configurations";

/// The file as a tree whose values know where they are written, so that a value which comes from
/// the table of a configuration is complained about at its own line.
pub(super) struct Document<'a>(Spanned<DeTable<'a>>);

impl<'a> Document<'a> {
    /// Reads the text of `source`.
    pub(super) fn read(source: &Source<'a>) -> Result<Document<'a>, ConfigError> {
        let table = DeTable::parse(source.text).map_err(|error| source.not_read(&error))?;
        Ok(Document(table))
    }

    /// What the file says.
    pub(super) fn file(&self, source: &Source<'_>) -> Result<File, ConfigError> {
        file(source, self.0.clone())
    }

    /// The named configurations; `check` checks a file as a whole.
    pub(super) fn configurations(
        &self,
        source: &Source<'_>,
        check: impl Fn(&File) -> Result<Config, ConfigError>,
    ) -> Result<BTreeMap<String, Configuration>, ConfigError> {
        let Some(DeValue::Table(tables)) = value(self.0.get_ref(), CONFIGURATIONS) else {
            return Ok(BTreeMap::new());
        };
        let mut base = self.0.clone();
        base.get_mut().remove(CONFIGURATIONS);
        base.get_mut().remove("rules");
        let configuration = |(name, table): (&Spanned<_>, &Spanned<DeValue<'a>>)| {
            let name = check_name(source, name)?;
            let DeValue::Table(table) = table.get_ref() else {
                let hint = format!("write it as a table, [configurations.{name}]");
                return Err(source.wrong_at(table.span().start, "not a table", &hint));
            };
            check_overrides(source, table)?;
            let mut merged = base.clone();
            merge(merged.get_mut(), table);
            let checked = file(source, merged).and_then(|file| check(&file));
            let config = checked.map_err(|error| ConfigError {
                message: format!("configuration {name}: {}", error.message),
                ..error
            })?;
            let configuration = Configuration {
                policy: config.policy,
                switches: config.switches,
            };
            Ok((name, configuration))
        };
        tables.iter().map(configuration).collect()
    }
}

fn file(source: &Source<'_>, table: Spanned<DeTable<'_>>) -> Result<File, ConfigError> {
    let read = File::deserialize(toml::Deserializer::from(table));
    read.map_err(|error| source.not_read(&error))
}

fn value<'t, 'a>(table: &'t DeTable<'a>, key: &str) -> Option<&'t DeValue<'a>> {
    table.get(key).map(Spanned::get_ref)
}

/// Puts the values of `over` in place of those in `under`: tables key by key, lists as a whole.
fn merge<'a>(under: &mut DeTable<'a>, over: &DeTable<'a>) {
    for (key, value) in over {
        let known = under.get_mut(key.get_ref().as_ref()).map(Spanned::get_mut);
        match (known, value.get_ref()) {
            (Some(DeValue::Table(under)), DeValue::Table(over)) => merge(under, over),
            _ => {
                under.insert(key.clone(), value.clone());
            }
        }
    }
}

/// A name that can be written in TOML without quotes, and is not taken.
fn check_name(source: &Source<'_>, name: &Spanned<impl AsRef<str>>) -> Result<String, ConfigError> {
    let text: &str = name.get_ref().as_ref();
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    if text.is_empty() || text.len() > LONGEST_NAME || !text.chars().all(plain) {
        let hint = "use up to 64 letters, digits, - and _";
        return Err(source.wrong_at(name.span().start, "not the name of a configuration", hint));
    }
    if text == DEFAULT {
        let hint = "change the keys outside of [configurations], or choose another name";
        return Err(source.wrong_at(
            name.span().start,
            "`default` is what the rest of the file says",
            hint,
        ));
    }
    Ok(text.to_owned())
}
