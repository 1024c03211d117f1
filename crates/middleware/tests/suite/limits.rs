//! How often somebody may ask, and what they are told who ask too often.

use serde_json::json;

use crate::support::{Customer, Effect, MERCHANT_SECRET, Portal, Reply, Scenario, key, reply};

const PROXY: &str = "trusted_proxies = [\"127.0.0.1\"]\n";

/// Of forty guesses, twenty and those that the time of a slow machine allows are not refused.
pub(crate) const SLOWED: std::ops::RangeInclusive<usize> = 5..=20;

/// How many of `replies` are refused as too many; each says when to come back.
pub(crate) fn too_many(replies: &[Reply]) -> usize {
    let refused = replies.iter().filter(|reply| reply.status == 429);
    for reply in refused.clone() {
        assert_eq!(reply.problem(), "too_many_requests");
        let seconds: u32 = reply.header("retry-after").parse().unwrap();
        assert_eq!(reply.json()["retry_after"], seconds);
        assert!(seconds >= 1);
    }
    refused.count()
}

/// A guess at the merchant's secret, as it comes from `client` behind a proxy.
async fn guess(stranger: &Customer, client: &str) -> Reply {
    let request = stranger.request("POST", "/portal/sessions");
    let request = request.header("x-forwarded-for", client);
    let request = request.bearer_auth("a guess at the secret");
    reply(request.json(&json!({"email": "maya@example.com"}))).await
}

#[tokio::test]
async fn s23_guesses_at_the_secret_are_slowed_for_each_client_behind_the_proxy() {
    let portal = Portal::with(Scenario::Everyday, |config| format!("{PROXY}{config}")).await;
    let stranger = portal.stranger();
    let mut replies = Vec::new();
    for n in 0..40 {
        // The hops to the left are the client's own invention.
        replies.push(guess(&stranger, &format!("198.51.100.{n}, 203.0.113.5")).await);
    }
    assert!(SLOWED.contains(&too_many(&replies)));
    assert!(replies[..20].iter().all(|reply| reply.status == 401));
    assert_eq!(guess(&stranger, "203.0.113.6").await.status, 401);
    // The merchant's server is at another address, and goes on.
    portal.customer().await;
    portal.clock.pass_minutes(1);
    assert_eq!(guess(&stranger, "203.0.113.5").await.status, 401);
}

#[tokio::test]
async fn s23_an_address_that_nobody_vouches_for_escapes_no_limit() {
    let portal = Portal::start(Scenario::Everyday).await;
    let stranger = portal.stranger();
    let mut replies = Vec::new();
    for n in 0..40 {
        replies.push(guess(&stranger, &format!("203.0.113.{n}")).await);
    }
    assert!(SLOWED.contains(&too_many(&replies)));
}

#[tokio::test]
async fn s23_guesses_at_links_and_sessions_are_slowed_and_lock_nobody_out() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let link = portal.link_for("maya.lindqvist@example.com").await;
    let mut links = Vec::new();
    let mut sessions = Vec::new();
    for n in 0..40 {
        links.push(
            portal
                .stranger()
                .send("GET", &format!("/portal/open/{n:064}"))
                .await,
        );
        let mut guessing = portal.stranger();
        guessing.cookie = format!("__Host-portal={n:064}");
        sessions.push(guessing.get("/session").await);
    }
    assert!(SLOWED.contains(&too_many(&links)));
    assert!(SLOWED.contains(&too_many(&sessions)));
    // Behind the same address, who has a link or a session goes on.
    assert_eq!(customer.get("/session").await.status, 200);
    assert_eq!(portal.stranger().open(&link).await.status, 303);
    // Who has no cookie at all does not guess.
    assert_eq!(portal.stranger().get("/session").await.status, 401);
}

#[tokio::test]
async fn s23_links_and_emails_of_one_customer_are_bounded() {
    let portal = Portal::start(Scenario::TwoCustomers).await;
    let customers = portal.upstream.customers().await;
    let mut links = Vec::new();
    for _ in 0..30 {
        links.push(portal.link(json!({"email": customers[0]["email"]})).await);
    }
    assert_eq!(too_many(&links), 10);
    let other = portal.link(json!({"email": customers[1]["email"]})).await;
    assert_eq!(other.status, 201);

    let url = links[0].json()["url"].as_str().unwrap().to_owned();
    let customer = crate::support::sign_in(&portal.origin, &url).await;
    let mut emails = Vec::new();
    for n in 0..10 {
        let body = json!({"email": format!("maya{n}@example.com")});
        let request = customer.changing("POST", "/customer/email", &key(), &body);
        emails.push(reply(request).await);
    }
    assert_eq!(too_many(&emails), 5, "{:?}", emails[0]);
    assert_eq!(customer.get("/session").await.status, 200);
}

#[tokio::test]
async fn the_right_secret_is_counted_as_no_guess() {
    let few = |config: String| {
        config.replace("[merchant]", "[limits]\nguesses_per_minute = 2\n[merchant]")
    };
    let portal = Portal::with(Scenario::Everyday, few).await;
    for _ in 0..15 {
        let request = portal.stranger().request("POST", "/portal/sessions");
        let request = request.bearer_auth(MERCHANT_SECRET);
        let answer = reply(request.json(&json!({"email": "maya.lindqvist@example.com"}))).await;
        assert_eq!(answer.status, 201, "{answer:?}");
    }
}

#[tokio::test]
async fn s51_a_customer_has_one_export_at_a_time() {
    let portal = Portal::start(Scenario::TwoCustomers).await;
    let customers = portal.upstream.customers().await;
    let first = portal
        .sign_in(customers[0]["email"].as_str().unwrap())
        .await;
    let other = portal
        .sign_in(customers[1]["email"].as_str().unwrap())
        .await;
    portal
        .upstream
        .fault("GET", "/subscriptions", Effect::Delay(1_500), 1)
        .await;
    let again = first.clone();
    let under_way = tokio::spawn(async move { again.get("/export").await });
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let refused = first.get("/export").await;
    assert_eq!(too_many(&[refused]), 1);
    // Nobody else waits for it.
    assert_eq!(other.get("/export").await.status, 200);
    assert_eq!(first.get("/addresses").await.status, 200);
    assert_eq!(under_way.await.unwrap().status, 200);
    assert_eq!(first.get("/export").await.status, 200);
}
