//! What outlives a request: one-time links, logins, sessions, and (as [`gateway::Journal`]) changes.

mod error;
mod logins;
mod one_click;
mod outbox;
mod sessions;
mod spent_tokens;
mod sqlite;
#[cfg(test)]
mod tests;

pub use error::StoreError;
pub use logins::{Login, LoginKey, LoginState, Logins};
pub use one_click::{OneClickLink, OneClickLinks};
pub use outbox::{Backlog, Outbox, QueuedJob};
pub(crate) use sessions::CLOCK_STEP_MS;
pub use sessions::{Bearer, Granted, Link, LinkUse, Session, Store, Sweep, Terms, TokenHash};
pub use spent_tokens::SpentTokens;
pub use sqlite::SqliteStore;
