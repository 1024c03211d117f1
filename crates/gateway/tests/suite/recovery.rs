//! What happens to a change whose process ends, whose answer stays lost, or whose journal fails.

use std::sync::atomic::Ordering;

use base::BoxFuture;
use gateway::{Actor, Begun, Entry, Journal, JournalError, MemoryJournal};
use protocol::*;
use sandbox::{Effect, Fault};

use crate::once::is_unavailable;
use crate::samples::{sample, world_for, writing};
use crate::world::{World, uuid};

/// Starts a change and ends its process when nothing moves any more.
async fn killed(world: &World, key: u32, intent: Intent) {
    tokio::select! {
        outcome = world.change(key, intent) => panic!("it answered: {outcome:?}"),
        () = async { for _ in 0..200 { tokio::task::yield_now().await } } => {}
    }
}

#[tokio::test]
async fn s31_a_process_killed_between_write_and_answer_leaves_one_effect() {
    for operation in writing() {
        let (world, intent) = world_for(operation).await;
        world.door.hangs_after_writes.store(true, Ordering::SeqCst);
        killed(&world, 1, intent.clone()).await;
        world.door.hangs_after_writes.store(false, Ordering::SeqCst);

        let restarted = world.restarted();
        assert_eq!(restarted.resolve().await, 0, "{operation:?}");
        let outcome = restarted
            .change(world.customer, &uuid(1), intent)
            .await
            .unwrap();
        assert!(outcome.is_done(), "{operation:?}: {outcome:?}");
        assert_eq!(world.effects().len(), 1, "{operation:?}");
    }
}

#[tokio::test]
async fn s31_the_same_key_finds_out_by_itself_after_a_kill() {
    for operation in writing() {
        let (world, intent) = world_for(operation).await;
        world.door.hangs_after_writes.store(true, Ordering::SeqCst);
        killed(&world, 1, intent.clone()).await;
        world.door.hangs_after_writes.store(false, Ordering::SeqCst);

        let outcome = world
            .restarted()
            .change(world.customer, &uuid(1), intent)
            .await
            .unwrap();
        assert!(outcome.is_done(), "{operation:?}: {outcome:?}");
        assert_eq!(
            outcome.undo.map(|u| u.intent().unwrap().operation()),
            gateway::row(operation).inverse
        );
        assert_eq!(world.effects().len(), 1, "{operation:?}");
    }
}

#[tokio::test]
async fn s32_a_write_that_may_still_happen_holds_changes_of_the_same_things_and_no_others() {
    for operation in writing() {
        let (world, intent) = world_for(operation).await;
        world.door.hangs_before_writes.store(true, Ordering::SeqCst);
        killed(&world, 1, intent.clone()).await;
        world
            .door
            .hangs_before_writes
            .store(false, Ordering::SeqCst);

        let restarted = world.restarted();
        assert_eq!(
            restarted.resolve().await,
            1,
            "{operation:?}: it may still happen"
        );
        let same = restarted
            .change(world.customer, &uuid(2), intent.clone())
            .await;
        assert_eq!(
            same.unwrap_err().kind,
            ProblemKind::StillChecking,
            "{operation:?}"
        );
        let mut others = Vec::new();
        for (key, other) in [
            (4, Operation::UpdateCustomer),
            (5, Operation::SetShippingMethod),
        ] {
            let other = sample(&world, other).await;
            others.push(restarted.change(world.customer, &uuid(key), other).await);
        }
        let goes_on = |other: &Result<Outcome, Problem>| matches!(other, Ok(one) if one.is_done());
        assert!(others.iter().any(goes_on), "{operation:?}: {others:?}");
        world.clear_log();

        world
            .clock
            .advance(i64::try_from(world.policy.write_window_ms).unwrap());
        assert_eq!(
            restarted.resolve().await,
            0,
            "{operation:?}: now it cannot any more"
        );
        assert_eq!(world.effects().len(), 0, "{operation:?}");
        let told = restarted
            .change(world.customer, &uuid(1), intent.clone())
            .await
            .unwrap();
        assert!(is_unavailable(&told), "{operation:?}: {told:?}");
        let again = restarted
            .change(world.customer, &uuid(3), intent)
            .await
            .unwrap();
        assert!(again.is_done(), "{operation:?}: {again:?}");
        assert_eq!(world.effects().len(), 1, "{operation:?}");
    }
}

#[tokio::test]
async fn s32_while_upstream_cannot_be_read_the_answer_is_unknown_and_later_the_truth() {
    for operation in writing() {
        let (world, intent) = world_for(operation).await;
        world.fault(Fault::once("POST", "", Effect::LoseAfter));
        world.fault(Fault::once("PUT", "", Effect::LoseAfter));
        let (door, before) = (std::sync::Arc::clone(&world.door), world.door.writes());
        world.door.bend(move |_, response| {
            if door.writes() == before {
                Ok(response)
            } else {
                Err(recharge::NoAnswer::Lost)
            }
        });
        let outcome = world.change(1, intent.clone()).await.unwrap();
        assert_eq!(outcome.parts[0].state, PartState::Unknown, "{operation:?}");
        assert_eq!(world.gateway.resolve().await, 1, "{operation:?}");

        world.door.bend(|_, response| Ok(response));
        assert_eq!(world.gateway.resolve().await, 0, "{operation:?}");
        let outcome = world.change(1, intent).await.unwrap();
        assert!(outcome.is_done(), "{operation:?}: {outcome:?}");
        assert_eq!(world.effects().len(), 1, "{operation:?}");
    }
}

#[tokio::test]
async fn a_change_that_was_begun_and_never_written_may_be_made_again() {
    let (world, intent) = world_for(Operation::CancelSubscription).await;
    let json = serde_json::to_string(&intent).unwrap();
    let now_ms = world.clock.now_ms();
    world
        .journal
        .begin(world.customer, &uuid(1), &json, &Actor::Customer, now_ms)
        .await
        .unwrap();
    assert!(world.change(1, intent).await.unwrap().is_done());

    world
        .journal
        .begin(world.customer, &uuid(2), &json, &Actor::Customer, now_ms)
        .await
        .unwrap();
    let open = async || world.journal.open(None).await.unwrap().len();
    assert_eq!((open().await, world.gateway.resolve().await), (1, 0));
    assert_eq!(open().await, 0, "nobody is at work on it");
    assert_eq!(world.effects().len(), 1);
}

/// A journal whose disk is full, from its first verb on or from the second.
struct Broken {
    inner: MemoryJournal,
    begins: bool,
}

impl Journal for Broken {
    fn hash(&self, secret: &str) -> String {
        self.inner.hash(secret)
    }

    fn begin<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
        intent: &'a str,
        actor: &'a Actor,
        now_ms: i64,
    ) -> BoxFuture<'a, Result<Begun, JournalError>> {
        if self.begins {
            self.inner.begin(customer, key, intent, actor, now_ms)
        } else {
            Box::pin(std::future::ready(Err(JournalError)))
        }
    }

    fn note<'a>(
        &'a self,
        _: CustomerId,
        _: &'a str,
        _: &'a str,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(std::future::ready(Err(JournalError)))
    }

    fn finish<'a>(
        &'a self,
        _: CustomerId,
        _: &'a str,
        _: &'a str,
        _: i64,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(std::future::ready(Err(JournalError)))
    }

    fn record<'a>(&'a self, _: &'a Entry) -> BoxFuture<'a, Result<bool, JournalError>> {
        Box::pin(std::future::ready(Err(JournalError)))
    }

    fn forget<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        self.inner.forget(customer, key)
    }

    fn open(
        &self,
        customer: Option<CustomerId>,
    ) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>> {
        self.inner.open(customer)
    }

    fn history(
        &self,
        customer: CustomerId,
        before_ms: i64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>> {
        self.inner.history(customer, before_ms, most)
    }

    fn set_fact<'a>(
        &'a self,
        _: CustomerId,
        _: &'a str,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(std::future::ready(Err(JournalError)))
    }

    fn facts(
        &self,
        customer: CustomerId,
    ) -> BoxFuture<'_, Result<Vec<(String, String)>, JournalError>> {
        self.inner.facts(customer)
    }
}

#[tokio::test]
async fn s43_without_its_journal_nothing_is_written() {
    for operation in writing() {
        for begins in [false, true] {
            let (world, intent) = world_for(operation).await;
            let inner = MemoryJournal::default();
            for (name, value) in world.journal.facts(world.customer).await.unwrap() {
                let kept = inner.set_fact(world.customer, &name, Some(&value));
                kept.await.unwrap();
            }
            let journal = Broken { inner, begins };
            let gateway = world.over(std::sync::Arc::new(journal));
            let problem = gateway
                .change(world.customer, &uuid(1), intent)
                .await
                .unwrap_err();
            assert_eq!(
                (problem.kind, problem.status),
                (ProblemKind::Internal, 500),
                "{operation:?}"
            );
            assert!(
                world.log().iter().all(|entry| entry.method == "GET"),
                "{operation:?}"
            );
        }
    }
}
