//! The database: its connections and its schema.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use base::hex;
use protocol::CustomerId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::{Row, SqlSafeStr, query, query_scalar};
use tokio::sync::Semaphore;

use crate::config::Mode;
use crate::effects::Effects;
use crate::store::error::StoreError;

/// The schema, step by step. A step that was released is never changed again.
const MIGRATIONS: &[(&str, &str)] = &[(
    "initial",
    include_str!("../../../migrations/postgres/0001_initial.sql"),
)];
/// The oldest version that the statements are written for.
const OLDEST: i32 = 150_000;
/// Connections for statements.
const CONNECTIONS: u32 = 16;
/// Connections for turns: so many customers can change something in one process at the same time.
pub(super) const TURNS: usize = 32;
/// How long a statement waits for a connection.
const QUEUE: Duration = Duration::from_secs(2);

/// Links, sessions and changes in PostgreSQL.
#[derive(Clone)]
pub struct PostgresStore {
    pub(in crate::store) pool: PgPool,
    pub(super) options: PgConnectOptions,
    pub(super) turns: Arc<Semaphore>,
    /// The name of this start of the program, by which it knows its own open changes.
    pub(super) holder: String,
    pub(super) hash_key: Vec<u8>,
    pub(super) effects: Option<Effects>,
}

impl PostgresStore {
    /// Opens the database at `url`, and brings its schema up to date.
    ///
    /// # Errors
    /// Where it cannot be reached, is older than PostgreSQL 15, or was written by a newer version.
    pub async fn open(url: &str) -> Result<PostgresStore, StoreError> {
        let store = PostgresStore::connect(url).await?;
        store.migrate().await?;
        let hash_key = store.hash_key().await?;
        Ok(PostgresStore { hash_key, ..store })
    }

    /// Opens the database for its outbox and its audit log.
    ///
    /// # Errors
    /// Where it cannot be reached, or was last served from by another version.
    pub async fn beside(url: &str) -> Result<PostgresStore, StoreError> {
        let store = PostgresStore::connect(url).await?;
        let version = query_scalar::<_, i64>("SELECT max(version) FROM _sqlx_migrations");
        let version = version.fetch_one(&store.pool).await;
        if version.ok() == i64::try_from(MIGRATIONS.len()).ok() {
            Ok(store)
        } else {
            Err(StoreError(
                "the database was last served from by another version of this program; use that \
                 one, or start this one's `serve` first."
                    .to_owned(),
            ))
        }
    }

    /// Makes the database that of a portal in `mode` for good.
    ///
    /// # Errors
    /// Where it is that of the other mode, or cannot be written.
    pub async fn claim(&self, mode: Mode) -> Result<(), StoreError> {
        query("INSERT INTO mode (one, name) VALUES (1, $1) ON CONFLICT DO NOTHING")
            .bind(mode.name())
            .execute(&self.pool)
            .await?;
        let known = query_scalar::<_, String>("SELECT name FROM mode");
        let known = known.fetch_one(&self.pool).await?;
        if known == mode.name() {
            return Ok(());
        }
        Err(StoreError(format!(
            "the database is that of a portal in {known} mode; name another one for {} mode.",
            mode.name()
        )))
    }

    /// The same, which puts what `effects` make of finished changes into the outbox.
    #[must_use]
    pub fn with_effects(self, effects: Effects) -> PostgresStore {
        PostgresStore {
            effects: Some(effects),
            ..self
        }
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    async fn connect(url: &str) -> Result<PostgresStore, StoreError> {
        // The error would say the password.
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| StoreError("this is no address of a PostgreSQL database".to_owned()))?;
        let options = options.application_name("perennial");
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(QUEUE)
            .connect_with(options.clone())
            .await?;
        let version = query_scalar::<_, String>("SHOW server_version_num");
        let version = version.fetch_one(&pool).await?;
        if version.parse::<i32>().is_ok_and(|version| version < OLDEST) {
            return Err(StoreError("PostgreSQL 15 or newer is needed".to_owned()));
        }
        let mut holder = [0; 16];
        getrandom::fill(&mut holder).map_err(|error| StoreError(error.to_string()))?;
        Ok(PostgresStore {
            pool,
            options,
            turns: Arc::new(Semaphore::new(TURNS)),
            holder: hex(&holder),
            hash_key: Vec::new(),
            effects: None,
        })
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let numbered = (1..).zip(MIGRATIONS);
        let steps = numbered.map(|(version, (name, sql))| {
            let kind = MigrationType::Simple;
            Migration::new(version, (*name).into(), kind, sql.into_sql_str(), false)
        });
        let migrator = Migrator::with_migrations(steps.collect());
        migrator.run(&self.pool).await.map_err(|error| {
            StoreError(match error {
                MigrateError::VersionMissing(version) => format!(
                    "the database was written by a newer version of this program (its schema is \
                     {version}, this version knows {}). Start the newer version.",
                    MIGRATIONS.len()
                ),
                other => format!("the schema cannot be set up: {other}"),
            })
        })
    }

    /// The key of the journal's hashes, made with the database.
    async fn hash_key(&self) -> Result<Vec<u8>, StoreError> {
        let mut made = [0; 32];
        getrandom::fill(&mut made).map_err(|error| StoreError(error.to_string()))?;
        query("INSERT INTO settings (name, value) VALUES ('hash_key', $1) ON CONFLICT DO NOTHING")
            .bind(made.as_slice())
            .execute(&self.pool)
            .await?;
        let key = query_scalar("SELECT value FROM settings WHERE name = 'hash_key'");
        Ok(key.fetch_one(&self.pool).await?)
    }
}

/// A column that holds JSON.
pub(super) fn json_of<T: DeserializeOwned>(row: &PgRow, column: &str) -> sqlx::Result<T> {
    let text: String = row.try_get(column)?;
    serde_json::from_str(&text).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// What such a column is set to.
pub(super) fn written(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError(error.to_string()))
}

pub(super) fn customer_of(row: &PgRow) -> Result<CustomerId, sqlx::Error> {
    Ok(CustomerId(
        row.try_get::<i64, _>("customer")?.cast_unsigned(),
    ))
}
