//! The merchant's configuration: one checked TOML file, and the secrets beside it.
//!
//! A wrong file stops the start with its name, the line and a hint; nothing is guessed. Paths in
//! it are relative to the folder of the file.

mod address;
pub(crate) mod error;
mod file;
mod secret;
mod settings;
mod site;
mod source;
mod tables;
mod template;
mod url;

pub use crate::client_address::Proxies;
pub(crate) use address::is_global;
pub use error::ConfigError;
pub use secret::Secrets;
pub use settings::{
    Config, ConnectionLimits, Effect, EffectKind, HostedPortal, LogLevel, MailConfig,
    MailTransport, PaymentsConfig, RateLimits, SecretFiles, SecretPlace, SessionConfig,
    SessionCookie, TokeniserSources, UpstreamConfig, Way,
};
pub(crate) use source::operation_name;
pub use template::{FACTS, Template};
pub use url::{Origin, SafeUrl};

#[cfg(test)]
mod tests;
