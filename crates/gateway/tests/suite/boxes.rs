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

#[tokio::test]
async fn su15_more_than_can_be_counted_is_too_many() {
    let world = World::new(Scenario::Bundles);
    let sample = crate::samples::subscriptions::sample(&world, Operation::UpdateBundle).await;
    let Intent::UpdateBundle {
        subscription_id, ..
    } = sample
    else {
        panic!("{sample:?}")
    };
    let detail: SubscriptionDetail = world.read(Query::Subscription(subscription_id)).await;
    let contents = detail.contents.unwrap();
    let item = |at: usize, quantity| BoxItem {
        external_variant_id: contents.choices[at].external_variant_id.clone(),
        quantity,
    };
    // One after the other, these come to what the box takes.
    for (key, items) in (0..).zip([
        vec![item(0, u32::MAX), item(1, contents.max + 1)],
        vec![item(0, u32::MAX), item(0, contents.max + 1)],
    ]) {
        let body = BundleContents { items };
        let intent = Intent::UpdateBundle {
            subscription_id,
            body,
        };
        let outcome = world.change(key, intent).await.unwrap();
        let fields = vec![("items".to_owned(), FieldProblem::OutOfRange)];
        assert_eq!(refusal(outcome), (Refusal::InvalidFields, fields));
    }
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn su15_what_two_collections_of_a_box_have_is_one_choice() {
    let world = World::new(Scenario::Bundles);
    world.door.bend(|_, mut response| {
        let body = response.body.as_mut();
        let sizes = body.and_then(|body| {
            body.pointer_mut("/subscription/include/bundle_product/variants")?
                .as_array_mut()
        });
        for size in sizes.into_iter().flatten() {
            let sources = size["option_sources"].as_array_mut().unwrap();
            sources.extend(sources.clone());
        }
        Ok(response)
    });
    let all: Subscriptions = world.read(Query::Subscriptions).await;
    let mut boxes = 0;
    for card in &all.subscriptions {
        let detail: SubscriptionDetail = world.read(Query::Subscription(card.id)).await;
        let Some(contents) = detail.contents else {
            continue;
        };
        let variants = contents.choices.iter();
        let mut variants: Vec<&str> = variants
            .map(|choice| choice.external_variant_id.as_str())
            .collect();
        let offered = variants.len();
        variants.sort_unstable();
        variants.dedup();
        assert_eq!(variants.len(), offered);
        boxes += 1;
    }
    assert!(boxes > 0);
}
