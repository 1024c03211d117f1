//! Signing out in all browsers at once.

use serde_json::json;

use crate::support::{Portal, Scenario, reply};

const EVERYWHERE: &str = "/portal/api/sessions";

#[tokio::test]
async fn en_10_signing_out_everywhere_ends_all_sessions_of_the_customer_and_no_other() {
    let portal = Portal::start(Scenario::TwoCustomers).await;
    let emails = portal.upstream.customers().await;
    let email = |customer: usize| emails[customer]["email"].as_str().unwrap();
    let own = portal.sign_in(email(0)).await;
    let others = [
        portal.sign_in(email(0)).await,
        portal.sign_in(email(0)).await,
    ];
    let stranger = portal.sign_in(email(1)).await;

    let ended = own.send("DELETE", EVERYWHERE).await;
    assert_eq!(
        (ended.status, ended.json()),
        (200, json!({"other_sessions": 2}))
    );
    assert!(
        ended
            .header("set-cookie")
            .starts_with("__Host-portal=; Max-Age=0;")
    );
    for customer in others.iter().chain([&own]) {
        assert_eq!(customer.get("/session").await.problem(), "session_ended");
    }
    assert_eq!(stranger.get("/session").await.status, 200);
    // They can come back.
    assert_eq!(
        portal.sign_in(email(0)).await.get("/session").await.status,
        200
    );
}

#[tokio::test]
async fn en_10_nobody_but_the_customer_on_our_page_signs_out_everywhere() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let without = portal.stranger().send("DELETE", EVERYWHERE).await;
    assert_eq!(without.problem(), "session_ended");
    let foreign = customer
        .request("DELETE", EVERYWHERE)
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(reply(foreign).await.status, 403);
    for method in ["GET", "POST"] {
        let refused = customer.send(method, EVERYWHERE).await;
        assert_eq!((refused.status, refused.header("allow")), (405, "DELETE"));
    }
    assert_eq!(customer.get("/session").await.status, 200);
}

#[tokio::test]
async fn en_9_a_short_session_lasts_almost_as_long_as_it_says_after_each_request() {
    let portal = Portal::with(Scenario::Everyday, |config| {
        config.replace("[merchant]", "[session]\nidle_minutes = 1\n[merchant]")
    })
    .await;
    let customer = portal.customer().await;
    for _ in 0..10 {
        portal.clock.pass_seconds(56);
        assert_eq!(customer.get("/session").await.status, 200);
    }
    portal.clock.pass_seconds(60);
    assert_eq!(customer.get("/session").await.problem(), "session_ended");
}
