//! The contract that every store keeps, and what the file adds to it.

mod bounds;
mod contract;
#[cfg(unix)]
#[path = "../../tests/suite/support/postgres.rs"]
mod server;
mod turns;
mod upgrade;

use gateway::{Actor, Begun, EntryState, Journal};
use protocol::CustomerId;

use super::{PostgresStore, SqliteStore};

const MAYA: CustomerId = CustomerId(7);
/// Beyond what a signed number holds.
const FAR: CustomerId = CustomerId(u64::MAX);

async fn store() -> (tempfile::TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("portal.db")).await;
    (folder, store.unwrap())
}

#[tokio::test]
async fn a_change_goes_from_open_to_finished_and_survives_a_restart() {
    let (folder, store) = store().await;
    assert_eq!(
        store.begin(FAR, "key", "{1}", &Actor::Customer, 5).await,
        Ok(Begun::New)
    );
    store.note(FAR, "key", "proof").await.unwrap();
    store.close().await;

    let store = SqliteStore::open(&folder.path().join("portal.db"))
        .await
        .unwrap();
    let open = store.open(Some(FAR)).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].customer, open[0].begun_ms), (FAR, 5));
    assert_eq!(
        (open[0].intent.as_str(), open[0].evidence.as_str()),
        ("{1}", "proof")
    );
    assert_eq!(store.open(Some(MAYA)).await, Ok(Vec::new()));

    store.finish(FAR, "key", "done", 9).await.unwrap();
    assert_eq!(store.open(None).await, Ok(Vec::new()));
    let Ok(Begun::Known(entry)) = store.begin(FAR, "key", "{2}", &Actor::Customer, 9).await else {
        panic!("the key is known");
    };
    assert_eq!(entry.state, EntryState::Finished("done".into()));
    assert_eq!(entry.intent, "{1}");
    assert!(
        store.note(FAR, "key", "later").await.is_err(),
        "it is finished"
    );
}

#[tokio::test]
async fn s50_an_open_change_belongs_to_one_process() {
    let (folder, first) = store().await;
    assert_eq!(
        first.begin(MAYA, "key", "{}", &Actor::Customer, 1).await,
        Ok(Begun::New)
    );
    // A second process that the lease did not keep out.
    let options = super::sqlite::options(&folder.path().join("portal.db"));
    let second = SqliteStore::connect(options, None).await.unwrap();
    assert_eq!(
        second.begin(MAYA, "key", "{}", &Actor::Customer, 2).await,
        Ok(Begun::Held)
    );
    assert_eq!(second.open(None).await, Ok(Vec::new()));
    assert!(second.note(MAYA, "key", "proof").await.is_err());
    assert!(second.finish(MAYA, "key", "done", 2).await.is_err());
    second.forget(MAYA, "key").await.unwrap();
    assert_eq!(first.open(None).await.unwrap().len(), 1);

    // One that was taken over writes nothing more.
    second.take_over().await.unwrap();
    assert!(first.note(MAYA, "key", "proof").await.is_err());
    assert_eq!(second.open(None).await.unwrap().len(), 1);
}

/// Runs the contract on a new SQLite file for each check, and on PostgreSQL.
macro_rules! contract {
    ($($name:ident,)+) => {
        $(#[tokio::test]
        async fn $name() {
            let (_folder, store) = store().await;
            contract::$name(store).await;
        })+

        #[tokio::test]
        async fn postgresql_keeps_the_contract() {
            let Some(server) = server::Server::start().await else { return };
            $({
                let store = PostgresStore::open(&server.database().await).await.unwrap();
                contract::$name(store).await;
            })+
        }
    };
}

contract! {
    a_link_is_taken_once_and_in_time,
    a_session_lives_until_it_is_ended,
    a_bearer_token_replaces_those_before_it_and_ends_with_its_session,
    the_sweep_forgets_what_has_expired_and_nothing_else,
    an_open_change_may_be_forgotten_a_finished_one_not,
    of_many_who_begin_the_same_change_one_does,
    a_link_is_not_good_before_it_was_made,
    a_job_is_due_until_it_is_done,
}
