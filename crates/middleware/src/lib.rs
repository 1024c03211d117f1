//! The server that a merchant hosts behind the portal.
//!
//! The merchant's own server asks for a customer's one-time link (`http::entry`), or what it or its
//! platform has signed leads to one (`sign_on`). The link opens a
//! session (`session`), in which the browser reads and changes things (`http::api`) or goes on to
//! the portal that Recharge hosts (`http::hand_over`). A page of another origin exchanges it for a
//! bearer token instead (`http::cross_origin`). What a change leaves to be done elsewhere
//! (`effects`) is done from the `outbox`. The [`gateway`] alone decides what a customer may do, and
//! [`HttpRecharge`] calls Recharge. `state` is what all of them share, `router` the table of their
//! routes, and [`serve()`] runs everything until it is told to stop.
//!
//! `configurations` chooses the policy for a session, and `reload` follows changes of the file: it
//! puts another [`App`] in force, which shares with the one before all that is not configuration.

pub mod admin;
pub mod assets;
mod audit;
mod budget;
mod client_address;
mod clock;
mod clock_guard;
pub mod config;
mod config_health;
pub mod configurations;
mod connections;
pub mod effects;
pub mod explain;
mod exports;
mod headers;
mod http;
mod limit;
mod live;
pub mod log;
mod mail;
mod messages;
mod metrics;
pub mod outbox;
mod payment_mail;
#[cfg(feature = "preview")]
pub mod preview;
mod problem;
mod processor;
mod reload;
mod router;
pub mod scopes;
mod serve;
mod session;
mod sign_on;
mod state;
pub mod store;
mod upstream;
pub mod webhooks;

pub use clock::SystemEnv;
pub use config::{Config, Secrets};
pub use effects::Effects;
pub use processor::Processor;
pub use reload::ConfigFile;
pub use router::router;
pub use serve::{serve, serve_file, serve_metrics};
pub use state::{App, Dependencies};
pub use store::{PostgresStore, SqliteStore};
pub use upstream::{HttpRecharge, UpstreamHealth};
