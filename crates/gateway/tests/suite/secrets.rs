//! Card tokens and mailed codes go to where they are needed and nowhere else.

use futures_util::FutureExt;
use gateway::{Entry, Journal};
use protocol::*;

use crate::samples::world_for;
use crate::world::{World, uuid};

/// The operations that carry a secret.
fn with_secret() -> impl Iterator<Item = (Operation, &'static str)> {
    let all = Operation::ALL.iter();
    all.filter_map(|operation| Some((*operation, operation.secret()?)))
}

/// The same intent with another secret.
fn with_other(intent: &Intent, field: &str, secret: &str) -> Intent {
    let mut sent = intent.request();
    let mut body: serde_json::Value = serde_json::from_str(&sent.body).unwrap();
    body[field] = secret.into();
    sent.body = body.to_string();
    sent.intent().unwrap()
}

fn entries(world: &World) -> Vec<Entry> {
    let open = world.journal.open(None).now_or_never().unwrap().unwrap();
    let finished = world.journal.history(world.customer, i64::MAX, 1_000);
    let finished = finished.now_or_never().unwrap().unwrap();
    open.into_iter().chain(finished).collect()
}

#[tokio::test]
async fn s47_no_view_export_or_journal_holds_a_secret_that_was_sent() {
    for (operation, field) in with_secret() {
        let (world, intent) = world_for(operation).await;
        let right = intent.secret().unwrap().expose().to_owned();
        let wrong = "wrong-7Q2M9Z";
        let refused = world.change(1, with_other(&intent, field, wrong)).await;
        refused.unwrap();
        let done = world.change(2, intent).await.unwrap();
        assert!(done.is_done(), "{operation:?}: {done:?}");

        let mut seen = format!("{:?} {done:?}", entries(&world));
        for (query, json) in world.all_views().await {
            seen.push_str(&format!("\n{query:?} {json}"));
        }
        let facts = world.journal.facts(world.customer).await.unwrap();
        seen.push_str(&format!("{facts:?}"));
        for secret in [right.as_str(), wrong] {
            let at = seen.find(secret);
            let around = at.map(|at| &seen[at.saturating_sub(200)..at + secret.len()]);
            assert_eq!(around, None, "{operation:?} shows {secret}");
        }
    }
}

#[tokio::test]
async fn s47_a_key_that_was_used_with_another_secret_is_a_conflict() {
    for (operation, field) in with_secret() {
        let (world, intent) = world_for(operation).await;
        let first = world.change(1, intent.clone()).await.unwrap();
        let other = world.change(1, with_other(&intent, field, "other")).await;
        assert_eq!(other.unwrap_err().kind, ProblemKind::KeyReused);
        assert_eq!(world.change(1, intent).await.unwrap(), first);
    }
}

#[tokio::test]
async fn s47_after_a_restart_a_change_is_found_out_about_without_its_secret() {
    for (operation, _) in with_secret() {
        let (world, intent) = world_for(operation).await;
        world
            .door
            .hangs_after_writes
            .store(true, std::sync::atomic::Ordering::SeqCst);
        let key = uuid(1);
        let change = world.gateway.change(world.customer, &key, intent.clone());
        // The process is killed while upstream's answer is on its way, where it asks upstream.
        let killed = tokio::time::timeout(std::time::Duration::from_millis(300), change).await;
        world
            .door
            .hangs_after_writes
            .store(false, std::sync::atomic::Ordering::SeqCst);

        let restarted = world.restarted();
        world.clock.advance(60_000);
        assert_eq!(restarted.resolve().await, 0, "{operation:?}");
        let answer = restarted.change(world.customer, &key, intent).await;
        assert!(answer.unwrap().is_done(), "{operation:?} {killed:?}");
    }
}
