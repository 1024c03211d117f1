//! The scopes that the token needs are those of the calls that are made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use gateway::{HAND_OVER_SCOPE, Lookup, scopes};
use protocol::{CustomerId, Operation, PaymentMethodId, Query};
use recharge::Customer;
use sandbox::Scenario;

use crate::samples::world_for;
use crate::world::World;

/// The scopes of the calls that a world makes from now on.
fn watched(world: &World) -> Arc<Mutex<BTreeSet<&'static str>>> {
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let noted = Arc::clone(&seen);
    world.door.bend(move |request, response| {
        noted.lock().unwrap().extend(request.scope());
        Ok(response)
    });
    seen
}

#[tokio::test]
async fn the_needed_scopes_are_those_of_all_calls() {
    let mut anyway = BTreeSet::new();
    for scenario in Scenario::ALL {
        if scenario == Scenario::Large {
            continue;
        }
        let world = World::new(scenario);
        let seen = watched(&world);
        world.all_views().await;
        world.text(&Query::Export).await;
        let lookup = Lookup::External("1".into());
        world.gateway.find_customer(lookup).await.unwrap();
        anyway.append(&mut seen.lock().unwrap());
    }
    let mut by_scope: BTreeMap<&str, BTreeSet<Operation>> = BTreeMap::new();
    for operation in Operation::ALL {
        let (world, intent) = world_for(*operation).await;
        let seen = watched(&world);
        let _ = world.gateway.preview(world.customer, &intent).await;
        let _ = world.change(1, intent).await;
        for scope in seen.lock().unwrap().iter() {
            by_scope.entry(scope).or_default().insert(*operation);
        }
    }
    // `everyday` has no card that is changed by a link.
    let link = Customer::send_payment_link(CustomerId(1), PaymentMethodId(1), None);
    let scope = link.scope().unwrap();
    by_scope
        .entry(scope)
        .or_default()
        .insert(Operation::SendPaymentLink);
    let all: BTreeSet<Operation> = Operation::ALL.iter().copied().collect();
    let used: BTreeSet<&str> = by_scope.keys().copied().chain(anyway.clone()).collect();
    assert_eq!(scopes(&all), used);
    // A scope that only one action needs is not asked for where that action is off.
    for (scope, operations) in by_scope {
        let without = &all - &operations;
        let alone = operations.len() == 1 && !anyway.contains(scope);
        assert_eq!(
            !scopes(&without).contains(scope),
            alone,
            "{scope}: {operations:?}"
        );
    }

    let world = World::new(Scenario::Everyday);
    let seen = watched(&world);
    let _ = world.gateway.hosted_portal_link(world.customer, None).await;
    assert_eq!(*seen.lock().unwrap(), BTreeSet::from([HAND_OVER_SCOPE]));
}
