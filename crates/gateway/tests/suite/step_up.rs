//! What needs a fresh code by email.

use gateway::testing::plain_delivery;
use gateway::{Actor, Caller, Email, StepUp, sample};
use protocol::view::{Proof, Verification};
use protocol::*;
use sandbox::Scenario;

use crate::world::{World, policy, uuid};

const MINUTE_MS: i64 = 60_000;

fn dollar() -> Money {
    Money::from_minor(100, Currency::USD)
}

/// A world in which more than `most` is paid with a code only, and data is exported with one.
fn guarded(most: Money) -> World {
    let step_up = StepUp {
        pay_above: Some(most),
        export: true,
    };
    let policy = gateway::Policy {
        step_up,
        ..policy()
    };
    World::with(Scenario::Everyday, policy)
}

fn caller(world: &World) -> Caller {
    world.customer.into()
}

async fn verify(world: &World, caller: &Caller, code: Option<&str>) -> Verification {
    let code = code.map(Secret::from);
    world.gateway.verify(caller, &Proof { code }).await.unwrap()
}

/// Has the customer prove who they are.
async fn prove(world: &World, caller: &Caller) {
    verify(world, caller, None).await;
    let code = world.post.code();
    assert!(verify(world, caller, Some(&code)).await.verified);
}

async fn pay(world: &World, caller: Caller, key: u32) -> Outcome {
    let pay = sample(world, Operation::ProcessDelivery).await;
    world.gateway.change(caller, &uuid(key), pay).await.unwrap()
}

fn needs_code(outcome: &Outcome) -> bool {
    let reason = PartState::Refused {
        reason: Refusal::CodeNeeded,
        fields: Vec::new(),
    };
    outcome.parts.len() == 1 && outcome.parts[0].state == reason
}

async fn may_export(world: &World, caller: &Caller) -> bool {
    match world.gateway.check_verified(caller, &Query::Export).await {
        Ok(()) => true,
        Err(problem) => {
            assert_eq!(problem.kind, ProblemKind::CodeNeeded);
            false
        }
    }
}

#[tokio::test]
async fn en_11_paying_more_than_the_limit_needs_a_code() {
    let world = guarded(dollar());
    assert!(needs_code(&pay(&world, caller(&world), 1).await));
    assert!(world.effects().is_empty());
    prove(&world, &caller(&world)).await;
    assert!(pay(&world, caller(&world), 2).await.is_done());
}

#[tokio::test]
async fn en_11_the_limit_itself_is_paid_without_a_code() {
    let due = plain_delivery(&guarded(dollar())).await.due.unwrap();
    let world = guarded(due);
    assert!(pay(&world, caller(&world), 1).await.is_done());
}

#[tokio::test]
async fn en_11_whoever_pays_by_a_link_has_proven_who_they_are() {
    let world = guarded(dollar());
    let by_link = Caller {
        actor: Actor::Link,
        ..caller(&world)
    };
    assert!(pay(&world, by_link, 1).await.is_done());
}

#[tokio::test]
async fn en_11_a_proof_counts_for_five_minutes_of_the_session_that_gave_it() {
    let world = guarded(dollar());
    let other = Caller {
        session: "another browser".into(),
        ..caller(&world)
    };
    assert!(!may_export(&world, &caller(&world)).await);
    prove(&world, &caller(&world)).await;
    world.clock.advance(5 * MINUTE_MS - 1);
    assert!(may_export(&world, &caller(&world)).await);
    assert!(!may_export(&world, &other).await);
    world.clock.advance(1);
    assert!(!may_export(&world, &caller(&world)).await);
    // Nothing else needs it.
    let others = [Query::Customer, Query::PaymentMethods];
    for query in others {
        let checked = world.gateway.check_verified(&other, &query).await;
        assert_eq!(checked, Ok(()));
    }
}

#[tokio::test]
async fn en_11_a_code_proves_once_and_not_after_five_wrong_tries() {
    let world = guarded(dollar());
    let caller = caller(&world);
    prove(&world, &caller).await;
    let used = world.post.code();
    let again = verify(&world, &caller, Some(&used)).await;
    assert_eq!(again, Verification::default());

    let asked = verify(&world, &caller, None).await;
    let code = world.post.code();
    let wrong = if code == "000000" { "111111" } else { "000000" };
    for left in (0..asked.awaited.unwrap().tries_left).rev() {
        let state = verify(&world, &caller, Some(wrong)).await;
        let awaited = state.awaited.map(|awaited| awaited.tries_left);
        assert_eq!(
            (state.verified, awaited),
            (false, (left > 0).then_some(left))
        );
    }
    let late = verify(&world, &caller, Some(&code)).await;
    assert_eq!(late, Verification::default());
}

#[tokio::test]
async fn en_11_a_code_is_mailed_to_the_customers_own_address_and_not_twice_within_a_minute() {
    let world = guarded(dollar());
    let caller = caller(&world);
    let state = verify(&world, &caller, None).await;
    verify(&world, &caller, None).await;
    let emails = world.post.emails();
    let [Email::VerificationCode { to, minutes, .. }] = &emails[..] else {
        panic!("{emails:?}");
    };
    let awaited = state.awaited.unwrap();
    assert_eq!((to, *minutes), (&awaited.email, awaited.minutes_left));
    assert_eq!(to, "maya.lindqvist@example.com");
    world.clock.advance(MINUTE_MS);
    verify(&world, &caller, None).await;
    assert_eq!(world.post.emails().len(), 2);
}

#[tokio::test]
async fn en_11_another_browser_neither_uses_a_code_nor_its_tries_up() {
    let world = guarded(dollar());
    let other = Caller {
        session: "another browser".into(),
        ..caller(&world)
    };
    verify(&world, &caller(&world), None).await;
    let code = world.post.code();
    for _ in 0..6 {
        assert!(!verify(&world, &other, Some(&code)).await.verified);
        assert!(!verify(&world, &other, Some("000000")).await.verified);
    }
    assert!(verify(&world, &caller(&world), Some(&code)).await.verified);
}
