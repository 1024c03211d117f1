//! How much there is, for whoever watches the server.

use async_trait::async_trait;

use super::error::StoreError;

/// How much there is.
#[async_trait]
pub trait Statistics: Send + Sync {
    /// Sessions that were used at `seen_since_ms` or later and begun at `begun_since_ms` or later,
    /// both milliseconds since 1970.
    async fn live_sessions(
        &self,
        seen_since_ms: i64,
        begun_since_ms: i64,
    ) -> Result<u64, StoreError>;
}
