//! The default store: one SQLite file, created at start.
//!
//! WAL with `synchronous = FULL`: what a change is about to do is on the disk before upstream
//! hears of it, so that a killed process or a power cut forgets nothing that happened.

mod journal;
mod outbox;

use std::path::Path;
use std::time::Duration;

use protocol::CustomerId;
use recharge::BoxFuture;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Row, query};

use crate::effects::Effects;

use super::{Link, Session, Store, StoreError, Sweep, Taken, TokenHash};

/// Links, sessions and changes in one SQLite file.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    pool: SqlitePool,
    effects: Option<Effects>,
}

impl SqliteStore {
    /// Opens the file at `path`, or creates it.
    ///
    /// # Errors
    /// Where it cannot be created, written or is no database.
    pub async fn open(path: &Path) -> Result<SqliteStore, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(options)
            .await?;
        sqlx::raw_sql(include_str!("schema.sql"))
            .execute(&pool)
            .await?;
        Ok(SqliteStore {
            pool,
            effects: None,
        })
    }

    /// The same, which puts what `effects` make of finished changes into the outbox.
    #[must_use]
    pub fn with_effects(self, effects: Effects) -> SqliteStore {
        SqliteStore {
            effects: Some(effects),
            ..self
        }
    }

    /// Writes everything back into the one file and lets go of it.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        StoreError(error.to_string())
    }
}

fn customer_of(row: &SqliteRow) -> Result<CustomerId, sqlx::Error> {
    Ok(CustomerId(
        row.try_get::<i64, _>("customer")?.cast_unsigned(),
    ))
}

fn link_of(row: &SqliteRow) -> Result<Link, sqlx::Error> {
    Ok(Link {
        customer: customer_of(row)?,
        return_url: row.try_get("return_url")?,
        expires_ms: row.try_get("expires_ms")?,
    })
}

fn session_of(row: &SqliteRow) -> Result<Session, sqlx::Error> {
    Ok(Session {
        customer: customer_of(row)?,
        return_url: row.try_get("return_url")?,
        begun_ms: row.try_get("begun_ms")?,
        seen_ms: row.try_get("seen_ms")?,
    })
}

impl Store for SqliteStore {
    fn add_link<'a>(
        &'a self,
        token: TokenHash,
        link: &'a Link,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            query(
                "INSERT INTO links (token, customer, return_url, expires_ms) VALUES (?, ?, ?, ?)",
            )
            .bind(token.0.as_slice())
            .bind(link.customer.0.cast_signed())
            .bind(&link.return_url)
            .bind(link.expires_ms)
            .execute(&self.pool)
            .await?;
            Ok(())
        })
    }

    fn take_link(&self, token: TokenHash, now_ms: i64) -> BoxFuture<'_, Result<Taken, StoreError>> {
        Box::pin(async move {
            // One statement takes it, so that of two at once only one finds it unused.
            let taken = query(
                "UPDATE links SET used = 1 WHERE token = ? AND used = 0 AND expires_ms > ? \
                 RETURNING customer, return_url, expires_ms",
            )
            .bind(token.0.as_slice())
            .bind(now_ms)
            .fetch_optional(&self.pool)
            .await?;
            if let Some(row) = taken {
                return Ok(Taken::Good(link_of(&row)?));
            }
            let spent = query("SELECT customer, return_url, expires_ms FROM links WHERE token = ?")
                .bind(token.0.as_slice())
                .fetch_optional(&self.pool)
                .await?;
            match spent {
                Some(row) => Ok(Taken::Spent(link_of(&row)?)),
                None => Ok(Taken::Unknown),
            }
        })
    }

    fn add_session<'a>(
        &'a self,
        token: TokenHash,
        session: &'a Session,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            query(
                "INSERT INTO sessions (token, customer, return_url, begun_ms, seen_ms) \
                 VALUES (?, ?, ?, ?, ?)",
            )
            .bind(token.0.as_slice())
            .bind(session.customer.0.cast_signed())
            .bind(&session.return_url)
            .bind(session.begun_ms)
            .bind(session.seen_ms)
            .execute(&self.pool)
            .await?;
            Ok(())
        })
    }

    fn session(&self, token: TokenHash) -> BoxFuture<'_, Result<Option<Session>, StoreError>> {
        Box::pin(async move {
            let row = query(
                "SELECT customer, return_url, begun_ms, seen_ms FROM sessions WHERE token = ?",
            )
            .bind(token.0.as_slice())
            .fetch_optional(&self.pool)
            .await?;
            Ok(row.as_ref().map(session_of).transpose()?)
        })
    }

    fn touch_session(
        &self,
        token: TokenHash,
        now_ms: i64,
    ) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            query("UPDATE sessions SET seen_ms = ? WHERE token = ?")
                .bind(now_ms)
                .bind(token.0.as_slice())
                .execute(&self.pool)
                .await?;
            Ok(())
        })
    }

    fn end_session(&self, token: TokenHash) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            query("DELETE FROM sessions WHERE token = ?")
                .bind(token.0.as_slice())
                .execute(&self.pool)
                .await?;
            Ok(())
        })
    }

    fn sweep(&self, before: Sweep) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            query("DELETE FROM links WHERE expires_ms < ?")
                .bind(before.links_before_ms)
                .execute(&self.pool)
                .await?;
            query("DELETE FROM sessions WHERE seen_ms < ? OR begun_ms < ?")
                .bind(before.seen_before_ms)
                .bind(before.begun_before_ms)
                .execute(&self.pool)
                .await?;
            query("DELETE FROM changes WHERE outcome IS NOT NULL AND begun_ms < ?")
                .bind(before.changes_before_ms)
                .execute(&self.pool)
                .await?;
            Ok(())
        })
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            query("SELECT 1 FROM sessions LIMIT 1")
                .execute(&self.pool)
                .await?;
            Ok(())
        })
    }
}
