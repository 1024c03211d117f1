//! The default store: one SQLite file, created at start.
//!
//! WAL with `synchronous = FULL`: what a change is about to do is on the disk before upstream
//! hears of it, so that a killed process or a power cut forgets nothing that happened.

mod audit;
mod database;
mod funnel;
mod journal;
mod lease;
mod logins;
mod one_click;
mod open;
mod outbox;
mod owner_only;
mod reports;
mod scrub;
mod sessions;
mod spent_tokens;
mod statistics;

pub use database::SqliteStore;
#[cfg(test)]
pub(in crate::store) use open::options;
