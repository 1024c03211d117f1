//! What an answer says was done is what was done, and nothing is remembered that did not happen.

use gateway::Journal;
use protocol::view::Addresses;
use protocol::*;
use sandbox::{Effect, Scenario};

use crate::once::on_write;
use crate::samples::{new_card, refusal, sample, world_for};
use crate::world::World;

/// One world for every operation's sample, and one in which a card is added for all addresses.
const WORLDS: std::ops::RangeInclusive<usize> = 0..=Operation::ALL.len();

async fn world(at: usize) -> (World, Intent) {
    match Operation::ALL.get(at) {
        Some(Operation::SendPaymentLink) => {
            let world = World::new(Scenario::ShopifyCheckout);
            let send = sample(&world, Operation::SendPaymentLink).await;
            (world, send)
        }
        Some(operation) => world_for(*operation).await,
        None => {
            let world = World::new(Scenario::Everyday);
            let addresses: Addresses = world.read(Query::Addresses).await;
            let ids = addresses.addresses.iter().map(|address| address.id);
            let card = new_card("pm_visa_4242_new", ids.collect());
            (world, card)
        }
    }
}

#[tokio::test]
async fn parts_say_what_was_done_whichever_write_is_refused() {
    let mut tried = 0;
    for at in WORLDS {
        for nth in 1.. {
            let (world, intent) = world(at).await;
            world.clear_log();
            world.door.refuses_write(nth);
            let outcome = world.change(1, intent.clone()).await.unwrap();
            if outcome.is_done() {
                break;
            }
            tried += 1;
            let is_done = |part: &&Part| part.state == PartState::Done;
            let told = outcome.parts.iter().filter(is_done).count();
            let parts = &outcome.parts;
            assert_eq!(
                told,
                world.effects().len(),
                "write {nth} of {intent:?}: {parts:?}"
            );
        }
    }
    assert!(tried >= 40, "{tried}");
}

/// What is remembered of the customer.
async fn facts(world: &World) -> Vec<(String, String)> {
    world.journal.facts(world.customer).await.unwrap()
}

#[tokio::test]
async fn nothing_is_remembered_of_a_write_that_did_not_happen() {
    let mut remembering = 0;
    for at in WORLDS {
        let (clean, intent) = world(at).await;
        let operation = intent.operation();
        if gateway::row(operation).writes.is_empty() {
            continue;
        }
        let before = facts(&clean).await;
        assert!(clean.change(1, intent).await.unwrap().is_done());
        if facts(&clean).await == before {
            continue;
        }
        remembering += 1;
        for effect in [Effect::Status(422), Effect::Status(500), Effect::LoseBefore] {
            let (world, intent) = world(at).await;
            let before = facts(&world).await;
            world.fault(on_write(operation, effect, 1));
            world.clear_log();
            let outcome = world.change(1, intent.clone()).await.unwrap();
            assert!(!outcome.is_done(), "{operation:?} {effect:?}");
            assert_eq!(world.effects(), Vec::<String>::new(), "{operation:?}");
            assert_eq!(facts(&world).await, before, "{operation:?} {effect:?}");
            let again = world.change(2, intent).await.unwrap();
            assert!(again.is_done(), "{operation:?} {effect:?}: {again:?}");
        }
    }
    assert!(remembering >= 4, "{remembering}");
}

#[tokio::test]
async fn pm3_a_link_that_may_not_have_been_sent_is_not_said_to_be() {
    let at = Operation::ALL
        .iter()
        .position(|one| *one == Operation::SendPaymentLink);
    let (world, send) = world(at.unwrap()).await;
    world.fault(on_write(Operation::SendPaymentLink, Effect::LoseAfter, 1));
    let outcome = world.change(1, send).await.unwrap();
    assert_eq!(refusal(outcome).0, Refusal::Unconfirmed);
}
