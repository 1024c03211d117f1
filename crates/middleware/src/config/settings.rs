//! The checked configuration, as types.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use gateway::{Policy, Segment};
use jiff::tz::TimeZone;
use jsonwebtoken::{Algorithm, DecodingKey};
use lettre::message::Mailbox;
use protocol::Operation;

use super::template::Template;
use super::url::{Origin, SafeUrl};
use crate::client_address::Proxies;
use crate::messages::Languages;

/// The configuration, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where to serve metrics to; `None` where they are not served.
    pub metrics_listen: Option<SocketAddr>,
    /// Whether the portal is for testing.
    pub mode: Mode,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub proxies: Proxies,
    /// How many connections there may be, and how long they may take.
    pub connections: ConnectionLimits,
    /// How often somebody may ask.
    pub rates: RateLimits,
    /// The origin under which browsers reach the middleware; `None` means the bound address,
    /// which only a loopback address may be.
    pub public_origin: Option<Origin>,
    /// The folder of the built portal; `None` where it is inside the binary.
    pub portal_dir: Option<PathBuf>,
    /// The languages that customers can read, with the merchant's own texts.
    pub(crate) languages: Arc<Languages>,
    /// The SQLite file.
    pub database: PathBuf,
    /// Where the URL of the PostgreSQL database is that takes its place.
    pub postgres: Option<SecretPlace>,
    /// How much the log says.
    pub log: LogLevel,
    /// Who may put the portal into a frame: sources for the CSP; empty means nobody.
    pub frame_ancestors: Vec<Origin>,
    /// The other origins whose pages may embed the portal; empty means none.
    pub embedding_origins: BTreeSet<Origin>,
    /// Whether nothing but the portal is served under its origin.
    pub own_origin: bool,
    /// Whether HSTS reaches the subdomains of the portal's own origin.
    pub hsts_subdomains: bool,
    /// The way to Recharge.
    pub upstream: UpstreamConfig,
    /// How cards are added; `None` where they are not added here.
    pub payments: Option<PaymentsConfig>,
    /// How long links and sessions live.
    pub session: SessionConfig,
    /// The sign-on methods beside one-time links.
    pub sign_on: SignOnConfig,
    /// The portal that Recharge hosts; `None` where nobody is sent there.
    pub hosted_portal: Option<HostedPortal>,
    /// Whether the shop's staff may open a customer's portal.
    pub support: bool,
    /// Lines of the audit log are kept for so long, milliseconds.
    pub audit_ms: i64,
    /// The store's zone.
    pub zone: TimeZone,
    /// By which way mail leaves; `None` where none is sent.
    pub mail: Option<MailConfig>,
    /// The login page; `None` where there is none.
    pub login: Option<LoginConfig>,
    /// What else happens after a customer's changes.
    pub effects: Vec<Effect>,
    /// The webhooks from Recharge; `None` where none are received.
    pub webhooks: Option<WebhooksConfig>,
    /// What the gateway decides by, where no other configuration is for a customer.
    pub policy: Policy,
    /// Why actions are off or limited under that policy.
    pub switches: Switches,
    /// The named configurations.
    pub configurations: BTreeMap<String, Configuration>,
    /// For whom the configurations are, the first that fits.
    pub rules: Vec<Rule>,
    /// Files that hold the secrets, where they do not come from the environment.
    pub secret_files: SecretFiles,
}

/// Whether a portal is for testing. What is stored in one mode is not there in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// For customers.
    #[default]
    Live,
    /// For testing.
    Test,
}

impl Mode {
    /// How the ids of sessions begin.
    pub(crate) fn session_prefix(self) -> &'static str {
        match self {
            Mode::Live => "ps_",
            Mode::Test => "ps_test_",
        }
    }

    /// Whether the id of a session is of this mode.
    pub(crate) fn has_session(self, id: &str) -> bool {
        let is_test = id.starts_with(Mode::Test.session_prefix());
        is_test == (self == Mode::Test)
    }

    /// Its name in the file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mode::Live => "live",
            Mode::Test => "test",
        }
    }
}

/// A named configuration: the file with some of its keys changed.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// What the gateway decides by.
    pub policy: Policy,
    /// Why actions are off or limited.
    pub switches: Switches,
}

/// Why actions are off or limited, in words that name the line.
#[derive(Debug, Clone, Default)]
pub struct Switches {
    /// Those that customers cannot use.
    pub off: BTreeMap<Operation, String>,
    /// Those that they cannot use always.
    pub locked: BTreeMap<Operation, String>,
}

/// Which configuration is for whom.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The file and the line.
    pub place: String,
    /// The name of the configuration, or [`DEFAULT`](super::DEFAULT).
    pub configuration: String,
    /// For whom.
    pub segment: Segment,
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

/// What a page loads for a tokeniser, beside its own files: sources for the content security
/// policy, exactly these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokeniserSources {
    /// Scripts.
    pub script: Vec<String>,
    /// Frames with the fields, and with what a bank asks.
    pub frame: Vec<String>,
    /// Calls that the scripts make.
    pub connect: Vec<String>,
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
    /// Where a `return_url` may lead.
    pub return_origins: BTreeSet<Origin>,
    /// Which cookie holds the session.
    pub cookie: SessionCookie,
}

/// The cookie that holds a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionCookie {
    /// `__Host-` and `Secure`.
    HostOnly,
    /// Neither, for a demonstration over http on a loopback address: WebKit takes no `Secure`
    /// cookie from there.
    Loopback,
}

/// How many connections there may be, and how long they may take.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// Connections at most.
    pub total: usize,
    /// Connections from one IP address at most; a trusted proxy may have more.
    pub per_address: usize,
    /// How long a new connection may take until the head of its first request has come.
    pub header_timeout: Duration,
    /// How long a connection may take from one request to the head of the next.
    pub idle_timeout: Duration,
    /// How long a client may read nothing of a response.
    pub write_timeout: Duration,
}

/// How often somebody may ask.
#[derive(Debug, Clone, Copy)]
pub struct RateLimits {
    /// Requests a session may make in a minute; as many at once.
    pub session_per_minute: u32,
    /// Requests a customer may make in a minute in all sessions together; as many at once.
    pub customer_per_minute: u32,
    /// Wrong secrets, links and sessions that one IP address may try in a minute, of each.
    pub guesses_per_minute: u32,
    /// Links that may be made for a customer in an hour.
    pub links_per_hour: u32,
    /// Actions that send an email that a customer may take in an hour.
    pub emails_per_hour: u32,
}

/// The sign-on methods beside one-time links; each is off without its table.
#[derive(Debug, Clone)]
pub struct SignOnConfig {
    /// A JWT that the merchant signs.
    pub jwt: Option<JwtConfig>,
    /// Shopify's app proxy.
    pub app_proxy: Option<AppProxyConfig>,
    /// Shopify's Customer Account API.
    pub customer_account: Option<CustomerAccountConfig>,
}

/// Which JWTs sign a customer in.
#[derive(Debug, Clone)]
pub struct JwtConfig {
    /// The only algorithm that is accepted.
    pub algorithm: JwtAlgorithm,
    /// The keys that check the signature.
    pub keys: JwtKeys,
    /// The `iss` that a JWT must have.
    pub issuer: String,
    /// The `aud` that a JWT must have, alone or in a list.
    pub audience: String,
    /// The longest time from `iat` to `exp`, milliseconds.
    pub max_ms: i64,
    /// The claim that names the customer.
    pub customer_claim: String,
    /// What that claim holds.
    pub customer_is: CustomerName,
}

/// An algorithm that signs JWTs (RFC 7518, RFC 8037).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
pub enum JwtAlgorithm {
    /// HMAC with SHA-256: one secret, known to the merchant's server and to this one.
    #[serde(rename = "HS256")]
    Hs256,
    /// RSA (PKCS #1 v1.5) with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA over P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl From<JwtAlgorithm> for Algorithm {
    fn from(algorithm: JwtAlgorithm) -> Algorithm {
        match algorithm {
            JwtAlgorithm::Hs256 => Algorithm::HS256,
            JwtAlgorithm::Rs256 => Algorithm::RS256,
            JwtAlgorithm::Es256 => Algorithm::ES256,
            JwtAlgorithm::EdDsa => Algorithm::EdDSA,
        }
    }
}

/// The keys that check the signature of a JWT.
#[derive(Debug, Clone)]
pub enum JwtKeys {
    /// A shared secret.
    Secret(SecretPlace),
    /// Public keys, at least one.
    Public(Vec<PublicKey>),
}

/// A public key that checks JWTs.
#[derive(Debug, Clone)]
pub struct PublicKey {
    /// Its `kid`; `None` where it has none.
    pub id: Option<String>,
    /// The key.
    pub key: DecodingKey,
}

/// How a sign-on names the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CustomerName {
    /// By the id of the shop's platform.
    #[default]
    ExternalCustomerId,
    /// By Recharge's own id.
    CustomerId,
    /// By a verified email address.
    Email,
}

/// Shopify's app proxy.
#[derive(Debug, Clone)]
pub struct AppProxyConfig {
    /// The shop's domain at Shopify, such as `shop.myshopify.com`.
    pub shop: String,
    /// The app's client secret, which signs the requests.
    pub secret: SecretPlace,
}

/// Shopify's Customer Account API.
#[derive(Debug, Clone)]
pub struct CustomerAccountConfig {
    /// The shop's origin, where its discovery document is.
    pub shop: Origin,
    /// The id of the client, as Shopify shows it.
    pub client_id: String,
    /// The secret of a confidential client; `None` for a public one.
    pub secret: Option<SecretPlace>,
    /// Whether an issuer on this machine may be used over http, as in a demonstration.
    pub allows_loopback: bool,
    /// Where Shopify leads after it has signed a customer out; `None` where it does not.
    pub logout_url: Option<String>,
}

/// A client of OAuth 2.0 (RFC 6749, section 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientType {
    /// Has no secret.
    #[default]
    Public,
    /// Shows a secret.
    Confidential,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The link that upstream makes, with a token for a short time.
    #[default]
    Link,
    /// The path with the customer's hash.
    Hash,
}

/// The login page, and how often somebody may use it.
#[derive(Debug, Clone)]
pub struct LoginConfig {
    /// The configurations that have a login page of their own.
    pub configurations: BTreeSet<String>,
    /// Forms that one IP address may send in a minute; as many at once.
    pub requests_per_minute: u32,
    /// Codes that may be asked for in an hour: for one email address, and from one browser.
    pub emails_per_hour: u32,
}

/// By which way mail leaves, and from whom.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// The sender.
    pub from: Mailbox,
    /// How it is sent.
    pub transport: MailTransport,
    /// Whether customers get an email after each payment.
    pub after_payment: bool,
}

/// A way for mail to leave.
#[derive(Debug, Clone)]
pub enum MailTransport {
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

/// The webhooks from Recharge.
#[derive(Debug, Clone)]
pub struct WebhooksConfig {
    /// The API client secret of the token, which signs them.
    pub secret: SecretPlace,
}

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
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
