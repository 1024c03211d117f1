//! What every answer has, and what none has.

use serde_json::{Value, json};

use crate::reads::paths;
use crate::support::{Customer, Effect, Portal, Reply, Scenario, reply};

/// Answers of every kind, good and bad.
async fn all_kinds(portal: &Portal) -> Vec<(&'static str, Reply)> {
    let customer = portal.customer().await;
    let stranger = portal.stranger();
    let too_large = Value::from("x".repeat(70_000));
    vec![
        ("page", customer.send("GET", "/portal/").await),
        (
            "place in the portal",
            customer.send("GET", "/portal/orders").await,
        ),
        ("asset", asset(&customer).await),
        (
            "missing asset",
            customer.send("GET", "/portal/assets/x.js").await,
        ),
        ("view", customer.get("/overview").await),
        ("401", stranger.get("/overview").await),
        ("404", customer.get("/nothing").await),
        ("404 outside", customer.send("GET", "/nothing").await),
        ("405", customer.send("PUT", "/portal/api/overview").await),
        ("405 outside", customer.send("PUT", "/portal/").await),
        (
            "413",
            customer.change("PUT", "/addresses/1", too_large).await,
        ),
        (
            "403",
            reply(customer.request("POST", "/portal/api/overview")).await,
        ),
        ("link refused", portal.link(json!({})).await),
        ("link spent", customer.send("GET", "/portal/open/x").await),
        ("link not opened", link_page(portal, &stranger).await),
        ("link of another", link_page(portal, &customer).await),
        (
            "sign-out",
            customer.send("DELETE", "/portal/api/session").await,
        ),
        ("healthz", stranger.send("GET", "/healthz").await),
        ("readyz", stranger.send("GET", "/readyz").await),
    ]
}

/// What a link answers to whom it does not sign in: the last customer's, opened by a scanner or by
/// somebody else.
async fn link_page(portal: &Portal, customer: &Customer) -> Reply {
    let customers = portal.upstream.customers().await;
    let email = &customers.as_array().unwrap().last().unwrap()["email"];
    let link = portal.link(json!({ "email": email })).await;
    let url = link.json()["url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(&portal.origin).unwrap();
    let page = customer.send("GET", path).await;
    assert!(
        page.status == 200 && page.text.contains("<form"),
        "{page:?}"
    );
    page
}

async fn asset(customer: &Customer) -> Reply {
    customer
        .send("GET", "/portal/assets/boot.0123456789abcdef.js")
        .await
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let portal = Portal::with(Scenario::TwoCustomers, |config| {
        format!("own_origin = true\n{config}")
    })
    .await;
    for (kind, reply) in all_kinds(&portal).await {
        let csp = reply.header("content-security-policy");
        assert!(
            csp.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"),
            "{kind}"
        );
        assert!(
            csp.contains("frame-ancestors 'none'") && !csp.contains("unsafe-inline"),
            "{kind}"
        );
        assert!(!csp.contains("'unsafe-eval'"), "{kind}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{kind}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{kind}");
        assert_eq!(
            reply.header("cross-origin-opener-policy"),
            "same-origin",
            "{kind}"
        );
        assert_eq!(
            reply.header("strict-transport-security"),
            "max-age=63072000",
            "{kind}"
        );
        assert!(
            reply.header("permissions-policy").contains("camera=()"),
            "{kind}"
        );
        assert_eq!(reply.header("access-control-allow-origin"), "", "{kind}");
        assert_eq!(reply.header("x-request-id").len(), 12, "{kind}");
    }
}

#[tokio::test]
async fn the_api_is_never_stored_and_hashed_files_are_for_ever() {
    let portal = Portal::start(Scenario::TwoCustomers).await;
    for (kind, reply) in all_kinds(&portal).await {
        let expected = match kind {
            "asset" => "public, max-age=31536000, immutable",
            "page" | "place in the portal" => "no-cache",
            _ => "no-store",
        };
        assert_eq!(reply.header("cache-control"), expected, "{kind}");
    }
}

#[tokio::test]
async fn files_are_answered_in_the_best_form_the_browser_takes() {
    let portal = Portal::start(Scenario::Everyday).await;
    let path = "/portal/assets/boot.0123456789abcdef.js";
    let asked = |encoding: &'static str| {
        let request = portal.stranger().request("GET", path);
        reply(request.header("accept-encoding", encoding))
    };
    let brotli = asked("gzip, br").await;
    assert_eq!(brotli.header("content-encoding"), "br");
    assert_eq!(
        brotli.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    let plain = asked("identity").await;
    assert_eq!(
        (plain.header("content-encoding"), plain.text.trim()),
        ("", "export {};")
    );
    assert_eq!(plain.header("vary"), "accept-encoding");
}

#[tokio::test]
async fn answers_of_the_api_are_compressed_for_who_takes_it() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let plain = customer.get("/overview").await;
    assert_eq!(plain.header("content-encoding"), "");
    let request = customer.request("GET", "/portal/api/overview");
    let answer = request.header("accept-encoding", "gzip, br").send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let length = answer.bytes().await.unwrap().len();
    assert!(length * 3 < plain.text.len(), "{length}");
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let portal = Portal::start(Scenario::Everyday).await;
    let stranger = portal.stranger();
    let page = stranger.send("GET", "/portal/").await;
    let again = stranger.request("GET", "/portal/");
    let again = reply(again.header("if-none-match", page.header("etag"))).await;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
}

#[tokio::test]
async fn every_refusal_is_problem_json_with_a_reference() {
    let portal = Portal::start(Scenario::TwoCustomers).await;
    for (kind, reply) in all_kinds(&portal).await {
        if reply.status < 400 || kind == "link spent" {
            continue;
        }
        assert!(!reply.problem().is_empty(), "{kind}");
        let problem = reply.json();
        assert_eq!(problem["status"], reply.status, "{kind}");
        assert_eq!(problem["reference"], reply.header("x-request-id"), "{kind}");
    }
}

#[tokio::test]
async fn a_fault_upstream_shows_no_body_of_upstream_and_no_key() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    portal
        .upstream
        .fault("GET", "", Effect::Status(500), 50)
        .await;
    let reply = customer.get("/overview").await;
    assert!(reply.status >= 500);
    assert!(matches!(
        reply.problem().as_str(),
        "upstream" | "unavailable"
    ));
    let shown = reply.json();
    let fields: Vec<&String> = shown.as_object().unwrap().keys().collect();
    for field in fields {
        assert!(["type", "status", "title", "reference", "retry_after"].contains(&field.as_str()));
    }
    assert!(!reply.text.contains(&portal.upstream.token));
    assert!(!reply.text.contains(&portal.upstream.url));
}

#[tokio::test]
async fn what_is_not_the_customers_business_never_reaches_the_browser() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let mut shown = String::new();
    for path in paths() {
        shown.push_str(&customer.get(path).await.text);
    }
    let secrets = secrets_of(&portal).await;
    assert!(secrets.len() >= 2, "{secrets:?}");
    for secret in secrets {
        assert!(!shown.contains(&secret), "{secret}");
    }
    for name in [
        "\"hash\"",
        "browser_ip",
        "client_details",
        "processor",
        "_token",
        "token\"",
        "\"tags\"",
        "\"note\"",
        "analytics_data",
    ] {
        assert!(!shown.contains(name), "{name}");
    }
}

/// Values that upstream tells the middleware and nobody else may learn.
async fn secrets_of(portal: &Portal) -> Vec<String> {
    let mut found = Vec::new();
    for path in ["/customers", "/charges", "/orders", "/payment_methods"] {
        collect(&portal.upstream.get(path).await, &mut found);
    }
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    let is_secret = |name: &str| {
        [
            "hash",
            "browser_ip",
            "tags",
            "processor_customer_token",
            "processor_payment_method_token",
        ]
        .contains(&name)
    };
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_str() {
                    Some(text) if is_secret(name) && !text.is_empty() => found.push(text.into()),
                    _ => collect(field, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}
