//! The merchant's configuration: one checked TOML file, and the secrets beside it.
//!
//! A wrong file stops the start with its name, the line and a hint; nothing is guessed. Paths in
//! it are relative to the folder of the file.

mod effects;
mod file;
mod mail;
mod payments;
mod secret;
mod tables;
mod url;

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gateway::Policy;
use jiff::tz::TimeZone;

pub(crate) use effects::is_public;
pub use effects::{Effect, EffectKind, FACTS, SecretPlace, Template};
pub(crate) use file::operation_name;
pub use mail::{MailConfig, MailWay};
pub use payments::TokeniserSources;
pub use secret::Secrets;
pub use url::{Origin, SafeUrl};

/// The configuration, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The origin under which browsers reach the middleware; `None` means the bound address,
    /// which only a loopback address may be.
    pub public_origin: Option<Origin>,
    /// The folder of the built portal; `None` where it is inside the binary.
    pub portal_dir: Option<PathBuf>,
    /// The SQLite file.
    pub database: PathBuf,
    /// How much the log says.
    pub log: LogLevel,
    /// Who may put the portal into a frame: sources for the CSP; empty means nobody.
    pub frame_ancestors: Vec<Origin>,
    /// The way to Recharge.
    pub upstream: UpstreamConfig,
    /// How cards are added; `None` where they are not added here.
    pub payments: Option<PaymentsConfig>,
    /// How long links and sessions live.
    pub session: SessionConfig,
    /// The portal that Recharge hosts; `None` where nobody is sent there.
    pub hosted_portal: Option<HostedPortal>,
    /// The store's zone.
    pub zone: TimeZone,
    /// By which way mail leaves; `None` where none is sent.
    pub mail: Option<MailConfig>,
    /// What else happens after a customer's changes.
    pub effects: Vec<Effect>,
    /// What the gateway decides by.
    pub policy: Policy,
    /// Files that hold the secrets, where they do not come from the environment.
    pub secret_files: SecretFiles,
}

/// The way to Recharge.
#[derive(Debug, Clone)]
pub struct UpstreamConfig {
    /// Scheme, host and port; https, or http on a loopback address.
    pub base_url: reqwest::Url,
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest silence while an answer is read.
    pub read_timeout: Duration,
    /// Longest time for one call with all its waits and tries.
    pub deadline: Duration,
    /// How many calls upstream's bucket holds.
    pub bucket: u32,
    /// How many calls a second leak out of it.
    pub leak_per_second: u32,
}

/// How cards are added.
#[derive(Debug, Clone)]
pub struct PaymentsConfig {
    /// What the browser is told.
    pub tokeniser: protocol::Tokeniser,
    /// Where the processor makes setups: scheme, host and port.
    pub api: reqwest::Url,
    /// What a page has to load for it.
    pub sources: TokeniserSources,
}

/// How long links and sessions live.
#[derive(Debug, Clone)]
pub struct SessionConfig {
    /// A link opens for so long, milliseconds.
    pub link_ms: i64,
    /// A session ends after so long without a request, milliseconds.
    pub idle_ms: i64,
    /// A session ends so long after it began, milliseconds.
    pub absolute_ms: i64,
    /// Requests a session may make in a minute; as many at once.
    pub requests_per_minute: u32,
    /// Where a `return_url` may lead.
    pub return_origins: BTreeSet<Origin>,
}

/// The portal that Recharge hosts.
#[derive(Debug, Clone)]
pub struct HostedPortal {
    /// What stands before `/portal/{hash}/subscriptions`.
    pub base_url: SafeUrl,
    /// The store's address at its platform, such as `shop.myshopify.com`, where it has one.
    pub shop_url: Option<String>,
    /// By which way customers are sent there.
    pub way: Way,
    /// Where a hosted portal may be: the origin of `base_url`, and those that are listed.
    pub origins: BTreeSet<Origin>,
}

/// A way into the hosted portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The link that upstream makes, with a token for a short time.
    #[default]
    Link,
    /// The path with the customer's hash.
    Hash,
}

/// Files that hold the secrets.
#[derive(Debug, Clone, Default)]
pub struct SecretFiles {
    /// The Recharge access token.
    pub recharge_token: Option<PathBuf>,
    /// The merchant's secret.
    pub merchant_secret: Option<PathBuf>,
    /// The merchant's secret key at the payment processor.
    pub processor_key: Option<PathBuf>,
}

/// How much the log says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// Faults only.
    Error,
    /// And what should be looked at.
    Warn,
    /// And one line for each request.
    Info,
    /// And one line for each call of upstream.
    Debug,
}

/// Why the middleware does not start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// Where: the file, with the line where it is about one.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub hint: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        if !self.hint.is_empty() {
            write!(f, "\n  hint: {}", self.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads and checks the file at `path`.
    ///
    /// # Errors
    /// Where it cannot be read, is not TOML, has an unknown key or a value that does not do.
    pub fn load(path: &Path) -> Result<Config, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError {
            place: path.display().to_string(),
            message: format!("cannot be read: {error}"),
            hint: "copy examples/portal.toml and name it with --config".into(),
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Config::parse(&text, &path.display().to_string(), folder)
    }

    /// Checks `text`, called `name` in errors; its paths are relative to `folder`.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, name: &str, folder: &Path) -> Result<Config, ConfigError> {
        file::parse(text, name, folder)
    }
}

#[cfg(test)]
mod tests;
