//! What outlives a request: one-time links, logins, sessions, and (as [`gateway::Journal`]) changes.

mod audit;
mod error;
mod funnel;
mod logins;
mod one_click;
mod outbox;
mod reports;
mod sessions;
mod spent_tokens;
mod sqlite;
mod statistics;
#[cfg(test)]
mod tests;

pub use crate::audit::{AuditRecord, End};
pub use audit::AuditLog;
pub use error::StoreError;
pub use funnel::{Funnel, FunnelRow, FunnelStep};
pub use logins::{Login, LoginKey, LoginState, Logins};
pub use one_click::{OneClickLink, OneClickLinks};
pub use outbox::{Backlog, Outbox, QueuedJob};
pub use reports::{Report, Reports};
pub(crate) use sessions::CLOCK_STEP_MS;
pub use sessions::{Bearer, Granted, Link, LinkUse, Session, Store, Sweep, Terms, TokenHash};
pub use spent_tokens::SpentTokens;
pub use sqlite::{AuditSnapshot, SqliteStore};
pub use statistics::Statistics;
