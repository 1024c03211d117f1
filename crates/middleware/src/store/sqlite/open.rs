//! Opening the file: the lease, the schema, and what is done once.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base::hex;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{SqlSafeStr, query, query_scalar};

use super::database::SqliteStore;
use super::lease::Lease;
use super::{owner_only, scrub};
use crate::config::Mode;
use crate::store::error::StoreError;

/// The schema, step by step. A step that was released is never changed again.
const MIGRATIONS: &[(&str, &str)] = &[
    (
        "initial",
        include_str!("../../../migrations/sqlite/0001_initial.sql"),
    ),
    (
        "bounds and secrets",
        include_str!("../../../migrations/sqlite/0002_bounds_and_secrets.sql"),
    ),
    (
        "bearer tokens",
        include_str!("../../../migrations/sqlite/0003_bearer_tokens.sql"),
    ),
    (
        "sessions by id",
        include_str!("../../../migrations/sqlite/0004_sessions_by_id.sql"),
    ),
    (
        "one-click links",
        include_str!("../../../migrations/sqlite/0005_one_click_links.sql"),
    ),
    (
        "logins",
        include_str!("../../../migrations/sqlite/0006_logins.sql"),
    ),
    (
        "spent tokens",
        include_str!("../../../migrations/sqlite/0007_spent_tokens.sql"),
    ),
    (
        "actors",
        include_str!("../../../migrations/sqlite/0008_actors.sql"),
    ),
    (
        "audit log",
        include_str!("../../../migrations/sqlite/0009_audit_log.sql"),
    ),
    (
        "funnel",
        include_str!("../../../migrations/sqlite/0010_funnel.sql"),
    ),
    (
        "mode",
        include_str!("../../../migrations/sqlite/0011_mode.sql"),
    ),
    (
        "reports",
        include_str!("../../../migrations/sqlite/0012_reports.sql"),
    ),
];
/// How long a write waits while another program has the file. Our own writes wait in a queue
/// instead, in which each of them waits at most [`QUEUE`].
const BUSY: Duration = Duration::from_millis(400);
/// How long a statement waits for a connection.
const QUEUE: Duration = Duration::from_secs(2);
/// Connections that only read.
const READERS: u32 = 4;

impl SqliteStore {
    /// Opens the file at `path` for this process alone, or creates it, and brings its schema up
    /// to date.
    ///
    /// # Errors
    /// Where another process has it, it cannot be created or written, is no database, or was
    /// written by a newer version.
    pub async fn open(path: &Path) -> Result<SqliteStore, StoreError> {
        owner_only::protect(path)
            .map_err(|error| StoreError(format!("{}: {error}", path.display())))?;
        let lease = Lease::take(path)?;
        let store = SqliteStore::connect(options(path), Some(lease)).await?;
        store.migrate(path).await?;
        store.take_over().await?;
        let hash_key = store.hash_key().await?;
        let store = SqliteStore { hash_key, ..store };
        scrub::secrets(&store).await?;
        Ok(store)
    }

    /// Makes the database, the file at `path`, that of a portal in `mode` for good.
    ///
    /// # Errors
    /// Where it is that of the other mode, or cannot be written.
    pub async fn claim(&self, path: &Path, mode: Mode) -> Result<(), StoreError> {
        query("INSERT INTO mode (one, name) VALUES (1, ?) ON CONFLICT DO NOTHING")
            .bind(mode.name())
            .execute(&self.writer)
            .await?;
        let known = query_scalar::<_, String>("SELECT name FROM mode");
        let known = known.fetch_one(&self.writer).await?;
        if known == mode.name() {
            return Ok(());
        }
        Err(StoreError(format!(
            "{} is the database of a portal in {known} mode; name another one for {} mode.",
            path.display(),
            mode.name()
        )))
    }

    /// Opens the file at `path` beside the process that serves from it, for its outbox and
    /// its audit log.
    ///
    /// # Errors
    /// Where it is not there, or was last served from by another version.
    pub async fn beside(path: &Path) -> Result<SqliteStore, StoreError> {
        let options = options(path).create_if_missing(false);
        let store = SqliteStore::connect(options, None).await?;
        let version = query_scalar::<_, i64>("SELECT max(version) FROM _sqlx_migrations");
        let version = version.fetch_one(&store.reader).await;
        if version.ok() == i64::try_from(MIGRATIONS.len()).ok() {
            Ok(store)
        } else {
            Err(StoreError(format!(
                "{} was last served from by another version of this program; use that one, or \
                 start this one's `serve` first.",
                path.display()
            )))
        }
    }

    pub(in crate::store) async fn connect(
        options: SqliteConnectOptions,
        lease: Option<Lease>,
    ) -> Result<SqliteStore, StoreError> {
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(QUEUE)
        };
        // One connection writes, so that our own writes never find the file locked. It comes
        // first, since it may create the file.
        let writer = pool(1).connect_with(options.clone()).await?;
        let reader = pool(READERS).connect_with(options).await?;
        let mut holder = [0; 16];
        getrandom::fill(&mut holder).map_err(|error| StoreError(error.to_string()))?;
        Ok(SqliteStore {
            writer,
            reader,
            lease: lease.map(Arc::new),
            holder: hex(&holder),
            hash_key: Vec::new(),
            effects: None,
        })
    }

    async fn migrate(&self, path: &Path) -> Result<(), StoreError> {
        let numbered = (1..).zip(MIGRATIONS);
        let steps = numbered.map(|(version, (name, sql))| {
            let kind = MigrationType::Simple;
            Migration::new(version, (*name).into(), kind, sql.into_sql_str(), false)
        });
        let migrator = Migrator::with_migrations(steps.collect());
        let known = MIGRATIONS.len();
        migrator.run(&self.writer).await.map_err(|error| {
            StoreError(match error {
                MigrateError::VersionMissing(version) => format!(
                    "{} was written by a newer version of this program (its schema is {version}, \
                     this version knows {known}). Start the newer version, or put back the \
                     backup from before the upgrade.",
                    path.display()
                ),
                other => format!("{}: the schema cannot be set up: {other}", path.display()),
            })
        })
    }

    /// Makes the open changes of processes before this one's: that they have ended is known,
    /// since this one has the lease.
    pub(in crate::store) async fn take_over(&self) -> Result<(), StoreError> {
        query("UPDATE changes SET holder = ? WHERE outcome IS NULL")
            .bind(&self.holder)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The key of the journal's hashes, made with the database. It stays in it, and is not derived
    /// from a configured secret, since hashes have to be recognized after that was replaced. A
    /// stolen database is no danger to what was hashed: a card token is too long to be guessed,
    /// and a mailed code is good for minutes, once, in one browser.
    async fn hash_key(&self) -> Result<Vec<u8>, StoreError> {
        let mut made = [0; 32];
        getrandom::fill(&mut made).map_err(|error| StoreError(error.to_string()))?;
        query("INSERT INTO settings (name, value) VALUES ('hash_key', ?) ON CONFLICT DO NOTHING")
            .bind(made.as_slice())
            .execute(&self.writer)
            .await?;
        let key = query_scalar("SELECT value FROM settings WHERE name = 'hash_key'");
        Ok(key.fetch_one(&self.writer).await?)
    }
}

pub(in crate::store) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
}

/// Writes something, and finds out whether the file may grow.
pub(super) async fn probe(writer: &SqlitePool) -> Result<(), StoreError> {
    let mut growing = writer.begin().await?;
    query("INSERT INTO probes (pad) VALUES (zeroblob(16384))")
        .execute(&mut *growing)
        .await?;
    // Committed, it would leave free pages, in which the next one finds room.
    growing.rollback().await?;
    query(
        "INSERT INTO settings (name, value) VALUES ('probe', randomblob(8)) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .execute(writer)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::MIGRATIONS;

    #[test]
    fn every_file_of_the_migrations_is_a_step() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        let texts: Vec<String> = files
            .iter()
            .map(|file| std::fs::read_to_string(file).unwrap())
            .collect();
        let steps: Vec<&str> = MIGRATIONS.iter().map(|(_, sql)| *sql).collect();
        assert_eq!(texts, steps);
    }
}
