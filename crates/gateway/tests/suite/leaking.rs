//! What never reaches a browser, and what reaches it as plain text.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use protocol::Query;
use protocol::view::*;
use sandbox::Scenario;
use serde_json::Value;

use crate::world::World;

/// Upstream's fields that hold secrets, or what only the merchant may know.
const SECRET: [&str; 9] = [
    "hash",
    "processor_customer_token",
    "processor_payment_method_token",
    "browser_ip",
    "user_agent",
    "tags",
    "external_transaction_id",
    "payment_processor",
    "external_customer_id",
];

/// The texts under secret keys in an upstream answer.
pub(crate) fn secrets(value: &Value, is_secret: bool, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, inner)| {
            secrets(inner, is_secret || SECRET.contains(&key.as_str()), found);
        }),
        Value::Array(items) => items
            .iter()
            .for_each(|item| secrets(item, is_secret, found)),
        Value::String(text) if is_secret && text.len() > 5 => drop(found.insert(text.clone())),
        _ => {}
    }
}

#[tokio::test]
async fn s15_no_view_of_any_scenario_holds_what_upstream_keeps_secret() {
    let mut seen = 0;
    for scenario in Scenario::ALL.into_iter().filter(|s| *s != Scenario::Large) {
        let world = World::new(scenario);
        let found: Arc<Mutex<BTreeSet<String>>> = Arc::default();
        let collect = Arc::clone(&found);
        world.door.bend(move |_, response| {
            let body = response.body.as_ref().unwrap_or(&Value::Null);
            secrets(body, false, &mut collect.lock().unwrap());
            Ok(response)
        });
        let views = world.all_views().await;
        let found = found.lock().unwrap();
        seen += found.len();
        for (query, json) in views {
            for secret in found.iter() {
                assert!(
                    !json.contains(secret),
                    "{scenario:?} {query:?} shows {secret}"
                );
            }
        }
    }
    assert!(seen > 20, "the scan saw only {seen} secrets");
}

#[tokio::test]
async fn s28_hostile_names_come_through_as_the_text_they_are() {
    let world = World::new(Scenario::HostileText);
    let subscriptions: Subscriptions = world.read(Query::Subscriptions).await;
    let raw = world.beside(
        "GET",
        &format!("/subscriptions?customer_id={}", world.customer),
        None,
    );
    let titles: BTreeSet<&str> = raw["subscriptions"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|s| s["product_title"].as_str())
        .collect();
    let shown: BTreeSet<&str> = subscriptions
        .subscriptions
        .iter()
        .map(|card| card.title.as_str())
        .collect();
    assert_eq!(shown, titles);
    assert!(
        titles.iter().any(|title| title.contains('<')),
        "the scenario has markup"
    );
}

#[tokio::test]
async fn s29_only_pictures_over_https_or_drawn_in_the_url_pass() {
    let cases = [
        ("https://cdn.example/a.png", true),
        ("HTTPS://cdn.example/a.png", true),
        ("data:image/svg+xml,%3Csvg%3E", true),
        ("http://cdn.example/a.png", false),
        ("javascript:alert(1)", false),
        ("data:text/html,<script>", false),
        ("//cdn.example/a.png", false),
        ("https://cdn.example/a.png\n", false),
    ];
    for (url, passes) in cases {
        let world = World::new(Scenario::Everyday);
        world.door.bend(move |_, mut response| {
            response
                .body
                .iter_mut()
                .for_each(|body| replace_pictures(body, url));
            Ok(response)
        });
        let schedule: DeliverySchedule = world.read(Query::Deliveries).await;
        let image = schedule.deliveries[0].items[0].image.as_deref();
        assert_eq!(image, passes.then_some(url), "{url:?}");
    }
}

#[tokio::test]
async fn s29_no_view_holds_a_link_of_upstream_that_is_not_https() {
    let mut seen = 0;
    for scenario in [Scenario::Everyday, Scenario::Credits, Scenario::Bundles] {
        for (url, passes) in [
            ("https://passes.example/1", true),
            ("http://refused.example/1", false),
            ("javascript:alert('refused.example')", false),
            ("data:text/html,refused.example", false),
            ("//refused.example/1", false),
            ("https://refused.example/1\nx", false),
        ] {
            let world = World::new(scenario);
            world.door.bend(move |_, mut response| {
                response
                    .body
                    .iter_mut()
                    .for_each(|body| replace_links(body, url));
                Ok(response)
            });
            for (query, json) in world.all_views().await {
                assert!(!json.contains("refused.example"), "{query:?} shows {url}");
                seen += json.matches(url).count();
                assert!(passes || !json.contains(url), "{query:?} shows {url}");
            }
        }
    }
    assert!(seen > 20, "only {seen} links came through at all");
}

/// Puts `url` in the place of every address that upstream names, whatever it is for.
fn replace_links(value: &mut Value, url: &str) {
    match value {
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|inner| replace_links(inner, url)),
        Value::Array(items) => items.iter_mut().for_each(|item| replace_links(item, url)),
        Value::String(text) if text.starts_with("http") || text.starts_with("data:") => {
            *text = url.to_owned();
        }
        _ => {}
    }
}

fn replace_pictures(value: &mut Value, url: &str) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields.iter_mut() {
                match (key.as_str(), &inner) {
                    ("small" | "medium" | "large" | "original", Value::String(_)) => {
                        *inner = url.into()
                    }
                    _ => replace_pictures(inner, url),
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| replace_pictures(item, url)),
        _ => {}
    }
}
