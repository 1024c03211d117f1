//! What is refused before it reaches upstream.

use protocol::Operation;
use serde_json::{Value, json};

use crate::support::{Customer, Portal, Reply, Scenario, key, reply};

/// A request of an operation that can be read, about things that there are not.
pub(crate) fn sample(operation: Operation) -> (&'static str, String, Value) {
    let intent = operation.intent(&[]);
    let body = serde_json::from_str(&intent.request().body).unwrap();
    (operation.route().0, intent.path(), body)
}

/// The calls that changed something upstream, and those that were made at all.
async fn calls(portal: &Portal) -> usize {
    portal.upstream.calls().await.len()
}

#[tokio::test]
async fn a_field_that_an_operation_does_not_take_is_refused() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let before = calls(&portal).await;
    for operation in Operation::ALL {
        for field in [
            "customer_id",
            "price",
            "status",
            "payment_method_id",
            "commit",
        ] {
            let (method, path, mut body) = sample(*operation);
            if body.get(field).is_some() {
                continue;
            }
            body[field] = json!(1);
            let reply = customer.change(method, &path, body).await;
            assert_eq!(
                (reply.status, reply.problem().as_str()),
                (400, "bad_request"),
                "{path} {field}"
            );
        }
    }
    assert_eq!(calls(&portal).await, before);
}

/// Serde alone would take a list of an object's values in the order of its fields.
#[tokio::test]
async fn where_an_object_is_expected_a_list_is_refused() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let before = calls(&portal).await;
    let as_list = |body: &Value| Value::from_iter(body.as_object().unwrap().values().cloned());
    for operation in Operation::ALL {
        let (method, path, body) = sample(*operation);
        let inner = json!({"method": method, "path": path, "body": as_list(&body).to_string()});
        let outer = json!([method, path, body.to_string()]);
        for (method, path, body) in [
            (method, path.as_str(), as_list(&body)),
            ("POST", "/preview", inner),
            ("POST", "/preview", outer),
            ("POST", "/card_setups", json!([])),
        ] {
            let reply = customer.change(method, path, body).await;
            assert_eq!(reply.status, 400, "{operation:?} {path}: {reply:?}");
        }
    }
    let link = portal.link(json!([1, null, null, null, null])).await;
    assert_eq!(link.status, 400, "{link:?}");
    assert_eq!(calls(&portal).await, before);
}

#[tokio::test]
async fn an_action_that_is_switched_off_is_refused() {
    for operation in Operation::ALL {
        let name = serde_json::to_value(operation).unwrap();
        let switch = format!("[actions]\n{} = false\n[merchant]", name.as_str().unwrap());
        let off = |config: String| config.replace("[merchant]", &switch);
        let portal = Portal::with(Scenario::Everyday, off).await;
        let customer = portal.customer().await;
        let session = customer.get("/session").await.json();
        assert!(!session["allowed"].as_array().unwrap().contains(&name));
        let (method, path, body) = sample(*operation);
        let reply = customer.change(method, &path, body).await;
        assert_eq!(
            (reply.status, reply.problem().as_str()),
            (403, "switched_off"),
            "{name}"
        );
        assert_eq!(portal.upstream.writes().await, 0);
    }
}

#[tokio::test]
async fn an_id_that_is_no_id_reaches_nothing_upstream() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let before = calls(&portal).await;
    for id in [
        "%252e%252e",
        "1%2f2",
        "1%3Fa",
        "..%2f..",
        "-1",
        "+1",
        "1.0",
        "99999999999999999999",
        "1;2",
        "%00",
    ] {
        for path in [format!("/subscriptions/{id}"), format!("/orders/{id}")] {
            assert_eq!(customer.get(&path).await.status, 404, "{path}");
        }
        let path = format!("/subscriptions/{id}/cancel");
        let reply = customer
            .change("POST", &path, json!({"reason": "Too much"}))
            .await;
        assert_eq!(reply.status, 404, "{path}");
    }
    assert_eq!(calls(&portal).await, before);
}

#[tokio::test]
async fn a_repeated_or_unknown_parameter_is_refused() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let before = calls(&portal).await;
    for path in [
        "/orders?cursor=a&cursor=b",
        "/orders?limit=5",
        "/orders?cursor=a%2F..",
        "/overview?customer_id=1",
        "/subscriptions?a",
    ] {
        assert_eq!(customer.get(path).await.problem(), "bad_request", "{path}");
    }
    let (method, path, body) = sample(Operation::CancelSubscription);
    let reply = customer
        .change(method, &format!("{path}?reason=x"), body)
        .await;
    assert_eq!(reply.problem(), "bad_request");
    assert_eq!(calls(&portal).await, before);
}

/// Sends an operation with these headers instead of those of the portal's page.
async fn from(customer: &Customer, operation: Operation, headers: &[(&str, &str)]) -> Reply {
    let (method, path, body) = sample(operation);
    let mut request = customer
        .request(method, &format!("/portal/api{path}"))
        .header("idempotency-key", key())
        .json(&body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    reply(request).await
}

#[tokio::test]
async fn a_change_needs_proof_that_it_comes_from_the_portals_page() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let own = portal.origin.as_str();
    let foreign: &[&[(&str, &str)]] = &[
        &[],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", own), ("sec-fetch-site", "cross-site")],
        &[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "same-origin"),
        ],
    ];
    for operation in Operation::ALL {
        let before = portal.upstream.writes().await;
        for headers in foreign {
            let reply = from(&customer, *operation, headers).await;
            assert_eq!(
                reply.problem(),
                "foreign_origin",
                "{operation:?} {headers:?}"
            );
        }
        assert_eq!(portal.upstream.writes().await, before, "{operation:?}");
        let reply = from(&customer, *operation, &[("origin", own)]).await;
        assert_ne!(reply.status, 403, "{operation:?}: {}", reply.text);
    }
    let sign_out = customer.request("DELETE", "/portal/api/session");
    assert_eq!(reply(sign_out).await.problem(), "foreign_origin");
    assert_eq!(customer.get("/session").await.status, 200);
}

#[tokio::test]
async fn a_change_must_be_json_with_a_key() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    for operation in Operation::ALL {
        let (method, path, body) = sample(*operation);
        let request = |content_type: &'static str| {
            customer
                .request(method, &format!("/portal/api{path}"))
                .header("origin", &portal.origin)
                .header("content-type", content_type)
                .body(body.to_string())
        };
        for content_type in ["text/plain", "application/x-www-form-urlencoded", ""] {
            let request = request(content_type).header("idempotency-key", key());
            assert_eq!(
                reply(request).await.problem(),
                "not_json",
                "{path} {content_type}"
            );
        }
        let without_key = request("application/json");
        assert_eq!(reply(without_key).await.problem(), "bad_request");
        let no_uuid = request("application/json").header("idempotency-key", "1");
        assert_eq!(reply(no_uuid).await.problem(), "bad_request");
    }
    assert_eq!(portal.upstream.writes().await, 0);
}

#[tokio::test]
async fn a_body_that_is_too_long_deep_or_wide_is_refused() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let (method, path, _) = sample(Operation::SkipDelivery);
    let long = json!({"purchase_item_ids": "x".repeat(64 * 1024)});
    let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
    let wide = json!({"purchase_item_ids": vec![1; 101]});
    for (body, status, kind) in [
        (long, 413, "too_large"),
        (deep, 400, "bad_request"),
        (wide, 400, "bad_request"),
    ] {
        let inner = json!({"method": method, "path": path, "body": body.to_string()});
        for (method, path, body) in [(method, path.as_str(), body), ("POST", "/preview", inner)] {
            let reply = customer.change(method, path, body).await;
            assert_eq!(
                (reply.status, reply.problem().as_str()),
                (status, kind),
                "{path}"
            );
        }
    }
    assert_eq!(portal.upstream.writes().await, 0);
}

#[tokio::test]
async fn a_method_that_a_route_does_not_take_answers_405_with_those_it_takes() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    for (method, path, allow) in [
        ("POST", "/portal/api/overview", "GET, HEAD"),
        ("OPTIONS", "/portal/api/overview", "GET, HEAD"),
        ("DELETE", "/portal/api/customer", "GET, HEAD, PUT"),
        ("GET", "/portal/api/subscriptions/1/cancel", "POST"),
        ("PUT", "/portal/api/subscriptions/1/cancel", "POST"),
        ("PUT", "/portal/api/session", "GET, HEAD, DELETE"),
        ("GET", "/portal/sessions", "POST"),
        ("PUT", "/portal/open/x", "GET, HEAD, POST"),
        ("POST", "/portal/", "GET, HEAD"),
        ("PATCH", "/portal/assets/x.js", "GET, HEAD"),
        ("POST", "/healthz", "GET, HEAD"),
        ("POST", "/portal", "GET, HEAD"),
    ] {
        let reply = customer.send(method, path).await;
        assert_eq!(
            (reply.status, reply.header("allow")),
            (405, allow),
            "{method} {path}"
        );
        assert_eq!(reply.problem(), "method_not_allowed");
    }
}

#[tokio::test]
async fn a_session_that_asks_too_often_is_told_when_to_come_back() {
    let few = |config: String| {
        config.replace(
            "[merchant]",
            "[session]\nrequests_per_minute = 30\n[merchant]",
        )
    };
    let portal = Portal::with(Scenario::Everyday, few).await;
    let customer = portal.customer().await;
    for _ in 0..30 {
        assert_eq!(customer.get("/session").await.status, 200);
    }
    let refused = customer.get("/session").await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (429, "too_many_requests")
    );
    let seconds: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=3).contains(&seconds), "{seconds}");
    portal.clock.pass_minutes(1);
    assert_eq!(customer.get("/session").await.status, 200);
}
