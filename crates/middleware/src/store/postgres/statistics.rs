//! How much there is in PostgreSQL.

use async_trait::async_trait;
use sqlx::query_scalar;

use super::database::PostgresStore;
use crate::store::error::StoreError;
use crate::store::statistics::Statistics;

#[async_trait]
impl Statistics for PostgresStore {
    async fn live_sessions(
        &self,
        seen_since_ms: i64,
        begun_since_ms: i64,
    ) -> Result<u64, StoreError> {
        let count = "SELECT count(*) FROM sessions WHERE seen_ms >= $1 AND begun_ms >= $2";
        let count = query_scalar(count).bind(seen_since_ms).bind(begun_since_ms);
        let count: i64 = count.fetch_one(&self.pool).await?;
        Ok(count.cast_unsigned())
    }
}
