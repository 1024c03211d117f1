//! How much there is in the file.

use async_trait::async_trait;
use sqlx::query_scalar;

use super::database::SqliteStore;
use crate::store::error::StoreError;
use crate::store::statistics::Statistics;

#[async_trait]
impl Statistics for SqliteStore {
    async fn live_sessions(
        &self,
        seen_since_ms: i64,
        begun_since_ms: i64,
    ) -> Result<u64, StoreError> {
        let count = "SELECT count(*) FROM sessions WHERE seen_ms >= ? AND begun_ms >= ?";
        let count = query_scalar(count).bind(seen_since_ms).bind(begun_since_ms);
        Ok(count.fetch_one(&self.reader).await?)
    }
}
