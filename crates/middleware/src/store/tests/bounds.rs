//! How much is kept, and a file that cannot be written.

use gateway::{Actor, Begun, Journal};
use protocol::CustomerId;
use sqlx::Executor;

use super::{FAR, MAYA, store};
use crate::store::sqlite::options;
use crate::store::{Outbox, SqliteStore, Store};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// A finished change of 100 kilobytes, which wrote upstream or did not.
async fn finished(store: &SqliteStore, customer: CustomerId, key: &str, wrote: bool, at_ms: i64) {
    let intent = "x".repeat(100_000);
    let begun = store
        .begin(customer, key, &intent, &Actor::Customer, at_ms)
        .await;
    assert_eq!(begun, Ok(Begun::New), "{key}");
    if wrote {
        store.note(customer, key, "proof").await.unwrap();
    }
    store.finish(customer, key, "done", at_ms).await.unwrap();
}

async fn keys(store: &SqliteStore, customer: CustomerId) -> Vec<String> {
    let all = store.history(customer, i64::MAX, 10_000).await.unwrap();
    all.into_iter().rev().map(|entry| entry.key).collect()
}

#[tokio::test]
async fn s51_nothing_that_a_customer_sends_locks_them_out_and_the_oldest_changes_go_first() {
    let (_folder, store) = store().await;
    store
        .begin(MAYA, "open", "{}", &Actor::Customer, 0)
        .await
        .unwrap();
    for day in 0..60 {
        finished(
            &store,
            MAYA,
            &format!("{day:02}"),
            day % 2 == 0,
            day * DAY_MS,
        )
        .await;
    }
    let left = keys(&store, MAYA).await;
    assert_eq!(left.len(), 20, "two megabytes: {left:?}");
    assert_eq!((left[0].as_str(), left[19].as_str()), ("40", "59"));
    assert_eq!(store.open(Some(MAYA)).await.unwrap().len(), 1);
    assert_eq!(
        store
            .begin(FAR, "of another", "{}", &Actor::Customer, 1)
            .await,
        Ok(Begun::New)
    );
}

#[tokio::test]
async fn s51_a_flood_of_refused_changes_is_bounded_at_once_and_no_written_key_is_forgotten() {
    let (_folder, store) = store().await;
    for n in 0..30 {
        finished(&store, MAYA, &format!("written {n:02}"), true, n).await;
    }
    for n in 0..50 {
        finished(&store, MAYA, &format!("refused {n:02}"), false, 100 + n).await;
    }
    let left = keys(&store, MAYA).await;
    let written = left.iter().filter(|key| key.starts_with("written")).count();
    assert_eq!(written, 30, "their keys may still be asked for");
    assert!(left.len() <= 30 + 20, "{}", left.len());
    // Minutes later nobody asks for them any more.
    finished(&store, MAYA, "later", true, 11 * MINUTE_MS).await;
    assert!(keys(&store, MAYA).await.len() <= 20);
}

#[tokio::test]
async fn s51_the_journal_is_bounded_in_all() {
    let (_folder, store) = store().await;
    for id in 0..30 {
        let at_ms = i64::try_from(id).unwrap();
        finished(&store, CustomerId(id), "key", true, at_ms).await;
    }
    store.trim_to(1_000_000, MINUTE_MS).await.unwrap();
    assert_eq!(
        keys(&store, CustomerId(0)).await.len(),
        1,
        "too young to go"
    );
    store.trim_to(1_000_000, DAY_MS).await.unwrap();
    assert_eq!(keys(&store, CustomerId(0)).await.len(), 0);
    assert_eq!(keys(&store, CustomerId(29)).await.len(), 1);
}

#[tokio::test]
async fn s52_a_full_disk_is_not_ready_and_lets_no_change_begin() {
    let (_folder, store) = store().await;
    store.ping().await.unwrap();
    // The smallest that the file can be: SQLite then says that the disk is full.
    store
        .writer
        .execute("PRAGMA max_page_count = 1")
        .await
        .unwrap();
    let full = store.ping().await.unwrap_err();
    assert!(full.0.contains("full"), "{full}");
    let large = "x".repeat(100_000);
    assert!(
        store
            .begin(MAYA, "key", &large, &Actor::Customer, 1)
            .await
            .is_err()
    );
    assert!(store.add("job", &large, 1).await.is_err());
    let more = "PRAGMA max_page_count = 100000";
    store.writer.execute(more).await.unwrap();
    store.ping().await.unwrap();
}

#[tokio::test]
async fn s52_a_read_only_file_is_not_ready() {
    let (folder, store) = store().await;
    store.close().await;
    let options = options(&folder.path().join("portal.db")).read_only(true);
    let store = SqliteStore::connect(options, None).await.unwrap();
    let error = store.ping().await.unwrap_err();
    assert!(error.0.contains("readonly"), "{error}");
    assert!(
        store
            .begin(MAYA, "key", "{}", &Actor::Customer, 1)
            .await
            .is_err()
    );
}
