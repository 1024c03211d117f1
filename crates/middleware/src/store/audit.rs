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

    /// Drops the lines before the first one that was written at `before_ms`, milliseconds since
    /// 1970, or later; how many.
    async fn prune(&self, before_ms: i64) -> Result<u64, StoreError>;
}
