//! What outlives a request: one-time links, logins, sessions, and (as [`gateway::Journal`]) changes.

mod audit;
mod error;
mod funnel;
mod journal;
mod logins;
mod one_click;
mod outbox;
mod postgres;
mod reports;
mod sessions;
mod spent_tokens;
mod sqlite;
mod statistics;
#[cfg(test)]
mod tests;

use gateway::Journal;

pub use crate::audit::{AuditRecord, End};
pub use audit::{AuditLog, AuditSnapshot};
pub use error::StoreError;
pub use funnel::{Funnel, FunnelRow};
pub use logins::{Login, LoginKey, LoginState, Logins};
pub use one_click::{OneClickLink, OneClickLinks};
pub use outbox::{Backlog, Outbox, QueuedJob};
pub use postgres::PostgresStore;
pub use reports::{Report, Reports};
pub(crate) use sessions::CLOCK_STEP_MS;
pub use sessions::{Bearer, Granted, Link, LinkUse, Session, Store, Sweep, Terms, TokenHash};
pub use spent_tokens::SpentTokens;
pub use sqlite::SqliteStore;
pub use statistics::Statistics;

/// Everything that is stored, in one database.
pub trait Database:
    Store
    + OneClickLinks
    + Logins
    + SpentTokens
    + Journal
    + Outbox
    + Reports
    + AuditLog
    + Statistics
    + Funnel
    + 'static
{
}

impl<T> Database for T where
    T: Store
        + OneClickLinks
        + Logins
        + SpentTokens
        + Journal
        + Outbox
        + Reports
        + AuditLog
        + Statistics
        + Funnel
        + 'static
{
}
