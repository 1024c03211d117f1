//! The audit log in PostgreSQL.

use async_trait::async_trait;
use sqlx::postgres::PgConnection;
use sqlx::{Postgres, Transaction, query, query_as};

use super::database::PostgresStore;
use crate::audit::{AuditRecord, End, hash, instant, line};
use crate::store::audit::{AuditLines, AuditLog, AuditSnapshot};
use crate::store::error::StoreError;

/// Adds a line by `connection`, which is in the middle of a transaction.
pub(super) async fn insert(
    connection: &mut PgConnection,
    record: &AuditRecord,
) -> Result<(), sqlx::Error> {
    // A write comes first: it takes the lock under which the head is read.
    let head: (i64, String) = query_as(
        "UPDATE audit_ends SET number = number + 1 WHERE name = 'head' \
         RETURNING number - 1, hash",
    )
    .fetch_one(&mut *connection)
    .await?;
    let head = end(head);
    let line = line(record, &head).map_err(|error| sqlx::Error::Encode(error.into()))?;
    query("INSERT INTO audit_log (number, line) VALUES ($1, $2)")
        .bind((head.number + 1).cast_signed())
        .bind(&line)
        .execute(&mut *connection)
        .await?;
    query("UPDATE audit_ends SET hash = $1 WHERE name = 'head'")
        .bind(hash(&line))
        .execute(connection)
        .await?;
    Ok(())
}

fn end((number, hash): (i64, String)) -> End {
    End {
        number: number.cast_unsigned(),
        hash,
    }
}

async fn named(connection: &mut PgConnection, name: &str) -> Result<End, sqlx::Error> {
    let select = query_as("SELECT number, hash FROM audit_ends WHERE name = $1").bind(name);
    Ok(end(select.fetch_one(connection).await?))
}

#[async_trait]
impl AuditLog for PostgresStore {
    async fn append(&self, record: &AuditRecord) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        insert(&mut transaction, record).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn head(&self) -> Result<End, StoreError> {
        let mut connection = self.pool.acquire().await?;
        Ok(named(&mut connection, "head").await?)
    }

    async fn snapshot(&self) -> Result<AuditSnapshot, StoreError> {
        let mut transaction = self.pool.begin().await?;
        query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .execute(&mut *transaction)
            .await?;
        let anchor = named(&mut transaction, "anchor").await?;
        let head = named(&mut transaction, "head").await?;
        Ok(AuditSnapshot {
            lines: Box::new(Lines(transaction)),
            anchor,
            head,
        })
    }

    async fn prune(&self, before_ms: i64) -> Result<u64, StoreError> {
        let mut transaction = self.pool.begin().await?;
        // Stops at the first line that stays, so that it reads no more than it drops.
        let last: Option<(i64, String)> = query_as(
            "SELECT number, line FROM audit_log WHERE number < coalesce( \
             (SELECT number FROM audit_log WHERE line::json ->> 'at' >= $1 ORDER BY number LIMIT 1), \
             9223372036854775807) \
             ORDER BY number DESC LIMIT 1",
        )
        .bind(instant(before_ms))
        .fetch_optional(&mut *transaction)
        .await?;
        let Some((number, line)) = last else {
            return Ok(0);
        };
        query("UPDATE audit_ends SET number = $1, hash = $2 WHERE name = 'anchor'")
            .bind(number)
            .bind(hash(&line))
            .execute(&mut *transaction)
            .await?;
        let dropped = query("DELETE FROM audit_log WHERE number <= $1")
            .bind(number)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(dropped.rows_affected())
    }
}

struct Lines(Transaction<'static, Postgres>);

#[async_trait]
impl AuditLines for Lines {
    async fn after(&mut self, number: u64, most: u32) -> Result<Vec<(u64, String)>, StoreError> {
        let select =
            "SELECT number, line FROM audit_log WHERE number > $1 ORDER BY number LIMIT $2";
        let lines: Vec<(i64, String)> = query_as(select)
            .bind(number.cast_signed())
            .bind(i64::from(most))
            .fetch_all(&mut *self.0)
            .await?;
        let lines = lines.into_iter();
        Ok(lines
            .map(|(number, line)| (number.cast_unsigned(), line))
            .collect())
    }
}
