//! What is measured, and that it names nobody.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::reads::all_paths;
use crate::support::{Effect, Portal, Scenario, key, reply};

/// What is scraped now.
async fn scrape(portal: &Portal) -> String {
    let origin = portal.serve_metrics().await;
    let reply = reply(portal.stranger().at(&origin).request("GET", "/metrics")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(
        reply
            .header("content-type")
            .starts_with("application/openmetrics-text")
    );
    reply.text
}

/// The value of a sample, whose labels are given as they are written.
fn value(text: &str, sample: &str) -> Option<f64> {
    text.lines()
        .find_map(|line| line.strip_prefix(sample)?.trim().parse().ok())
}

/// The sum of all samples of a name with this in their labels.
fn sum(text: &str, name: &str, label: &str) -> f64 {
    let samples = text
        .lines()
        .filter(|line| line.starts_with(name) && line.contains(label));
    samples
        .filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok())
        .sum()
}

#[tokio::test]
async fn mt_3_metrics_are_not_on_the_public_listener() {
    let portal = Portal::start(Scenario::Everyday).await;
    assert_eq!(portal.stranger().send("GET", "/metrics").await.status, 404);
    let origin = portal.serve_metrics().await;
    let elsewhere = portal.stranger().at(&origin);
    for path in ["/", "/portal/", "/portal/api/session", "/healthz"] {
        assert_eq!(elsewhere.send("GET", path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn mt_3_calls_replays_cache_and_sessions_are_counted() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let (path, body) = customer.next_skip().await;
    customer.get("/deliveries").await;
    let before = scrape(&portal).await;
    assert_eq!(value(&before, "perennial_sessions "), Some(1.0));
    assert_eq!(value(&before, "perennial_replays_total "), Some(0.0));
    assert!(value(&before, "perennial_cache_hits_total ").unwrap() > 0.0);
    let calls = portal.upstream.calls().await.len() as f64;
    assert_eq!(
        sum(
            &before,
            "perennial_upstream_request_duration_seconds_count",
            ""
        ),
        calls
    );

    let key = key();
    // The first is answered 409, the second carries it out.
    portal
        .upstream
        .fault("POST", "", Effect::Status(409), 1)
        .await;
    for _ in 0..3 {
        assert!(
            reply(customer.changing("POST", &path, &key, &body))
                .await
                .is("done")
        );
    }
    portal
        .upstream
        .fault("GET", "", Effect::Status(503), 1)
        .await;
    customer.get("/subscriptions").await;
    let text = scrape(&portal).await;
    assert_eq!(value(&text, "perennial_replays_total "), Some(2.0));
    assert_eq!(value(&text, "perennial_write_retries_total "), Some(1.0));
    assert_eq!(value(&text, "perennial_upstream_retries_total "), Some(1.0));
    assert_eq!(
        sum(
            &text,
            "perennial_upstream_request_duration_seconds_count",
            "status=\"409\""
        ),
        1.0
    );
    assert_eq!(
        sum(
            &text,
            "perennial_upstream_request_duration_seconds_count",
            "status=\"503\""
        ),
        1.0
    );
    let route = "route=\"/portal/api/deliveries/{address_id}/{date}/skip\",status=\"200\"";
    assert_eq!(sum(&text, "perennial_http_requests_total", route), 3.0);

    portal.clock.pass_minutes(31);
    assert_eq!(
        value(&scrape(&portal).await, "perennial_sessions "),
        Some(0.0)
    );
}

#[tokio::test]
async fn mt_3_no_label_names_a_customer_or_anything_of_theirs() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    for path in all_paths(&customer).await {
        customer.get(&path).await;
    }
    let (path, body) = customer.next_skip().await;
    assert!(customer.change("POST", &path, body).await.is("done"));
    let link = portal.link_for("maya.lindqvist@example.com").await;
    let session = portal
        .link(json!({"email": "maya.lindqvist@example.com"}))
        .await
        .json();
    let id = session["id"].as_str().unwrap();
    portal
        .as_merchant("GET", &format!("/portal/sessions/{id}"))
        .await;
    for strange in [
        "/portal/open/secret-token-1234567",
        "/portal/api/subscriptions/maya@example.com",
        "/portal/api/orders/123456789/secret",
        "/maya.lindqvist@example.com",
        "/portal/maya/1234567890",
    ] {
        customer.send("GET", strange).await;
    }
    customer.send("MAYA1234567", "/portal/api/session").await;

    let text = scrape(&portal).await;
    let mut labels = BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((_, rest)) = line.split_once('{') else {
            continue;
        };
        let (set, _) = rest.rsplit_once('}').unwrap();
        labels.extend(
            set.split("\",")
                .map(|label| label.trim_end_matches('"').to_owned()),
        );
    }
    assert!(labels.contains("call=\"GET /customers/{id}"), "{labels:?}");
    for label in &labels {
        let (name, value) = label.split_once("=\"").unwrap();
        let is_number = value.chars().all(|c| c.is_ascii_digit() || c == '.');
        let digits = value.chars().filter(char::is_ascii_digit).count();
        assert!(
            digits == 0 || (is_number && matches!(name, "status" | "le")),
            "{label}"
        );
    }
    let token = link.rsplit('/').next().unwrap();
    let customers = portal.upstream.customers().await;
    let own = customers[0]["id"].to_string();
    for personal in [token, id, &own, "maya", "Maya", "@", "secret", "MAYA"] {
        assert!(!text.contains(personal), "{personal}");
    }
}

#[tokio::test]
async fn mt_3_every_metric_of_the_example_dashboard_exists() {
    let portal = Portal::start(Scenario::Everyday).await;
    portal.customer().await.get("/overview").await;
    let text = scrape(&portal).await;
    let dashboard = include_str!("../../../../examples/grafana.json");
    let dashboard: Value = serde_json::from_str(dashboard).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut named = BTreeSet::new();
    for panel in panels {
        for target in panel["targets"].as_array().unwrap() {
            let expression = target["expr"].as_str().unwrap();
            let words = expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            named.extend(
                words
                    .filter(|word| word.starts_with("perennial_"))
                    .map(str::to_owned),
            );
        }
    }
    let families: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .filter_map(|line| line.split(' ').next())
        .collect();
    let family = |metric: &str| {
        let suffixes = ["_total", "_bucket", "_sum", "_count"];
        let cut = suffixes
            .iter()
            .find_map(|suffix| metric.strip_suffix(suffix));
        cut.unwrap_or(metric).to_owned()
    };
    for metric in &named {
        assert!(
            families.contains(family(metric).as_str()),
            "{metric}: {families:?}"
        );
    }
    let shown: BTreeSet<String> = named.iter().map(|metric| family(metric)).collect();
    for family in families {
        assert!(
            shown.contains(family),
            "the dashboard does not show {family}"
        );
    }
}
