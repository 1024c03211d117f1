//! The outbox in PostgreSQL.

use async_trait::async_trait;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{FromRow, Row, query, query_as};

use super::database::PostgresStore;
use crate::store::error::StoreError;
use crate::store::outbox::{Backlog, Outbox, QueuedJob};

/// A job that is being done is due again after so long, milliseconds, should its process end: longer
/// than any may take.
const TAKEN_MS: i64 = 60_000;

impl FromRow<'_, PgRow> for QueuedJob {
    fn from_row(row: &PgRow) -> sqlx::Result<QueuedJob> {
        Ok(QueuedJob {
            id: row.try_get("id")?,
            job: row.try_get("job")?,
            since_ms: row.try_get("since_ms")?,
            due_ms: row.try_get("due_ms")?,
            tries: u32::try_from(row.try_get::<i64, _>("tries")?).unwrap_or(u32::MAX),
            error: row.try_get("error")?,
        })
    }
}

/// Adds a job by `connection`, which may be in the middle of something.
pub(super) async fn insert(
    connection: &mut PgConnection,
    id: &str,
    job: &str,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO outbox (id, job, since_ms, due_ms) VALUES ($1, $2, $3, $3) \
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
impl Outbox for PostgresStore {
    async fn add(&self, id: &str, job: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await?;
        insert(&mut connection, id, job, now_ms).await?;
        Ok(())
    }

    async fn due(&self, now_ms: i64, most: u32) -> Result<Vec<QueuedJob>, StoreError> {
        // Each job is for one process, which has it until it is due again.
        let due = query_as(
            "UPDATE outbox SET due_ms = $1 + $3 WHERE id IN ( \
             SELECT id FROM outbox WHERE due_ms <= $1 ORDER BY due_ms LIMIT $2 \
             FOR UPDATE SKIP LOCKED) RETURNING *",
        )
        .bind(now_ms)
        .bind(i64::from(most))
        .bind(TAKEN_MS);
        let mut due: Vec<QueuedJob> = due.fetch_all(&self.pool).await?;
        due.sort_by_key(|job| job.since_ms);
        Ok(due)
    }

    async fn done(&self, id: &str) -> Result<(), StoreError> {
        query("DELETE FROM outbox WHERE id = $1")
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn failed(&self, id: &str, error: &str, next_ms: Option<i64>) -> Result<(), StoreError> {
        query("UPDATE outbox SET tries = tries + 1, error = $2, due_ms = $3 WHERE id = $1")
            .bind(id)
            .bind(error)
            .bind(next_ms)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn all(&self) -> Result<Vec<QueuedJob>, StoreError> {
        let all = query_as("SELECT * FROM outbox ORDER BY since_ms");
        Ok(all.fetch_all(&self.pool).await?)
    }

    async fn retry(&self, now_ms: i64) -> Result<u64, StoreError> {
        let updated = query("UPDATE outbox SET due_ms = $1, tries = 0")
            .bind(now_ms)
            .execute(&self.pool)
            .await?;
        Ok(updated.rows_affected())
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        let (waiting, failing, given_up): (i64, i64, i64) = query_as(
            "SELECT count(due_ms), \
             count(CASE WHEN due_ms IS NOT NULL AND tries > 0 THEN 1 END), \
             count(*) - count(due_ms) FROM outbox",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(Backlog {
            waiting: waiting.cast_unsigned(),
            failing: failing.cast_unsigned(),
            given_up: given_up.cast_unsigned(),
        })
    }
}
