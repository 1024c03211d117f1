//! The outbox in the same file.

use recharge::BoxFuture;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Row, query};

use super::SqliteStore;
use crate::store::{Backlog, Kept, Outbox, StoreError};

fn kept_of(row: &SqliteRow) -> Result<Kept, sqlx::Error> {
    Ok(Kept {
        id: row.try_get("id")?,
        job: row.try_get("job")?,
        since_ms: row.try_get("since_ms")?,
        due_ms: row.try_get("due_ms")?,
        tries: row.try_get("tries")?,
        error: row.try_get("error")?,
    })
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

impl Outbox for SqliteStore {
    fn add<'a>(
        &'a self,
        id: &'a str,
        job: &'a str,
        now_ms: i64,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let mut connection = self.pool.acquire().await?;
            insert(&mut connection, id, job, now_ms).await?;
            Ok(())
        })
    }

    fn due(&self, now_ms: i64, most: u32) -> BoxFuture<'_, Result<Vec<Kept>, StoreError>> {
        Box::pin(async move {
            let rows = query("SELECT * FROM outbox WHERE due_ms <= ? ORDER BY due_ms LIMIT ?")
                .bind(now_ms)
                .bind(most)
                .fetch_all(&self.pool)
                .await?;
            Ok(rows.iter().map(kept_of).collect::<Result<_, _>>()?)
        })
    }

    fn done<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            query("DELETE FROM outbox WHERE id = ?")
                .bind(id)
                .execute(&self.pool)
                .await?;
            Ok(())
        })
    }

    fn failed<'a>(
        &'a self,
        id: &'a str,
        error: &'a str,
        next_ms: Option<i64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            query("UPDATE outbox SET tries = tries + 1, error = ?2, due_ms = ?3 WHERE id = ?1")
                .bind(id)
                .bind(error)
                .bind(next_ms)
                .execute(&self.pool)
                .await?;
            Ok(())
        })
    }

    fn all(&self) -> BoxFuture<'_, Result<Vec<Kept>, StoreError>> {
        Box::pin(async move {
            let rows = query("SELECT * FROM outbox ORDER BY since_ms")
                .fetch_all(&self.pool)
                .await?;
            Ok(rows.iter().map(kept_of).collect::<Result<_, _>>()?)
        })
    }

    fn retry(&self, now_ms: i64) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move {
            let updated = query("UPDATE outbox SET due_ms = ?, tries = 0")
                .bind(now_ms)
                .execute(&self.pool)
                .await?;
            Ok(updated.rows_affected())
        })
    }

    fn backlog(&self) -> BoxFuture<'_, Result<Backlog, StoreError>> {
        Box::pin(async move {
            let row = query(
                "SELECT count(due_ms) AS waiting, \
                 count(CASE WHEN due_ms IS NOT NULL AND tries > 0 THEN 1 END) AS failing, \
                 count(*) - count(due_ms) AS given_up FROM outbox",
            )
            .fetch_one(&self.pool)
            .await?;
            let number = |name: &str| -> Result<u64, sqlx::Error> {
                Ok(row.try_get::<i64, _>(name)?.cast_unsigned())
            };
            Ok(Backlog {
                waiting: number("waiting")?,
                failing: number("failing")?,
                given_up: number("given_up")?,
            })
        })
    }
}
