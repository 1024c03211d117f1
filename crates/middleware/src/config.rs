//! The merchant's configuration: one checked TOML file, and the secrets beside it.
//!
//! A wrong file stops the start with its name, the line and a hint; nothing is guessed. Paths in
//! it are relative to the folder of the file.

mod address;
pub(crate) mod error;
mod file;
mod keys;
mod schema;
mod secret;
mod settings;
mod site;
mod source;
mod spanned;
mod suggest;
mod tables;
mod template;
mod url;

pub use crate::client_address::Proxies;
pub(crate) use address::is_global;
pub use error::ConfigError;
#[cfg(feature = "preview")]
pub(crate) use keys::PROCESS;
pub(crate) use keys::needs_restart;
pub use schema::schema;
pub use secret::Secrets;
pub use settings::{
    AppProxyConfig, ClientType, Config, Configuration, ConnectionLimits, CustomerAccountConfig,
    CustomerName, Effect, EffectKind, HostedPortal, JwtAlgorithm, JwtConfig, JwtKeys, LogLevel,
    LoginConfig, MailConfig, MailTransport, Mode, PaymentsConfig, PublicKey, RateLimits, Rule,
    SecretFiles, SecretPlace, SessionConfig, SessionCookie, SignOnConfig, Switches,
    TokeniserSources, UpstreamConfig, Way, WebhooksConfig,
};
pub(crate) use source::operation_name;
pub use template::{FACTS, Template};
pub use url::{Origin, SafeUrl};

/// The name of what the file says outside of its named configurations.
pub const DEFAULT: &str = "default";

#[cfg(test)]
mod tests;
