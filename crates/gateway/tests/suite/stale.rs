//! Which views a change makes stale.

use protocol::*;

use crate::samples::world_for;
use crate::world::World;

#[tokio::test]
async fn every_view_that_a_change_alters_is_named_as_stale() {
    let mut unnamed = Vec::new();
    for operation in Operation::ALL.iter().copied() {
        let (world, intent) = world_for(operation).await;
        let before = world.all_views().await;
        let outcome = world.change(1, intent).await.unwrap();
        // By then the store has worked the change into its charges.
        world.clock.advance(30_000);
        // One that has cached nothing.
        let world = World {
            gateway: world.restarted(),
            ..world
        };
        for (query, view) in before {
            let is_named = match query.resource() {
                Some(resource) => outcome.stale.contains(&resource),
                // Every change is in both.
                None => matches!(query, Query::Changes { .. } | Query::Export),
            };
            if !is_named && world.text(&query).await != view {
                unnamed.push(format!("{operation:?}: {query:?}"));
            }
        }
    }
    assert!(unnamed.is_empty(), "{unnamed:#?}");
}
