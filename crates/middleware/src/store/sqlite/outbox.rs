//! The outbox in the same file.

use async_trait::async_trait;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{FromRow, Row, query, query_as};

use super::database::SqliteStore;
use crate::store::error::StoreError;
use crate::store::outbox::{Backlog, Outbox, QueuedJob};

impl FromRow<'_, SqliteRow> for QueuedJob {
    fn from_row(row: &SqliteRow) -> sqlx::Result<QueuedJob> {
        Ok(QueuedJob {
            id: row.try_get("id")?,
            job: row.try_get("job")?,
            since_ms: row.try_get("since_ms")?,
            due_ms: row.try_get("due_ms")?,
            tries: row.try_get("tries")?,
            error: row.try_get("error")?,
        })
    }
}

/// Adds a job by `connection`, which may be in the middle of something.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    id: &str,
    job: &str,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO outbox (id, job, since_ms, due_ms) VALUES (?1, ?2, ?3, ?3) \
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(job)
    .bind(now_ms)
    .execute(connection)
    .await?;
    Ok(())
}

#[async_trait]
impl Outbox for SqliteStore {
    async fn add(&self, id: &str, job: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await?;
        insert(&mut connection, id, job, now_ms).await?;
        Ok(())
    }

    async fn due(&self, now_ms: i64, most: u32) -> Result<Vec<QueuedJob>, StoreError> {
        let select = "SELECT * FROM outbox WHERE due_ms <= ? ORDER BY due_ms LIMIT ?";
        let due = query_as(select).bind(now_ms).bind(most);
        Ok(due.fetch_all(&self.reader).await?)
    }

    async fn done(&self, id: &str) -> Result<(), StoreError> {
        query("DELETE FROM outbox WHERE id = ?")
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn failed(&self, id: &str, error: &str, next_ms: Option<i64>) -> Result<(), StoreError> {
        query("UPDATE outbox SET tries = tries + 1, error = ?2, due_ms = ?3 WHERE id = ?1")
            .bind(id)
            .bind(error)
            .bind(next_ms)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn all(&self) -> Result<Vec<QueuedJob>, StoreError> {
        let all = query_as("SELECT * FROM outbox ORDER BY since_ms");
        Ok(all.fetch_all(&self.reader).await?)
    }

    async fn retry(&self, now_ms: i64) -> Result<u64, StoreError> {
        let updated = query("UPDATE outbox SET due_ms = ?, tries = 0")
            .bind(now_ms)
            .execute(&self.writer)
            .await?;
        Ok(updated.rows_affected())
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        let (waiting, failing, given_up) = query_as(
            "SELECT count(due_ms), \
             count(CASE WHEN due_ms IS NOT NULL AND tries > 0 THEN 1 END), \
             count(*) - count(due_ms) FROM outbox",
        )
        .fetch_one(&self.reader)
        .await?;
        Ok(Backlog {
            waiting,
            failing,
            given_up,
        })
    }
}
