//! Databases of other versions.

use std::path::Path;

use gateway::Journal;
use sqlx::{Connection, Row, SqliteConnection, query};

use super::store;
use crate::config::Mode;
use crate::store::{Outbox, SqliteStore};

/// Made by running the program of commit dff2498: finished changes, refused ones, one whose
/// process was killed, a session, a link, a fact and jobs.
const OLD: &[u8] = include_bytes!("../../../tests/databases/dff2498.db");
/// What it holds and must not.
const SECRETS: [&str; 5] = [
    "pm_visa_4242_markerfinished",
    "pm_mastercard_4444_markeropen",
    "WRONGMARKER",
    "X8N362",
    "2G6FH0",
];
/// What was in its tables, with the columns that there were.
const ROWS: [&str; 5] = [
    "SELECT hex(token) || customer || coalesce(return_url, '') || expires_ms || used FROM links",
    "SELECT hex(token) || customer || begun_ms || seen_ms FROM sessions",
    "SELECT customer || key || evidence || coalesce(outcome, '') || begun_ms FROM changes",
    "SELECT customer || name || value FROM facts",
    "SELECT id || job || since_ms || coalesce(due_ms, '') || tries || coalesce(error, '') FROM outbox",
];

/// The first of these as it is now.
const LINKS: &str = "SELECT hex(token) || customer || coalesce(terms ->> 'return_url', '') || expires_ms || used FROM links";

async fn connection(file: &Path) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn rows(file: &Path, links: &'static str) -> Vec<Vec<String>> {
    let mut connection = connection(file).await;
    let mut all = Vec::new();
    for select in [&[links], &ROWS[1..]].concat() {
        let rows = query(select).fetch_all(&mut connection).await.unwrap();
        all.push(rows.iter().map(|row| row.get::<String, _>(0)).collect());
    }
    // Closed rather than dropped: its files beside the database are gone when this returns.
    connection.close().await.unwrap();
    all
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[tokio::test]
async fn s47_a_database_of_dff2498_is_upgraded_without_its_secrets_and_nothing_else_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("portal.db");
    std::fs::write(&file, OLD).unwrap();
    assert!(SECRETS.iter().all(|secret| holds(OLD, secret)));
    let before = rows(&file, ROWS[0]).await;
    assert!(before.iter().all(|table| !table.is_empty()), "{before:?}");

    let store = SqliteStore::open(&file).await.unwrap();
    let open = store.open(None).await.unwrap();
    assert_eq!(open.len(), 1, "the one that was under way");
    let hash = store.hash(SECRETS[1]);
    assert!(
        open[0].intent.contains(&hash),
        "it can still be found out about"
    );
    let customer = open[0].customer;
    let finished = store.history(customer, i64::MAX, 100).await.unwrap();
    assert_eq!(finished.len() + 1, before[2].len());
    let intents: Vec<&str> = finished.iter().map(|entry| entry.intent.as_str()).collect();
    assert!(
        intents
            .iter()
            .any(|intent| intent.contains("The bag was open."))
    );
    assert_eq!(store.all().await.unwrap().len(), before[4].len());
    store.close().await;

    assert_eq!(rows(&file, LINKS).await, before);
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for secret in SECRETS {
            assert!(!holds(&bytes, secret), "{} holds {secret}", path.display());
        }
    }
    // The second start has nothing left to do.
    SqliteStore::open(&file).await.unwrap();
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_with_what_to_do() {
    let (folder, newer) = store().await;
    newer.close().await;
    let file = folder.path().join("portal.db");
    query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (99, 'of tomorrow', true, x'00', 0)",
    )
    .execute(&mut connection(&file).await)
    .await
    .unwrap();
    let Err(error) = SqliteStore::open(&file).await else {
        panic!("it is newer");
    };
    assert!(error.0.contains("newer version of this program"), "{error}");
    assert!(error.0.contains("backup"), "{error}");
    let Err(beside) = SqliteStore::beside(&file).await else {
        panic!("it is newer");
    };
    assert!(beside.0.contains("another version"), "{beside}");
}

#[tokio::test]
async fn cf_6_a_database_from_before_there_were_modes_is_live() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("portal.db");
    std::fs::write(&file, OLD).unwrap();
    let store = SqliteStore::open(&file).await.unwrap();
    let refused = store.claim(&file, Mode::Test).await.unwrap_err();
    assert!(refused.to_string().contains("in live mode"), "{refused}");
    store.claim(&file, Mode::Live).await.unwrap();
}

#[tokio::test]
async fn cf_6_a_database_stays_in_the_mode_in_which_it_was_first_used() {
    for (first, other) in [(Mode::Test, Mode::Live), (Mode::Live, Mode::Test)] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("portal.db");
        let store = SqliteStore::open(&file).await.unwrap();
        store.claim(&file, first).await.unwrap();
        store.close().await;
        drop(store);
        let store = SqliteStore::open(&file).await.unwrap();
        assert!(store.claim(&file, other).await.is_err());
        store.claim(&file, first).await.unwrap();
    }
}
