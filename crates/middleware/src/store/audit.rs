//! The audit log: lines that are only ever added at the end and pruned from the front.

use async_trait::async_trait;

use super::error::StoreError;
use crate::audit::{AuditRecord, End};

/// The audit log, as the server writes it. What finished changes leave there is written with them.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Adds a line, durably.
    async fn append(&self, record: &AuditRecord) -> Result<(), StoreError>;

    /// The last line.
    async fn head(&self) -> Result<End, StoreError>;

    /// The log as it is now.
    async fn snapshot(&self) -> Result<AuditSnapshot, StoreError>;

    /// Drops the lines before the first one that was written at `before_ms`, milliseconds since
    /// 1970, or later; how many.
    async fn prune(&self, before_ms: i64) -> Result<u64, StoreError>;
}

/// The audit log as it was at one moment, while the server goes on writing.
pub struct AuditSnapshot {
    pub(super) lines: Box<dyn AuditLines>,
    /// The last line that was pruned.
    pub(crate) anchor: End,
    /// The last line.
    pub(crate) head: End,
}

/// The lines of a snapshot.
#[async_trait]
pub(super) trait AuditLines: Send {
    /// Those after number `number` with their numbers, in order, `most` of them.
    async fn after(&mut self, number: u64, most: u32) -> Result<Vec<(u64, String)>, StoreError>;
}

impl AuditSnapshot {
    /// The lines after number `after` with their numbers, in order, `most` of them.
    pub(crate) async fn lines(
        &mut self,
        after: u64,
        most: u32,
    ) -> Result<Vec<(u64, String)>, StoreError> {
        self.lines.after(after, most).await
    }
}
