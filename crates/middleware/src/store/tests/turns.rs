//! Several processes over one PostgreSQL database.

use gateway::{Actor, Begun, Journal};

use super::server::Server;
use super::{FAR, MAYA};
use crate::store::{Outbox, PostgresStore};

#[tokio::test]
async fn s50_a_customers_changes_are_for_the_process_that_has_the_turn() {
    let Some(server) = Server::start().await else {
        return;
    };
    let url = server.database().await;
    let first = PostgresStore::open(&url).await.unwrap();
    let second = PostgresStore::open(&url).await.unwrap();
    let turn = first.turn(MAYA, true).await.unwrap();
    assert!(turn.is_some());
    assert!(second.turn(MAYA, false).await.unwrap().is_none());
    assert!(second.turn(FAR, false).await.unwrap().is_some());
    let begun = first.begin(MAYA, "key", "{}", &Actor::Customer, 1).await;
    assert_eq!(begun, Ok(Begun::New));
    first.note(MAYA, "key", "proof").await.unwrap();
    drop(turn);
    // As where the first was stopped meanwhile: what it left is the second's, and it writes no more.
    assert!(second.turn(MAYA, true).await.unwrap().is_some());
    assert!(first.note(MAYA, "key", "later").await.is_err());
    assert!(first.finish(MAYA, "key", "done", 2).await.is_err());
    let begun = second.begin(MAYA, "key", "{}", &Actor::Customer, 3).await;
    assert!(matches!(begun, Ok(Begun::Known(entry)) if entry.evidence == "proof"));
    second.finish(MAYA, "key", "done", 4).await.unwrap();
}

#[tokio::test]
async fn s50_a_job_is_done_by_one_process() {
    let Some(server) = Server::start().await else {
        return;
    };
    let url = server.database().await;
    let first = PostgresStore::open(&url).await.unwrap();
    let second = PostgresStore::open(&url).await.unwrap();
    for number in 0..20 {
        Outbox::add(&first, &number.to_string(), "{}", 1)
            .await
            .unwrap();
    }
    let (some, others) = tokio::join!(first.due(1, 15), second.due(1, 15));
    assert_eq!(some.unwrap().len() + others.unwrap().len(), 20);
    // One that was not done, because its process has ended, is due again.
    assert_eq!(first.due(60_001, 50).await.unwrap().len(), 20);
}
