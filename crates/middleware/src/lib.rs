//! The server that a merchant hosts behind the portal.
//!
//! The merchant's own server asks it for a one-time link for a customer (`entry`); the link opens
//! a session (`session`); within it the browser reads and changes things (`api`), or goes on to
//! the portal that Recharge hosts (`hand_over`). What a change leaves to be done elsewhere
//! (`effects`) is done from the `outbox`. What a customer
//! may do is decided by the [`gateway`] alone; the way to Recharge is [`HttpRecharge`]'s.
//! [`serve()`] runs it all until it is told to stop.

pub mod admin;
mod api;
mod app;
pub mod assets;
mod body;
mod budget;
mod clock;
pub mod config;
pub mod effects;
mod entry;
mod hand_over;
mod headers;
mod health;
mod limit;
pub mod log;
mod mail;
mod origin;
pub mod outbox;
mod plain_page;
mod problem;
mod processor;
mod serve;
mod session;
pub mod store;
mod upstream;

pub use app::{App, World};
pub use clock::SystemEnv;
pub use config::{Config, Secrets};
pub use effects::Effects;
pub use processor::Processor;
pub use serve::serve;
pub use store::SqliteStore;
pub use upstream::HttpRecharge;
