//! Boxes that the customer fills.

use protocol::view::*;
use protocol::*;
use sandbox::{Scenario, Settings, Shapes};

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
    let fill = |subscription_id: SubscriptionId, items: &[(&str, u32)]| {
        Intent::UpdateBundle(UpdateBundle {
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
        })
    };
    let first = contents.choices[0].external_variant_id.as_str();
    for (at, many) in (0..).zip([0, contents.ranges[0].min - 1, contents.max().unwrap() + 1]) {
        let outcome = world
            .change(at, fill(*subscription_id, &[(first, many)]))
            .await
            .unwrap();
        let fields = vec![("items".to_owned(), FieldProblem::OutOfRange)];
        assert_eq!(refusal(outcome), (Refusal::InvalidFields, fields), "{many}");
    }
    let strange = fill(*subscription_id, &[("1", contents.max().unwrap())]);
    assert_eq!(refused(&world, 7, strange).await, Refusal::NoLongerSold);

    let outcome = done(
        &world,
        8,
        fill(*subscription_id, &[(first, contents.max().unwrap())]),
    )
    .await;
    let now: SubscriptionDetail = world.read(Query::Subscription(*subscription_id)).await;
    assert_eq!(
        now.contents.unwrap().items[0].quantity,
        contents.max().unwrap()
    );
    done(&world, 9, outcome.undo.unwrap().intent().unwrap()).await;
    let back: SubscriptionDetail = world.read(Query::Subscription(*subscription_id)).await;
    assert_eq!(back.contents.as_ref(), Some(contents));

    let (empty, contents) = boxes.iter().find(|(_, c)| c.items.is_empty()).unwrap();
    let outcome = done(
        &world,
        10,
        fill(*empty, &[(first, contents.max().unwrap())]),
    )
    .await;
    assert_eq!(
        outcome.undo, None,
        "there is no way back to a box that was never filled"
    );
}

#[tokio::test]
async fn su15_more_than_can_be_counted_is_too_many() {
    let world = World::new(Scenario::Bundles);
    let sample = crate::samples::sample(&world, Operation::UpdateBundle).await;
    let Intent::UpdateBundle(UpdateBundle {
        subscription_id, ..
    }) = sample
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
        vec![item(0, u32::MAX), item(1, contents.max().unwrap() + 1)],
        vec![item(0, u32::MAX), item(0, contents.max().unwrap() + 1)],
    ]) {
        let body = BundleContents { items };
        let intent = Intent::UpdateBundle(UpdateBundle {
            subscription_id,
            body,
        });
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

/// The boxes of a customer, in the given shapes of the store's answers.
async fn boxes(world: &World) -> Vec<(SubscriptionId, BoxContents)> {
    let all: Subscriptions = world.read(Query::Subscriptions).await;
    let mut boxes = Vec::new();
    for card in &all.subscriptions {
        let detail: SubscriptionDetail = world.read(Query::Subscription(card.id)).await;
        boxes.extend(detail.contents.map(|contents| (card.id, contents)));
    }
    boxes
}

#[tokio::test]
async fn su15_a_box_is_the_same_in_all_the_shapes_that_clients_have_seen() {
    let mut seen = Vec::new();
    for shapes in [Shapes::Published, Shapes::Captured] {
        let world = World::new(Scenario::Bundles);
        world.door.upstream.store().configure(Settings {
            shapes,
            ..Settings::default()
        });
        seen.push(boxes(&world).await);
        // Where the products of a collection cannot be listed, the search knows them.
        let world = World::new(Scenario::Bundles);
        world.door.bend(|request, mut response| {
            if request.path == "/collection_products" {
                response.status = 403;
                response.body = None;
            }
            Ok(response)
        });
        seen.push(boxes(&world).await);
    }
    assert_eq!(seen[0].len(), 2);
    assert!(seen.iter().all(|boxes| {
        boxes.iter().zip(&seen[0]).all(|((_, one), (_, other))| {
            one.ranges == other.ranges
                && one.items == other.items
                && one.choices.len() == other.choices.len()
        })
    }));
}

#[tokio::test]
async fn su15_any_of_several_ranges_counts_and_one_may_have_no_end() {
    let world = World::new(Scenario::Bundles);
    world.door.bend(|_, mut response| {
        let body = response.body.as_mut();
        let sizes = body.and_then(|body| {
            body.pointer_mut("/subscription/include/bundle_product/variants")?
                .as_array_mut()
        });
        for size in sizes.into_iter().flatten() {
            size["ranges"] = serde_json::json!([
                {"quantity_min": 3, "quantity_max": 3},
                {"quantity_min": 6, "quantity_max": null},
            ]);
        }
        Ok(response)
    });
    let (_, contents) = boxes(&world).await.remove(0);
    let takes: Vec<u32> = (0..9).filter(|count| contents.takes(*count)).collect();
    assert_eq!(takes, [3, 6, 7, 8]);
    assert_eq!(contents.max(), None);
    let missing: Vec<i64> = (2..7).map(|count| contents.missing(count)).collect();
    assert_eq!(missing, [1, 0, 2, 1, 0]);
}

#[tokio::test]
async fn su15_what_is_chosen_for_the_next_charge_alone_is_shown_and_changed_there() {
    let world = World::new(Scenario::Bundles);
    let all = boxes(&world).await;
    let (id, contents) = all.iter().find(|(_, c)| !c.items.is_empty()).unwrap();
    let charges = world.beside("GET", "/charges?status=queued", None);
    let charges = charges["charges"].as_array().unwrap().iter();
    let holds = |charge: &&serde_json::Value| {
        let lines = charge["line_items"].as_array().unwrap();
        lines.iter().any(|line| line["purchase_item_id"] == id.0)
    };
    let next = charges.clone().find(holds).unwrap();
    let first = &contents.choices[0];
    let sent = serde_json::json!({
        "purchase_item_id": id, "charge_id": next["id"],
        "items": [{"external_variant_id": first.external_variant_id, "quantity": 3}],
    });
    let made = world.beside("POST", "/bundle_selections", Some(sent));
    world.door.upstream.store().configure(Settings {
        shapes: Shapes::Captured,
        ..Settings::default()
    });
    world.clock.advance(60_000);
    let detail: SubscriptionDetail = world.read(Query::Subscription(*id)).await;
    let items = detail.contents.unwrap().items;
    assert_eq!((items.len(), items[0].quantity), (1, 3));

    world.clear_log();
    let second = &contents.choices[1].external_variant_id;
    let body = BundleContents {
        items: vec![BoxItem {
            external_variant_id: second.clone(),
            quantity: 3,
        }],
    };
    let intent = Intent::UpdateBundle(UpdateBundle {
        subscription_id: *id,
        body,
    });
    done(&world, 1, intent).await;
    let selection = &made["bundle_selection"]["id"];
    assert_eq!(
        world.effects(),
        [format!("PUT /bundle_selections/{selection}")]
    );
}
