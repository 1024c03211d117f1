//! Reading values of the configuration file, with complaints that name their line.

use std::ops::RangeInclusive;
use std::time::Duration;

use lettre::Address;
use protocol::Operation;

use super::error::ConfigError;
use super::spanned::Spanned;
use super::suggest::suggestion;
use super::url::{Origin, SafeUrl};

/// Knows the text, so that a complaint about a value can name its line.
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) name: &'a str,
}

impl Source<'_> {
    pub(super) fn wrong<T>(
        &self,
        value: &Spanned<T>,
        message: impl Into<String>,
        hint: &str,
    ) -> ConfigError {
        self.wrong_at(value.span().start, message, hint)
    }

    /// What is wrong at an offset.
    pub(super) fn wrong_at(
        &self,
        offset: usize,
        message: impl Into<String>,
        hint: &str,
    ) -> ConfigError {
        ConfigError {
            place: format!("{}:{}", self.name, self.line(offset)),
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// The file and the line of `value`.
    pub(super) fn place<T>(&self, value: &Spanned<T>) -> String {
        format!("{}:{}", self.name, self.line(value.span().start))
    }

    pub(super) fn line(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }

    /// What to say of a file that is not TOML, or has a key or a type that is not expected.
    pub(super) fn not_read(&self, error: &toml::de::Error) -> ConfigError {
        let (message, hint) = match unknown(error.message()) {
            Some((message, hint)) => (message, Some(hint)),
            None => (error.message(), None),
        };
        ConfigError {
            place: match error.span() {
                Some(span) => format!("{}:{}", self.name, self.line(span.start)),
                None => self.name.to_owned(),
            },
            message: message.to_owned(),
            hint: hint.unwrap_or("docs/configuration.md lists every key".into()),
        }
    }

    /// A number within `range`, or `default` where the key is absent.
    pub(super) fn number(
        &self,
        value: &Option<Spanned<u64>>,
        default: u64,
        range: RangeInclusive<u64>,
    ) -> Result<u64, ConfigError> {
        match value {
            Some(value) if !range.contains(value.as_ref()) => Err(self.wrong(
                value,
                format!("{} is out of range", value.as_ref()),
                &format!("use {} to {}", range.start(), range.end()),
            )),
            Some(value) => Ok(*value.as_ref()),
            None => Ok(default),
        }
    }

    pub(super) fn seconds(
        &self,
        value: &Option<Spanned<u64>>,
        default: u64,
        range: RangeInclusive<u64>,
    ) -> Result<Duration, ConfigError> {
        self.number(value, default, range).map(Duration::from_secs)
    }

    pub(super) fn url(&self, value: &Spanned<String>) -> Result<SafeUrl, ConfigError> {
        SafeUrl::parse(value.as_ref())
            .map_err(|why| self.wrong(value, why, "write it like https://shop.example/account"))
    }

    pub(super) fn origin(&self, value: &Spanned<String>) -> Result<Origin, ConfigError> {
        Origin::parse(value.as_ref())
            .map_err(|why| self.wrong(value, why, "write it like https://shop.example"))
    }

    /// The host name of a shop at its platform.
    pub(super) fn host(&self, value: &Spanned<String>) -> Result<String, ConfigError> {
        let text = value.as_ref();
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
        if text.is_empty() || text.len() > 253 || !text.chars().all(plain) {
            let hint = "write it like your-shop.myshopify.com";
            return Err(self.wrong(value, "not a host name", hint));
        }
        Ok(text.clone())
    }

    /// An email address.
    pub(super) fn email(&self, value: &Spanned<String>) -> Result<String, ConfigError> {
        self.email_in(value, value.as_ref())
    }

    /// The email address that `text`, a part of `value`, is.
    pub(super) fn email_in(
        &self,
        value: &Spanned<String>,
        text: &str,
    ) -> Result<String, ConfigError> {
        let parsed: Result<Address, _> = text.parse();
        parsed
            .map(|address| address.to_string())
            .map_err(|_| self.wrong(value, "not an address", "write it like help@shop.example"))
    }

    /// The operation that is called `name` in the file, at `place`.
    pub(super) fn operation<T>(
        &self,
        name: &str,
        place: &Spanned<T>,
    ) -> Result<Operation, ConfigError> {
        serde_json::from_value(name.into()).map_err(|_| {
            let all = Operation::ALL.iter();
            let known: Vec<String> = all.map(|one| operation_name(*one)).collect();
            let hint = suggestion(name, known.iter().map(String::as_str));
            self.wrong(place, format!("no action is called {name}"), &hint)
        })
    }
}

/// What is unknown, such as "unknown field `lisen`", and what was probably meant, where serde's
/// message says that a key or a word is unknown and lists those that it expects.
fn unknown(message: &str) -> Option<(&str, String)> {
    let is_unknown = ["unknown field `", "unknown variant `"];
    is_unknown
        .iter()
        .find(|start| message.starts_with(**start))?;
    let (unknown, expected) = message.split_once(", ")?;
    let wrong = unknown.split('`').nth(1)?;
    let known = expected.split('`').skip(1).step_by(2);
    Some((unknown, suggestion(wrong, known)))
}

/// The operation's name as in the configuration and the log.
pub(crate) fn operation_name(operation: Operation) -> String {
    let name = serde_json::to_value(operation).ok();
    name.and_then(|name| name.as_str().map(str::to_owned))
        .unwrap_or_default()
}
