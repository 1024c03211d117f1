//! Moving over from a SQLite file.

use futures_util::TryStreamExt;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column, Postgres, QueryBuilder, Row, Sqlite, TypeInfo, query, query_scalar};

use super::database::PostgresStore;
use crate::store::error::StoreError;
use crate::store::sqlite::SqliteStore;

/// All tables, those that others refer to first.
const TABLES: [&str; 16] = [
    "mode",
    "settings",
    "links",
    "sessions",
    "bearer_tokens",
    "changes",
    "facts",
    "outbox",
    "one_click_links",
    "logins",
    "spent_tokens",
    "audit_log",
    "audit_ends",
    "funnel_steps",
    "reports",
    "reported_subscriptions",
];

impl PostgresStore {
    /// Copies everything from `file`, all of it or nothing; how many rows.
    ///
    /// # Errors
    /// Where this database has been served from, or either fails.
    pub async fn copy(&self, file: &SqliteStore) -> Result<u64, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let used = query_scalar("SELECT EXISTS (SELECT 1 FROM mode)");
        if used.fetch_one(&mut *transaction).await? {
            return Err(StoreError(
                "the PostgreSQL database has been used already; name an empty one".to_owned(),
            ));
        }
        // What a new database has of its own.
        query("DELETE FROM settings")
            .execute(&mut *transaction)
            .await?;
        query("DELETE FROM audit_ends")
            .execute(&mut *transaction)
            .await?;
        let mut copied = 0;
        for table in TABLES {
            let mut select = QueryBuilder::<Sqlite>::new(format!("SELECT * FROM {table}"));
            let mut rows = select.build().fetch(&file.reader);
            while let Some(row) = rows.try_next().await? {
                insert(table, &row)?
                    .build()
                    .execute(&mut *transaction)
                    .await?;
                copied += 1;
            }
        }
        transaction.commit().await?;
        Ok(copied)
    }
}

/// The statement that inserts a row as it is.
fn insert(table: &str, row: &SqliteRow) -> sqlx::Result<QueryBuilder<Postgres>> {
    let names: Vec<&str> = row.columns().iter().map(Column::name).collect();
    let names = names.join(", ");
    let mut insert = QueryBuilder::new(format!("INSERT INTO {table} ({names}) VALUES ("));
    let mut values = insert.separated(", ");
    for (at, column) in row.columns().iter().enumerate() {
        match column.type_info().name() {
            "INTEGER" => values.push_bind(row.try_get::<Option<i64>, _>(at)?),
            "BLOB" => values.push_bind(row.try_get::<Option<Vec<u8>>, _>(at)?),
            _ => values.push_bind(row.try_get::<Option<String>, _>(at)?),
        };
    }
    insert.push(")");
    Ok(insert)
}
