//! What outlives a request: one-time links, sessions, and (as [`gateway::Journal`]) changes.

mod outbox;
mod sqlite;
#[cfg(test)]
mod tests;

use std::fmt;

use protocol::CustomerId;
use recharge::BoxFuture;
use sha2::{Digest, Sha256};

pub use outbox::{Backlog, Kept, Outbox};
pub use sqlite::SqliteStore;

/// The store cannot be read or written; whatever needed it must be refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError(pub String);

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "store: {}", self.0)
    }
}

impl std::error::Error for StoreError {}

/// The SHA-256 of a token: what is stored, so that a stolen database opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The hash under which `token` is stored.
    pub fn of(token: &str) -> TokenHash {
        TokenHash(Sha256::digest(token).into())
    }

    /// A name for what the token opens, which opens nothing itself.
    pub fn name(self) -> String {
        self.0[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// A one-time link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// For whom.
    pub customer: CustomerId,
    /// Where 'Back to the shop' leads in this session, where it is not the usual place.
    pub return_url: Option<String>,
    /// Until when it opens, milliseconds since 1970.
    pub expires_ms: i64,
}

/// What became of a link that somebody opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It was good, and is used now.
    Good(Link),
    /// It was good once: used before, or too old.
    Spent(Link),
    /// There never was such a link, or it is long gone.
    Unknown,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub customer: CustomerId,
    /// Where 'Back to the shop' leads, where it is not the usual place.
    pub return_url: Option<String>,
    /// When it began, milliseconds since 1970.
    pub begun_ms: i64,
    /// When it was last used, milliseconds since 1970 (to about a minute).
    pub seen_ms: i64,
}

/// Where links and sessions are kept. Everything is forgotten when it has expired.
pub trait Store: Send + Sync {
    /// Adds a link.
    fn add_link<'a>(
        &'a self,
        token: TokenHash,
        link: &'a Link,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Takes a link: of any number of callers, one gets [`Taken::Good`].
    fn take_link(&self, token: TokenHash, now_ms: i64) -> BoxFuture<'_, Result<Taken, StoreError>>;

    /// Begins a session.
    fn add_session<'a>(
        &'a self,
        token: TokenHash,
        session: &'a Session,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// The session of `token`, expired or not.
    fn session(&self, token: TokenHash) -> BoxFuture<'_, Result<Option<Session>, StoreError>>;

    /// Notes that a session was used.
    fn touch_session(&self, token: TokenHash, now_ms: i64)
    -> BoxFuture<'_, Result<(), StoreError>>;

    /// Ends a session; one that is not there is ended already.
    fn end_session(&self, token: TokenHash) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Forgets links that expired before `links_before_ms`, sessions last used before
    /// `seen_before_ms` or begun before `begun_before_ms`, and finished changes begun before
    /// `changes_before_ms`.
    fn sweep(&self, before: Sweep) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Whether the store works, for readiness.
    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>>;
}

/// What [`Store::sweep`] forgets; milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sweep {
    /// Links that expired before.
    pub links_before_ms: i64,
    /// Sessions last used before.
    pub seen_before_ms: i64,
    /// Sessions begun before.
    pub begun_before_ms: i64,
    /// Finished changes begun before.
    pub changes_before_ms: i64,
}
