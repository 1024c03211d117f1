//! Exactly once: every operation, whatever happens to its answer.

use protocol::*;
use sandbox::{Effect, Fault, Scenario};

use crate::samples::{altered, world_for, writing};
use crate::world::{World, uuid};

/// The write of an operation, whichever of its calls it takes.
pub(crate) fn on_write(operation: Operation, effect: Effect, times: u32) -> Fault {
    // The samples keep the payment method that the address has, so paying is the first write.
    let nth = usize::from(operation == Operation::ProcessDelivery);
    let method = gateway::row(operation).writes[nth]
        .split(' ')
        .next()
        .unwrap()
        .to_owned();
    Fault {
        method: Some(method),
        path: String::new(),
        effect,
        times,
    }
}

/// The writes that were sent, with or without effect.
fn sent(world: &World) -> usize {
    world
        .log()
        .iter()
        .filter(|entry| entry.method != "GET")
        .count()
}

/// Whether upstream is said to have done nothing and to be worth another try.
pub(crate) fn is_unavailable(outcome: &Outcome) -> bool {
    let unavailable = |part: &Part| {
        matches!(
            &part.state,
            PartState::Refused {
                reason: Refusal::Unavailable,
                ..
            }
        )
    };
    outcome.parts.iter().any(unavailable)
}

/// Runs a case for every operation that writes upstream. Each sample needs one write.
macro_rules! for_every_operation {
    ($($(#[$meta:meta])* async fn $name:ident($operation:ident, $world:ident, $intent:ident) $body:block)+) => {$(
        $(#[$meta])*
        #[tokio::test]
        async fn $name() {
            for $operation in writing() {
                let ($world, $intent) = world_for($operation).await;
                let case = async { $body };
                case.await;
            }
        }
    )+};
}

for_every_operation! {
    async fn a_plain_change_has_one_effect_and_the_inverse_that_its_row_names(operation, world, intent) {
        let outcome = world.change(1, intent).await.unwrap();
        assert!(outcome.is_done(), "{operation:?}: {outcome:?}");
        assert_eq!(world.effects().len(), 1, "{operation:?}");
        let row = gateway::row(operation);
        assert_eq!(outcome.undo.map(|undo| undo.intent().unwrap().operation()), row.inverse, "{operation:?}");
        assert_eq!(outcome.stale, row.stale, "{operation:?}");
        assert!(!outcome.reference.is_empty());
        for write in world.effects() {
            let of_kind = |word: &str| if word.parse::<u64>().is_ok() { "{id}".into() } else { word.to_owned() };
            let call = write.split('/').map(of_kind).collect::<Vec<_>>().join("/");
            assert!(row.writes.contains(&call.as_str()), "{operation:?} made {call}");
        }
    }

    async fn s31_the_same_key_answers_again_what_it_answered(operation, world, intent) {
        let first = world.change(1, intent.clone()).await.unwrap();
        let second = world.change(1, intent).await.unwrap();
        assert_eq!(first, second, "{operation:?}");
        assert_eq!(world.effects().len(), 1, "{operation:?}");
    }

    async fn s31_the_same_key_with_another_body_is_a_conflict(operation, world, intent) {
        world.change(1, intent.clone()).await.unwrap();
        let problem = world.change(1, altered(&intent)).await.unwrap_err();
        assert_eq!((problem.kind, problem.status), (ProblemKind::KeyReused, 409), "{operation:?}");
        assert_eq!(world.effects().len(), 1, "{operation:?}");
    }

    async fn s31_two_at_once_under_one_key_run_one(operation, world, intent) {
        let (one, two) = tokio::join!(world.change(1, intent.clone()), world.change(1, intent));
        assert_eq!(one.unwrap(), two.unwrap(), "{operation:?}");
        assert_eq!(sent(&world), 1, "{operation:?}");
    }

    async fn s31_after_a_restart_the_key_still_answers_the_same(operation, world, intent) {
        let first = world.change(1, intent.clone()).await.unwrap();
        let again = world.restarted().change(world.customer, &uuid(1), intent).await.unwrap();
        assert_eq!(first, again, "{operation:?}");
        assert_eq!(world.effects().len(), 1, "{operation:?}");
    }

    async fn s32_an_answer_lost_after_the_effect_is_read_back_as_done(operation, world, intent) {
        world.fault(on_write(operation, Effect::LoseAfter, 1));
        let outcome = world.change(1, intent).await.unwrap();
        assert!(outcome.is_done(), "{operation:?}: {outcome:?}");
        assert_eq!((sent(&world), world.effects().len()), (1, 1), "{operation:?}");
        assert_eq!(outcome.undo.map(|u| u.intent().unwrap().operation()), gateway::row(operation).inverse);
    }

    async fn s32_an_answer_lost_before_the_effect_is_not_done_and_never_sent_again(operation, world, intent) {
        world.fault(on_write(operation, Effect::LoseBefore, 1));
        let began_ms = world.clock.now_ms();
        let outcome = world.change(1, intent.clone()).await.unwrap();
        assert!(is_unavailable(&outcome), "{operation:?}: {outcome:?}");
        assert_eq!((sent(&world), world.effects().len()), (1, 0), "{operation:?}");
        let waited_ms = world.clock.now_ms() - began_ms;
        assert!(waited_ms >= i64::try_from(world.policy.write_window_ms).unwrap(), "{waited_ms}");
        assert_eq!(world.change(1, intent.clone()).await.unwrap(), outcome, "{operation:?}");
        assert!(world.change(2, intent).await.unwrap().is_done(), "{operation:?}");
        assert_eq!(world.effects().len(), 1, "{operation:?}");
    }

    async fn s32_an_effect_that_comes_late_is_still_found(operation, world, intent) {
        world.door.does_writes_later(5_000);
        let outcome = world.change(1, intent).await.unwrap();
        assert!(outcome.is_done(), "{operation:?}: {outcome:?}");
        assert_eq!(world.effects().len(), 1, "{operation:?}");
    }

    async fn s32_a_success_that_is_not_json_is_read_back(operation, world, intent) {
        world.fault(on_write(operation, Effect::NotJson, 1));
        let outcome = world.change(1, intent).await.unwrap();
        assert!(outcome.is_done(), "{operation:?}: {outcome:?}");
        assert_eq!((sent(&world), world.effects().len()), (1, 1), "{operation:?}");
    }

    async fn s33_a_server_error_is_read_back_and_not_sent_again(operation, world, intent) {
        for status in [500, 502, 503, 504] {
            world.clear_log();
            world.fault(on_write(operation, Effect::Status(status), 1));
            let outcome = world.change(u32::from(status), intent.clone()).await.unwrap();
            assert!(is_unavailable(&outcome), "{operation:?} {status}: {outcome:?}");
            assert_eq!((sent(&world), world.effects().len()), (1, 0), "{operation:?} {status}");
        }
    }

    async fn s33_a_rate_limit_had_no_effect_and_the_key_may_try_again(operation, world, intent) {
        world.fault(on_write(operation, Effect::Status(429), 1));
        let outcome = world.change(1, intent.clone()).await.unwrap();
        assert!(is_unavailable(&outcome), "{operation:?}: {outcome:?}");
        assert_eq!(world.effects().len(), 0);
        assert!(world.change(1, intent).await.unwrap().is_done(), "{operation:?}");
        assert_eq!(world.effects().len(), 1, "{operation:?}");
    }

    async fn s34_a_conflict_is_waited_out_and_planned_anew(operation, world, intent) {
        world.fault(on_write(operation, Effect::Status(409), 2));
        let outcome = world.change(1, intent).await.unwrap();
        assert!(outcome.is_done(), "{operation:?}: {outcome:?}");
        assert_eq!((sent(&world), world.effects().len()), (3, 1), "{operation:?}");
        // Between two tries the state is read again.
        let writes: Vec<usize> = (0..).zip(world.log()).filter(|(_, e)| e.method != "GET").map(|(at, _)| at).collect();
        assert!(writes.windows(2).all(|two| two[1] - two[0] > 1), "{operation:?}: {writes:?}");
    }

    async fn s34_a_conflict_that_stays_ends_after_three_tries_within_the_deadline(operation, world, intent) {
        world.fault(on_write(operation, Effect::Status(409), 99));
        let began_ms = world.clock.now_ms();
        let outcome = world.change(1, intent).await.unwrap();
        assert!(is_unavailable(&outcome), "{operation:?}: {outcome:?}");
        assert_eq!((sent(&world), world.effects().len()), (3, 0), "{operation:?}");
        assert!(world.clock.now_ms() - began_ms <= 10_000, "{operation:?}");
    }

    async fn s14_a_switched_off_operation_is_refused_and_not_offered_as_undo(operation, world, intent) {
        let mut policy = world.policy.clone();
        policy.allowed.remove(&operation);
        let without = world.under(policy);
        let problem = without.change(world.customer, &uuid(1), intent.clone()).await.unwrap_err();
        assert_eq!((problem.kind, problem.status), (ProblemKind::SwitchedOff, 403), "{operation:?}");
        assert!(world.log().is_empty(), "{operation:?}: not even a read");

        let mut only = world.policy.clone();
        only.allowed = [operation].into();
        let outcome = world.under(only).change(world.customer, &uuid(1), intent).await.unwrap();
        assert!(outcome.is_done(), "{operation:?}");
        let kept = gateway::row(operation).inverse.filter(|inverse| *inverse == operation);
        assert_eq!(outcome.undo.map(|undo| undo.intent().unwrap().operation()), kept, "{operation:?}");
    }

    async fn s28_upstreams_words_never_reach_the_browser(operation, world, intent) {
        world.door.bend(|request, response| {
            if request.method.is_read() {
                return Ok(response);
            }
            Ok(recharge::Response {
                status: 422,
                body: Some(serde_json::json!({"errors": {"zzz": ["<img onerror=alert(1)>"]}})),
                retry_after_ms: None,
            })
        });
        let outcome = world.change(1, intent).await.unwrap();
        let refused = PartState::Refused { reason: Refusal::Upstream, fields: vec![] };
        assert_eq!(outcome.parts[0].state, refused, "{operation:?}");
        assert!(!serde_json::to_string(&outcome).unwrap().contains("onerror"));
    }
}

#[tokio::test]
async fn s34_one_customers_changes_run_one_after_another() {
    let (world, intent) = world_for(Operation::UpdateAddress).await;
    let (one, two) = tokio::join!(
        world.change(1, intent.clone()),
        world.change(2, altered(&intent))
    );
    assert!(one.unwrap().is_done() && two.unwrap().is_done());
    assert_eq!(world.door.most_writes_at_once(), 1);
    assert_eq!(world.effects().len(), 2);
}

#[tokio::test]
async fn a_key_that_is_no_uuid_is_refused() {
    let (world, intent) = world_for(Operation::SkipDelivery).await;
    for key in [
        "",
        "1",
        "00000001-0000-4000-8000-00000000000g",
        "00000001-0000-4000-8000-0000000000000",
    ] {
        let problem = world
            .gateway
            .change(world.customer, key, intent.clone())
            .await
            .unwrap_err();
        assert_eq!(problem.kind, ProblemKind::BadRequest, "{key}");
    }
    assert!(world.log().is_empty());
}

#[tokio::test]
async fn a_change_that_is_already_so_writes_nothing_and_is_done() {
    let world = World::new(Scenario::Everyday);
    let addresses: view::Addresses = world.read(Query::Addresses).await;
    let address = &addresses.addresses[0];
    let intent = Intent::UpdateAddress(UpdateAddress {
        address_id: address.id,
        body: address.form.clone(),
    });
    let outcome = world.change(1, intent).await.unwrap();
    assert!(outcome.is_done() && outcome.undo.is_none());
    assert_eq!(sent(&world), 0);
}
