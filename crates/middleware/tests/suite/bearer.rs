//! How long a bearer token is good, and what ends it.

use std::sync::Arc;

use serde_json::json;

use crate::cross_origin::{
    EXCHANGE, OTHER, SHOP, embedded, exchange, from, listing, portal_of, renew, sign_in, token_of,
};
use crate::failing::Broken;
use crate::limits::{SLOWED, too_many};
use crate::support::{Portal, Scenario, Upstream, config, reply};

#[tokio::test]
async fn s3_a_one_time_token_is_exchanged_once_and_in_time() {
    let portal = portal_of(Scenario::TwoCustomers).await;
    let email = portal.upstream.customers().await[0]["email"].clone();
    let email = email.as_str().unwrap();
    let link = portal.link_for(email).await;
    let first = exchange(&portal, token_of(&link), &[SHOP]).await;
    let answer = first.json();
    let token = answer["token"].as_str().unwrap();
    assert_eq!(token.len(), "portal-".len() + 64, "256 bits in hexadecimal");
    assert_eq!(answer["expires_in"], 900);
    assert_eq!(first.header("cache-control"), "no-store");
    assert_eq!(first.header("set-cookie"), "");
    let customer = embedded(&portal.origin, SHOP, &first);
    let session = customer.get("/session").await.json();
    assert_eq!(session["customer_id"], answer["customer_id"]);

    for origin in [SHOP, OTHER] {
        let again = exchange(&portal, token_of(&link), &[origin]).await;
        let refused = (again.status, again.problem());
        assert_eq!(refused, (401, "session_ended".into()));
    }
    assert_eq!(portal.stranger().open(&link).await.status, 410);
    let late = portal.link_for(email).await;
    portal.clock.pass_minutes(5);
    assert_eq!(
        exchange(&portal, token_of(&late), &[SHOP]).await.status,
        401
    );
    let opened = portal.link_for(email).await;
    assert_eq!(portal.stranger().open(&opened).await.status, 303);
    assert_eq!(
        exchange(&portal, token_of(&opened), &[SHOP]).await.status,
        401
    );
}

#[tokio::test]
async fn s3_of_twenty_exchanges_at_once_one_succeeds() {
    let portal = portal_of(Scenario::Everyday).await;
    let link = portal.link_for("maya.lindqvist@example.com").await;
    let exchanges = (0..20).map(|_| {
        let request = from(&portal.stranger(), "POST", EXCHANGE, &[SHOP]);
        let request = request.json(&json!({ "token": token_of(&link) }));
        tokio::spawn(async move { reply(request).await.status })
    });
    let mut begun = 0;
    for status in exchanges.collect::<Vec<_>>() {
        begun += usize::from(status.await.unwrap() == 200);
    }
    assert_eq!(begun, 1);
}

#[tokio::test]
async fn s3_a_token_is_good_for_fifteen_minutes() {
    let portal = portal_of(Scenario::Everyday).await;
    let customer = sign_in(&portal, 0).await;
    portal.clock.pass_minutes(14);
    assert_eq!(customer.get("/session").await.status, 200);
    portal.clock.pass_minutes(1);
    let refused = customer.get("/session").await;
    assert_eq!(refused.problem(), "session_ended");
    assert_eq!(renew(&customer).await.status, 401);
}

#[tokio::test]
async fn s3_a_renewed_token_takes_the_place_of_the_one_before() {
    let portal = portal_of(Scenario::Everyday).await;
    let before = sign_in(&portal, 0).await;
    portal.clock.pass_minutes(13);
    let renewed = renew(&before).await;
    assert_eq!(renewed.json()["expires_in"], 900);
    let after = embedded(&portal.origin, SHOP, &renewed);
    // What is on its way still arrives.
    assert_eq!(before.get("/session").await.status, 200);
    portal.clock.pass_minutes(1);
    assert_eq!(before.get("/session").await.status, 401);
    assert_eq!(renew(&before).await.status, 401);
    assert_eq!(after.get("/session").await.status, 200);
    portal.clock.pass_minutes(13);
    assert_eq!(after.get("/session").await.status, 200);
    portal.clock.pass_minutes(1);
    assert_eq!(after.get("/session").await.status, 401);
}

#[tokio::test]
async fn s4_renewing_the_token_keeps_no_idle_session_alive() {
    let portal = portal_of(Scenario::Everyday).await;
    let mut customer = sign_in(&portal, 0).await;
    for _ in 0..2 {
        portal.clock.pass_minutes(13);
        customer = embedded(&portal.origin, SHOP, &renew(&customer).await);
    }
    portal.clock.pass_minutes(4);
    assert_eq!(renew(&customer).await.problem(), "session_ended");
    assert_eq!(customer.get("/session").await.status, 401);
}

#[tokio::test]
async fn s4_no_renewal_outlasts_the_twelve_hours_of_a_session() {
    let portal = portal_of(Scenario::Everyday).await;
    let mut customer = sign_in(&portal, 0).await;
    for _ in 0..71 {
        portal.clock.pass_minutes(10);
        assert_eq!(customer.get("/session").await.status, 200);
        let renewed = renew(&customer).await;
        customer = embedded(&portal.origin, SHOP, &renewed);
    }
    let last = renew(&customer).await;
    let seconds = last.json()["expires_in"].as_i64().unwrap();
    assert!((540..=600).contains(&seconds), "{seconds}");
    let customer = embedded(&portal.origin, SHOP, &last);
    portal.clock.pass_minutes(10);
    assert_eq!(customer.get("/session").await.status, 401);
    assert_eq!(renew(&customer).await.status, 401);
}

#[tokio::test]
async fn s5_signing_out_ends_the_session_of_a_token_and_no_other() {
    let portal = Portal::with(Scenario::Everyday, |config| {
        format!("own_origin = true\n{}", listing(&config))
    })
    .await;
    let before = sign_in(&portal, 0).await;
    let after = embedded(&portal.origin, SHOP, &renew(&before).await);
    let elsewhere = sign_in(&portal, 0).await;
    let mut both = after.clone();
    both.cookie = portal.customer().await.cookie;
    let left = both.send("DELETE", "/portal/api/session").await;
    assert_eq!((left.status, left.header("set-cookie")), (204, ""));
    // What the browser has of the portal's origin belongs to another page.
    assert_eq!(left.header("clear-site-data"), "");
    for ended in [&before, &after] {
        assert_eq!(ended.get("/session").await.status, 401);
        assert_eq!(renew(ended).await.status, 401);
        assert_eq!(
            ended.send("DELETE", "/portal/api/session").await.status,
            401
        );
    }
    assert_eq!(elsewhere.get("/session").await.status, 200);
    both.away = None;
    assert_eq!(both.get("/session").await.status, 200);
}

#[tokio::test]
async fn a_changed_email_address_ends_the_sessions_of_other_pages() {
    let portal = portal_of(Scenario::Everyday).await;
    let (own, away) = (portal.customer().await, sign_in(&portal, 0).await);
    let changing = sign_in(&portal, 0).await;
    let new = json!({"email": "maya@new.example"});
    let asked = changing.change("POST", "/customer/email", new).await;
    assert!(asked.is("done"), "{asked:?}");
    let mail = portal.mail();
    let (_, code) = mail.split_once("Your code is ").unwrap();
    let code = code.split_whitespace().next().unwrap();
    // The code is for the session that asked, whichever token it has meanwhile.
    let renewed = embedded(&portal.origin, SHOP, &renew(&changing).await);
    let confirmed = renewed
        .change("POST", "/customer/email/confirm", json!({ "code": code }))
        .await;
    assert!(confirmed.is("done"), "{confirmed:?}");
    assert_eq!(own.get("/session").await.status, 401);
    assert_eq!(away.get("/session").await.status, 401);
    assert_eq!(renew(&away).await.status, 401);
    assert_eq!(renewed.get("/session").await.status, 200);
}

#[tokio::test]
async fn what_is_exchanged_is_json_with_exactly_one_token() {
    let portal = portal_of(Scenario::Everyday).await;
    let customer = sign_in(&portal, 0).await;
    let token = portal.link_for("maya.lindqvist@example.com").await;
    let token = token_of(&token);
    let both = customer.request("POST", EXCHANGE);
    let both = both.json(&json!({ "token": token }));
    assert_eq!(reply(both).await.problem(), "bad_request");
    for body in [
        json!({}),
        json!([token]),
        json!({"token": token, "origin": SHOP}),
    ] {
        let request = from(&portal.stranger(), "POST", EXCHANGE, &[SHOP]).json(&body);
        assert_eq!(reply(request).await.problem(), "bad_request", "{body}");
    }
    let form = from(&portal.stranger(), "POST", EXCHANGE, &[SHOP]);
    let form = form.header("content-type", "text/plain");
    let form = reply(form.body(json!({ "token": token }).to_string())).await;
    assert_eq!(form.problem(), "not_json");
    for method in ["GET", "PUT", "DELETE"] {
        let request = from(&portal.stranger(), method, EXCHANGE, &[SHOP]);
        let refused = reply(request).await;
        assert_eq!((refused.status, refused.header("allow")), (405, "POST"));
    }
    assert_eq!(exchange(&portal, token, &[SHOP]).await.status, 200);
}

#[tokio::test]
async fn s23_guesses_at_tokens_are_slowed_and_lock_nobody_out() {
    let portal = portal_of(Scenario::Everyday).await;
    let customer = sign_in(&portal, 0).await;
    let link = portal.link_for("maya.lindqvist@example.com").await;
    let (mut links, mut tokens) = (Vec::new(), Vec::new());
    for n in 0..40 {
        links.push(exchange(&portal, &format!("{n:064}"), &[SHOP]).await);
        let mut guessing = customer.clone();
        guessing.away.as_mut().unwrap().token = format!("portal-{n:064}");
        tokens.push(guessing.get("/session").await);
    }
    assert!(SLOWED.contains(&too_many(&links)));
    assert!(SLOWED.contains(&too_many(&tokens)));
    // The page is told when to come back.
    let refused = tokens.iter().find(|reply| reply.status == 429).unwrap();
    assert_eq!(refused.header("access-control-allow-origin"), SHOP);
    assert_eq!(customer.get("/session").await.status, 200);
    assert_eq!(
        exchange(&portal, token_of(&link), &[SHOP]).await.status,
        200
    );
}

#[tokio::test]
async fn a_token_is_known_after_a_restart_and_forgotten_with_its_origin() {
    let portal = portal_of(Scenario::Everyday).await;
    let mut customer = sign_in(&portal, 0).await;
    let portal = portal.restarted().await;
    customer.origin.clone_from(&portal.origin);
    assert_eq!(customer.get("/session").await.status, 200);
    let portal = portal
        .restarted_as(|config| config.replace(&format!("\"{SHOP}\", "), ""))
        .await;
    customer.origin.clone_from(&portal.origin);
    assert_eq!(customer.get("/session").await.status, 401);
}

#[tokio::test]
async fn without_the_store_no_token_is_given_out_or_taken() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let config = listing(&config(&upstream.url));
    let portal = Portal::over(upstream, config, |mut world| {
        world.store = Arc::new(Broken);
        world
    })
    .await;
    let refused = exchange(&portal, &"0".repeat(64), &[SHOP]).await;
    assert_eq!(refused.problem(), "unavailable");
    let token = format!("portal-{}", "0".repeat(64));
    let customer = portal.stranger().on(SHOP, token);
    for refused in [
        customer.get("/session").await,
        renew(&customer).await,
        customer.send("DELETE", "/portal/api/session").await,
    ] {
        assert_eq!(refused.problem(), "unavailable");
    }
}
