//! Boxes that the customer fills.

use protocol::view::*;
use protocol::*;
use sandbox::Scenario;

use crate::samples::refusal;
use crate::subscriptions::{done, refused};
use crate::world::World;

#[tokio::test]
async fn su15_a_box_takes_as_many_as_its_size_and_only_of_its_collection() {
    let world = World::new(Scenario::Bundles);
    let all: Subscriptions = world.read(Query::Subscriptions).await;
    let mut boxes = Vec::new();
    for card in &all.subscriptions {
        let detail: SubscriptionDetail = world.read(Query::Subscription(card.id)).await;
        boxes.extend(detail.contents.map(|contents| (card.id, contents)));
    }
    assert_eq!(boxes.len(), 2, "two boxes and something else");
    let (subscription_id, contents) = boxes.iter().find(|(_, c)| !c.items.is_empty()).unwrap();
    let fill = |subscription_id: SubscriptionId, items: &[(&str, u32)]| Intent::UpdateBundle {
        subscription_id,
        body: BundleContents {
            items: items
                .iter()
                .map(|(id, quantity)| BoxItem {
                    external_variant_id: (*id).into(),
                    quantity: *quantity,
                })
                .collect(),
        },
    };
    let first = contents.choices[0].external_variant_id.as_str();
    for (at, many) in (0..).zip([0, contents.min - 1, contents.max + 1]) {
        let outcome = world
            .change(at, fill(*subscription_id, &[(first, many)]))
            .await
            .unwrap();
        let fields = vec![("items".to_owned(), FieldProblem::OutOfRange)];
        assert_eq!(refusal(outcome), (Refusal::InvalidFields, fields), "{many}");
    }
    let strange = fill(*subscription_id, &[("1", contents.max)]);
    assert_eq!(refused(&world, 7, strange).await, Refusal::NoLongerSold);

    let outcome = done(&world, 8, fill(*subscription_id, &[(first, contents.max)])).await;
    let now: SubscriptionDetail = world.read(Query::Subscription(*subscription_id)).await;
    assert_eq!(now.contents.unwrap().items[0].quantity, contents.max);
    done(&world, 9, outcome.undo.unwrap().intent().unwrap()).await;
    let back: SubscriptionDetail = world.read(Query::Subscription(*subscription_id)).await;
    assert_eq!(back.contents.as_ref(), Some(contents));

    let (empty, contents) = boxes.iter().find(|(_, c)| c.items.is_empty()).unwrap();
    let outcome = done(&world, 10, fill(*empty, &[(first, contents.max)])).await;
    assert_eq!(
        outcome.undo, None,
        "there is no way back to a box that was never filled"
    );
}
