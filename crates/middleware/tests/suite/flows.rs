//! Sessions that begin at a page, or in a flow.

use protocol::Operation;
use serde_json::{Value, json};

use crate::support::{Portal, Reply, Scenario};

const MAYA: &str = "maya.lindqvist@example.com";

async fn portal() -> Portal {
    Portal::start(Scenario::Everyday).await
}

/// The answer to a request for a session of Maya's with `fields`.
async fn session(portal: &Portal, mut fields: Value) -> Reply {
    fields["email"] = json!(MAYA);
    // Only so many links are made at once.
    portal.clock.pass_minutes(1);
    portal.link(fields).await
}

#[tokio::test]
async fn en_5_a_link_leads_to_the_page_that_it_was_asked_for_with() {
    let portal = portal().await;
    for page in [
        "/",
        "/deliveries",
        "/subscriptions/123",
        "/payment-methods/new",
    ] {
        let made = session(&portal, json!({ "page": page })).await.json();
        assert_eq!(made["page"], page);
        let link = made["url"].as_str().unwrap();
        let opened = portal.stranger().open(link).await;
        assert_eq!(opened.leads_to(), format!("/portal{page}"));
    }
}

#[tokio::test]
async fn en_5_a_second_press_leads_to_the_same_page() {
    let portal = portal().await;
    let made = session(&portal, json!({ "page": "/deliveries" }))
        .await
        .json();
    let link = made["url"].as_str().unwrap();
    let customer = crate::support::sign_in(&portal.origin, link).await;
    assert_eq!(customer.open(link).await.leads_to(), "/portal/deliveries");
}

#[tokio::test]
async fn en_5_what_is_no_page_of_the_portal_is_refused_with_a_list_of_those_that_are() {
    let portal = portal().await;
    for page in [
        "",
        "deliveries",
        "/nowhere",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "/subscriptions/",
        "/subscriptions/12a",
        "/subscriptions/../api",
        "/subscriptions/%2e%2e",
        "/deliveries?x=1",
        "/api/session",
        "/open/123",
        "/deliveries\r\nset-cookie: a=b",
    ] {
        let refused = session(&portal, json!({ "page": page })).await;
        assert_eq!(refused.status, 400, "{page}");
        let title = refused.json()["title"].clone();
        let title = title.as_str().unwrap();
        assert!(
            title.contains("`page`") && title.contains("/deliveries"),
            "{title}"
        );
    }
}

#[tokio::test]
async fn en_5_every_flow_is_taken_with_what_it_is_about_and_read_back() {
    let portal = portal().await;
    for operation in Operation::ALL {
        let name = serde_json::to_value(operation).unwrap();
        let subjects = operation.flow_subjects();
        let mut taken = 0;
        for subject in [None, Some(json!("123")), Some(json!("123/2026-12-01"))] {
            let mut flow = json!({ "type": name });
            if let Some(subject) = &subject {
                flow["subject"] = subject.clone();
            }
            let made = session(&portal, json!({ "flow": flow })).await;
            if made.status == 400 {
                let title = made.json()["title"].clone();
                let field = if subjects.is_empty() {
                    "`flow.type`"
                } else {
                    "`flow.subject`"
                };
                assert!(title.as_str().unwrap().contains(field), "{title}");
                continue;
            }
            taken += 1;
            let path = format!("/portal/sessions/{}", made.json()["id"].as_str().unwrap());
            let read = portal.as_merchant("GET", &path).await.json()["flow"].clone();
            assert_eq!(read["type"], name);
            assert_eq!(read["after_completion"], json!({"type": "portal"}));
            assert_eq!(read.get("subject"), subject.as_ref());
        }
        // An address and a subscription are told apart when the flow begins.
        assert_eq!(taken, subjects.len(), "{name}");
    }
}

#[tokio::test]
async fn en_5_the_session_tells_the_portal_its_flow() {
    let portal = portal().await;
    let none = portal.customer().await.get("/session").await.json();
    assert!(none.get("flow").is_none());
    let flow = json!({
        "type": "cancel_subscription",
        "subject": 123,
        "after_completion": {"type": "confirmation", "message": "See you soon."},
    });
    let made = session(&portal, json!({ "flow": flow })).await.json();
    let link = made["url"].as_str().unwrap();
    let customer = crate::support::sign_in(&portal.origin, link).await;
    let told = customer.get("/session").await.json()["flow"].clone();
    assert_eq!(
        told,
        json!({
            "id": made["id"],
            "type": "cancel_subscription",
            "subject": "123",
            "after_completion": {"type": "confirmation", "message": "See you soon."},
        })
    );
}

#[tokio::test]
async fn en_6_a_flow_leads_to_a_listed_origin_only() {
    let portal = portal().await;
    let with = async |url: &str| {
        let after = json!({"type": "redirect", "return_url": url});
        let flow = json!({"type": "add_payment_method", "after_completion": after});
        session(&portal, json!({ "flow": flow })).await
    };
    let good = "https://shop.example/thanks?tab=2";
    let made = with(good).await;
    assert_eq!(made.status, 201);
    let after = &made.json()["flow"]["after_completion"];
    assert_eq!(*after, json!({"type": "redirect", "return_url": good}));
    for bad in [
        "https://evil.example/",
        "https://shop.example@evil.example/",
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "https://shop.example/\r\nset-cookie: a=b",
    ] {
        let refused = with(bad).await;
        assert_eq!(refused.status, 400, "{bad}");
        assert!(refused.text.contains("`flow.after_completion.return_url`"));
    }
}

#[tokio::test]
async fn en_6_a_request_that_is_wrong_says_in_which_field_and_what_to_send() {
    let portal = portal().await;
    let long = "a".repeat(501);
    let flow = |after: Value| json!({"flow": {"type": "cancel_subscription", "subject": "1", "after_completion": after}});
    let cases = [
        (
            json!({"flow": {"type": "cancel"}}),
            "`flow.type`",
            "cancel_subscription",
        ),
        (
            json!({"flow": {"type": "cancel_subscription"}}),
            "`flow.subject`",
            "a subscription",
        ),
        (
            json!({"flow": {"type": "skip_delivery", "subject": "../1"}}),
            "`flow.subject`",
            "123/2026-12-01",
        ),
        (
            json!({"flow": {"type": "add_address", "subject": "1"}}),
            "`flow.subject`",
            "Send none",
        ),
        (
            json!({"flow": {"type": "add_address", "also": 1}}),
            "also",
            "after_completion",
        ),
        (
            flow(json!({"type": "hosted"})),
            "`flow.after_completion.type`",
            "`redirect`",
        ),
        (
            flow(json!({"type": "redirect"})),
            "`flow.after_completion.return_url`",
            "missing",
        ),
        (
            flow(json!({"type": "portal", "message": "Bye"})),
            "`flow.after_completion.message`",
            "confirmation",
        ),
        (
            flow(json!({"type": "confirmation", "return_url": "https://shop.example/"})),
            "`flow.after_completion.return_url`",
            "redirect",
        ),
        (
            flow(json!({"type": "confirmation", "message": long})),
            "`flow.after_completion.message`",
            "500",
        ),
        (
            flow(json!({"type": "confirmation", "message": "a\u{7}b"})),
            "`flow.after_completion.message`",
            "control character",
        ),
        (
            json!({"flow": {"type": "add_address"}, "page": "/deliveries"}),
            "`page`",
            "Leave out",
        ),
        (
            json!({"flow": {"type": "add_address"}, "to": "hosted_portal"}),
            "`to`",
            "Leave out",
        ),
    ];
    for (request, field, hint) in cases {
        let refused = session(&portal, request.clone()).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (400, "bad_request"),
            "{request}"
        );
        let title = refused.json()["title"].as_str().unwrap().to_owned();
        assert!(
            title.contains(field) && title.contains(hint),
            "{request}: {title}"
        );
    }
}
