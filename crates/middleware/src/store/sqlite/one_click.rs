//! Links that make one change, in the database.

use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row, query, query_as};

use super::database::{SqliteStore, customer_of, json_of, written};
use crate::store::error::StoreError;
use crate::store::one_click::{OneClickLink, OneClickLinks};
use crate::store::sessions::TokenHash;

impl FromRow<'_, SqliteRow> for OneClickLink {
    fn from_row(row: &SqliteRow) -> sqlx::Result<OneClickLink> {
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
impl OneClickLinks for SqliteStore {
    async fn add_one_click(&self, token: TokenHash, link: &OneClickLink) -> Result<(), StoreError> {
        query(
            "INSERT INTO one_click_links \
             (token, id, customer, change, key, terms, made_ms, expires_ms) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(token.0.as_slice())
        .bind(&link.id)
        .bind(link.customer.0.cast_signed())
        .bind(written(&link.change)?)
        .bind(&link.key)
        .bind(written(&link.terms)?)
        .bind(link.made_ms)
        .bind(link.expires_ms)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn one_click(&self, token: TokenHash) -> Result<Option<OneClickLink>, StoreError> {
        let select = "SELECT id, customer, change, key, terms, made_ms, expires_ms, done_ms \
                      FROM one_click_links WHERE token = ?";
        let found = query_as(select).bind(token.0.as_slice());
        Ok(found.fetch_optional(&self.reader).await?)
    }

    async fn retry_one_click(
        &self,
        token: TokenHash,
        before: &str,
        key: &str,
    ) -> Result<(), StoreError> {
        query("UPDATE one_click_links SET key = ? WHERE token = ? AND key = ?")
            .bind(key)
            .bind(token.0.as_slice())
            .bind(before)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn finish_one_click(&self, token: TokenHash, now_ms: i64) -> Result<(), StoreError> {
        query("UPDATE one_click_links SET done_ms = coalesce(done_ms, ?) WHERE token = ?")
            .bind(now_ms)
            .bind(token.0.as_slice())
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
