//! Links that make one change, in PostgreSQL.

use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row, query, query_as};

use super::database::{PostgresStore, customer_of, json_of, written};
use crate::store::error::StoreError;
use crate::store::one_click::{OneClickLink, OneClickLinks};
use crate::store::sessions::TokenHash;

impl FromRow<'_, PgRow> for OneClickLink {
    fn from_row(row: &PgRow) -> sqlx::Result<OneClickLink> {
        Ok(OneClickLink {
            id: row.try_get("id")?,
            customer: customer_of(row)?,
            change: json_of(row, "change")?,
            key: row.try_get("key")?,
            terms: json_of(row, "terms")?,
            made_ms: row.try_get("made_ms")?,
            expires_ms: row.try_get("expires_ms")?,
            done_ms: row.try_get("done_ms")?,
        })
    }
}

#[async_trait]
impl OneClickLinks for PostgresStore {
    async fn add_one_click(&self, token: TokenHash, link: &OneClickLink) -> Result<(), StoreError> {
        query(
            "INSERT INTO one_click_links \
             (token, id, customer, change, key, terms, made_ms, expires_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(token.0.as_slice())
        .bind(&link.id)
        .bind(link.customer.0.cast_signed())
        .bind(written(&link.change)?)
        .bind(&link.key)
        .bind(written(&link.terms)?)
        .bind(link.made_ms)
        .bind(link.expires_ms)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn one_click(&self, token: TokenHash) -> Result<Option<OneClickLink>, StoreError> {
        let select = "SELECT id, customer, change, key, terms, made_ms, expires_ms, done_ms \
                      FROM one_click_links WHERE token = $1";
        let found = query_as(select).bind(token.0.as_slice());
        Ok(found.fetch_optional(&self.pool).await?)
    }

    async fn retry_one_click(
        &self,
        token: TokenHash,
        before: &str,
        key: &str,
    ) -> Result<(), StoreError> {
        query("UPDATE one_click_links SET key = $1 WHERE token = $2 AND key = $3")
            .bind(key)
            .bind(token.0.as_slice())
            .bind(before)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn finish_one_click(&self, token: TokenHash, now_ms: i64) -> Result<(), StoreError> {
        query("UPDATE one_click_links SET done_ms = coalesce(done_ms, $1) WHERE token = $2")
            .bind(now_ms)
            .bind(token.0.as_slice())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
