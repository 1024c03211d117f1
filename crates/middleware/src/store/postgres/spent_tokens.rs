//! Tokens of other systems that were used, in PostgreSQL.

use async_trait::async_trait;
use sqlx::query;

use super::database::PostgresStore;
use crate::store::error::StoreError;
use crate::store::sessions::TokenHash;
use crate::store::spent_tokens::SpentTokens;

#[async_trait]
impl SpentTokens for PostgresStore {
    async fn spend(&self, token: TokenHash, expires_ms: i64) -> Result<bool, StoreError> {
        let insert = "INSERT INTO spent_tokens (token, expires_ms) VALUES ($1, $2) \
                      ON CONFLICT DO NOTHING";
        let inserted = query(insert)
            .bind(token.0.as_slice())
            .bind(expires_ms)
            .execute(&self.pool)
            .await?;
        Ok(inserted.rows_affected() == 1)
    }

    async fn forget_spent(&self, before_ms: i64) -> Result<(), StoreError> {
        query("DELETE FROM spent_tokens WHERE expires_ms < $1")
            .bind(before_ms)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
