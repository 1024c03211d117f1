//! Several policies over one store: what their gateways share, and what not.

use std::sync::Arc;

use gateway::{Bounds, Gateway, Segment};
use protocol::view::{Catalogue, Stock};
use protocol::{Operation, ProblemKind, Query};
use recharge::NoAnswer;
use sandbox::Scenario;

use crate::samples::world_for;
use crate::world::{World, policy, uuid};

/// The gateway of the same shop under another name.
fn renamed(world: &World) -> Gateway {
    let mut other = policy();
    other.merchant.name = "Wholesale".to_owned();
    world.gateway.with_policy(Arc::new(other))
}

fn upstream_fails(world: &World) {
    world.door.bend(|_, _| Err(NoAnswer::Lost));
}

#[tokio::test]
async fn cf_2_policies_share_what_was_read_of_upstream() {
    let world = World::new(Scenario::Everyday);
    let other = renamed(&world);
    world.text(&Query::Overview).await;
    world.text(&Query::Catalogue).await;
    world.clear_log();
    other.read(world.customer, &Query::Overview).await.unwrap();
    other.read(world.customer, &Query::Catalogue).await.unwrap();
    assert_eq!(world.log().len(), 0);
}

#[tokio::test]
async fn cf_2_each_policy_makes_its_own_catalogue() {
    let world = World::new(Scenario::Everyday);
    let mut waits = policy();
    waits.zero_inventory_purchase = !waits.zero_inventory_purchase;
    let other = world.gateway.with_policy(Arc::new(waits));
    let mut stocks = Vec::new();
    for gateway in [&world.gateway, &other, &world.gateway] {
        let json = gateway
            .read(world.customer, &Query::Catalogue)
            .await
            .unwrap();
        let catalogue: Catalogue = serde_json::from_str(&json).unwrap();
        let variants = catalogue.products.into_iter().flat_map(|one| one.variants);
        let out = variants.filter(|variant| variant.stock != Stock::Available);
        stocks.push(out.map(|variant| variant.stock).collect::<Vec<_>>());
    }
    assert!(!stocks[0].is_empty());
    assert_eq!(stocks[0], stocks[2]);
    assert_ne!(stocks[0], stocks[1]);
}

#[tokio::test]
async fn cf_2_a_stale_view_is_never_shown_under_another_policy() {
    let world = World::new(Scenario::Everyday);
    let other = renamed(&world);
    let (me, query) = (world.customer, Query::Session);
    world.gateway.read_or_stale(me, &query).await.unwrap();
    world.clock.advance(60_000);
    upstream_fails(&world);
    let stale = world.gateway.read_or_stale(me, &query).await.unwrap();
    assert!(stale.kept_since_ms.is_some());
    assert!(other.read_or_stale(me, &query).await.is_err());
}

#[tokio::test]
async fn cf_2_a_write_makes_the_views_of_all_policies_stale() {
    let (world, intent) = world_for(Operation::UpdateCustomer).await;
    let other = renamed(&world);
    let (me, query) = (world.customer, Query::Customer);
    let before = other.read_or_stale(me, &query).await.unwrap().json;
    world.change(1, intent).await.unwrap();
    assert_ne!(other.read(me, &query).await.unwrap(), before);
    // Nothing from before the write is left to be shown where upstream fails after it.
    let (world, intent) = world_for(Operation::UpdateCustomer).await;
    let other = renamed(&world);
    other.read_or_stale(me, &query).await.unwrap();
    world.change(1, intent).await.unwrap();
    upstream_fails(&world);
    assert!(other.read_or_stale(me, &query).await.is_err());
}

#[tokio::test]
async fn cf_2_a_key_is_used_once_whatever_the_policy() {
    let (world, intent) = world_for(Operation::SkipDelivery).await;
    let other = renamed(&world);
    let first = world.change(1, intent.clone()).await.unwrap();
    let again = other.change(world.customer, &uuid(1), intent).await;
    assert_eq!(again.unwrap(), first);
    assert_eq!(world.effects().len(), 1);
}

#[tokio::test]
async fn cf_2_each_policy_refuses_what_it_does_not_allow() {
    let (world, intent) = world_for(Operation::SkipDelivery).await;
    let mut strict = policy();
    strict.allowed.remove(&Operation::SkipDelivery);
    let strict = world.gateway.with_policy(Arc::new(strict));
    let refused = strict
        .change(world.customer, &uuid(1), intent.clone())
        .await;
    assert_eq!(refused.unwrap_err().kind, ProblemKind::SwitchedOff);
    let refused = strict.preview(world.customer, &intent).await;
    assert_eq!(refused.unwrap_err().kind, ProblemKind::SwitchedOff);
    assert!(world.change(1, intent).await.unwrap().is_done());
}

fn segment(change: impl FnOnce(&mut Segment)) -> Segment {
    let mut segment = Segment::default();
    change(&mut segment);
    segment
}

async fn is_in(world: &World, segment: &Segment) -> bool {
    let found = world
        .gateway
        .first_segment(world.customer, &[segment])
        .await;
    found.unwrap() == Some(0)
}

#[tokio::test]
async fn cf_2_each_condition_of_a_segment_holds_or_not() {
    let world = World::new(Scenario::Everyday);
    let one = &world.beside("GET", "/subscriptions", None)["subscriptions"][0];
    let product = one["external_product_id"]["ecommerce"].as_str().unwrap();
    let title = one["product_title"].as_str().unwrap().to_uppercase();
    let address = &world.beside("GET", "/addresses", None)["addresses"][0];
    let country = address["country_code"].as_str().unwrap();
    let orders = world.beside(
        "GET",
        &format!("/orders?customer_id={}", world.customer),
        None,
    );
    let count = u32::try_from(orders["orders"].as_array().unwrap().len()).unwrap();
    assert!(count > 1);
    let least = |min| Bounds {
        min: Some(min),
        max: None,
    };
    let most = |max| Bounds {
        min: None,
        max: Some(max),
    };
    let text = |text: &str| vec!["other".to_owned(), text.to_owned()];
    let cases: Vec<(&str, bool, Segment)> = vec![
        ("nothing", true, Segment::default()),
        ("country", true, segment(|s| s.countries = text(country))),
        ("no country", false, segment(|s| s.countries = text("XX"))),
        ("product id", true, segment(|s| s.products = text(product))),
        (
            "product title",
            true,
            segment(|s| s.products = text(&title)),
        ),
        ("no product", false, segment(|s| s.products = text("Tea?"))),
        ("tag", true, segment(|s| s.tags = text("subscription"))),
        ("no tag", false, segment(|s| s.tags = text("wholesale"))),
        (
            "currency",
            true,
            segment(|s| s.currencies = vec![policy().currency]),
        ),
        (
            "no currency",
            false,
            segment(|s| s.currencies = vec!["JPY".parse().unwrap()]),
        ),
        ("orders", true, segment(|s| s.orders = least(count))),
        (
            "too few orders",
            false,
            segment(|s| s.orders = least(count + 1)),
        ),
        ("at most", true, segment(|s| s.orders = most(count))),
        (
            "too many orders",
            false,
            segment(|s| s.orders = most(count - 1)),
        ),
        ("age", true, segment(|s| s.subscription_days = least(1))),
        (
            "too young",
            false,
            segment(|s| s.subscription_days = least(4_000)),
        ),
        ("too old", false, segment(|s| s.subscription_days = most(0))),
        (
            "one of two",
            false,
            segment(|s| {
                s.countries = text(country);
                s.tags = text("wholesale");
            }),
        ),
    ];
    for (name, expected, segment) in cases {
        assert_eq!(is_in(&world, &segment).await, expected, "{name}");
    }
}

#[tokio::test]
async fn cf_2_only_what_segments_ask_about_is_read_and_the_first_one_counts() {
    let world = World::new(Scenario::Everyday);
    let nowhere = segment(|s| s.countries = vec!["XX".to_owned()]);
    let somewhere = segment(|s| s.currencies = vec![policy().currency]);
    let tagged = segment(|s| s.tags = vec!["wholesale".to_owned()]);
    world.clear_log();
    let all = [&nowhere, &somewhere, &tagged];
    let found = world.gateway.first_segment(world.customer, &all).await;
    assert_eq!(found.unwrap(), Some(1));
    let paths =
        |world: &World| -> Vec<String> { world.log().iter().map(|one| one.path.clone()).collect() };
    assert!(paths(&world).iter().all(|path| !path.contains("/orders")));
    let all = [&nowhere, &tagged];
    let found = world.gateway.first_segment(world.customer, &all).await;
    assert_eq!(found.unwrap(), None);
    assert_eq!(paths(&world).len(), 2, "{:?}", paths(&world));
}

#[tokio::test]
async fn cf_2_a_segment_is_not_guessed_while_upstream_fails() {
    let world = World::new(Scenario::Everyday);
    upstream_fails(&world);
    let somewhere = segment(|s| s.countries = vec!["US".to_owned()]);
    let found = world
        .gateway
        .first_segment(world.customer, &[&somewhere])
        .await;
    let problem = found.unwrap_err();
    assert_eq!(
        (problem.kind, problem.status),
        (ProblemKind::Unavailable, 503)
    );
}
