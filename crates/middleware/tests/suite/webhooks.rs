//! Webhooks from Recharge, from the sandbox's own deliveries to what customers see.

use std::path::Path;
use std::time::{Duration, Instant};

use base::hex;
use gateway::Env;
use middleware::HttpRecharge;
use middleware::config::{Config, Origin};
use middleware::webhooks::install::install;
use sandbox::server::CLIENT_SECRET;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{Customer, Portal, Scenario, Upstream, call, config};

/// The configuration of `url` with webhooks that `secret` signs.
fn receiving(url: &str, folder: &Path, secret: &str) -> String {
    let file = folder.join("client-secret");
    std::fs::write(&file, secret).unwrap();
    let table = format!("[webhooks]\nclient_secret_file = {file:?}\n[upstream]");
    config(url).replace("[upstream]", &table)
}

/// A portal at noon that receives webhooks signed with `secret`, with its customer.
async fn portal(secret: &str) -> (Portal, Customer, tempfile::TempDir) {
    portal_with(secret, |config| config).await
}

/// The same with a configuration that `change` has changed.
async fn portal_with(
    secret: &str,
    change: impl FnOnce(String) -> String,
) -> (Portal, Customer, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let upstream = Upstream::start(Scenario::Everyday).await;
    let config = change(receiving(&upstream.url, folder.path(), secret));
    let portal = Portal::over(upstream, config, |dependencies| dependencies).await;
    let (_, minute) = portal.clock.local(portal.clock.now_ms());
    pass_minutes(&portal, i64::from((36 * 60 - minute) % (24 * 60))).await;
    register(&portal).await;
    pass_minutes(&portal, 1).await;
    portal.sweep_unreported().await;
    let customer = portal.customer().await;
    (portal, customer, folder)
}

async fn register(portal: &Portal) {
    let parsed = config(&portal.upstream.url);
    let parsed = Config::parse(&parsed, "portal.toml", Path::new("")).unwrap();
    let token = portal.upstream.token.clone().into();
    let recharge = HttpRecharge::new(&parsed.upstream, &token).unwrap();
    let origin = Origin::parse(&portal.origin).unwrap();
    install(&recharge, &origin, &mut Vec::new()).await.unwrap();
}

/// Lets minutes pass upstream, after which it takes as many calls as ever.
async fn pass_upstream(upstream: &Upstream, minutes: i64) {
    let passed = json!({"advance_ms": minutes * 60_000});
    upstream.change("POST", "/_sandbox/clock", passed).await;
}

/// Lets minutes pass in the portal and upstream.
async fn pass_minutes(portal: &Portal, minutes: i64) {
    portal.clock.pass_minutes(minutes);
    pass_upstream(&portal.upstream, minutes).await;
}

/// The id of the first active subscription and its quantity, as the customer sees them.
async fn first(customer: &Customer) -> (u64, u64) {
    let all = customer.get("/subscriptions").await.json();
    let first = &all["subscriptions"][0];
    let number = |value: &Value| value.as_u64().unwrap();
    (number(&first["id"]), number(&first["quantity"]))
}

async fn set_quantity(portal: &Portal, id: u64, quantity: u64) {
    let body = json!({"quantity": quantity});
    let path = format!("/subscriptions/{id}");
    portal.upstream.change("PUT", &path, body).await;
}

/// Waits until the customer sees so many of their first subscription; how long it took.
async fn shown(customer: &Customer, quantity: u64) -> Duration {
    let since = Instant::now();
    while first(customer).await.1 != quantity {
        assert!(since.elapsed() < Duration::from_secs(5), "it is not shown");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    since.elapsed()
}

/// What the history says was done elsewhere, once the reports so far are handled.
async fn done_elsewhere(portal: &Portal, customer: &Customer) -> Vec<Value> {
    portal.clock.pass_seconds(5);
    portal.handle_reports().await;
    let history = customer.get("/changes").await.json();
    let all = history["changes"].as_array().unwrap().iter();
    let elsewhere = all.filter(|change| change["actor"] == "elsewhere");
    elsewhere.cloned().collect()
}

#[tokio::test]
async fn nw_4_what_the_shop_changes_is_shown_at_once_and_nothing_else_is_read_again() {
    let (portal, customer, _folder) = portal(CLIENT_SECRET).await;
    let (id, _) = first(&customer).await;
    customer.get("/overview").await;
    let calls = portal.upstream.calls().await.len();
    // Longer than answers are reused otherwise.
    pass_minutes(&portal, 20).await;
    customer.get("/overview").await;
    first(&customer).await;
    let since = portal.upstream.calls().await.split_off(calls);
    // Upstream has no webhooks for these.
    let unreported =
        |call: &String| call.contains("/credit_summary") || call.starts_with("GET /products");
    assert!(since.iter().all(unreported), "{since:?}");
    set_quantity(&portal, id, 7).await;
    assert!(shown(&customer, 7).await < Duration::from_secs(3));
}

#[tokio::test]
async fn cu_9_the_history_tells_what_was_changed_elsewhere_and_the_portals_own_changes_once() {
    let (portal, customer, _folder) = portal(CLIENT_SECRET).await;
    let (id, _) = first(&customer).await;
    // The first report only says how it is.
    set_quantity(&portal, id, 3).await;
    shown(&customer, 3).await;
    assert!(done_elsewhere(&portal, &customer).await.is_empty());
    pass_minutes(&portal, 11).await;
    set_quantity(&portal, id, 4).await;
    shown(&customer, 4).await;
    let told = done_elsewhere(&portal, &customer).await;
    let [change] = &told[..] else {
        panic!("{told:?}");
    };
    assert_eq!(change["operation"], "change_quantity");
    let quantity = json!([{"field": "quantity", "before": "3", "after": "4"}]);
    assert_eq!(change["values"], quantity);
    assert_ne!(change["subject"], "");
    let path = format!("/subscriptions/{id}/quantity");
    let own = customer.change("PUT", &path, json!({"quantity": 5})).await;
    assert!(own.is("done"), "{own:?}");
    assert_eq!(done_elsewhere(&portal, &customer).await.len(), 1);
    let body = json!({"cancellation_reason": "By phone"});
    pass_minutes(&portal, 11).await;
    let path = format!("/subscriptions/{id}/cancel");
    portal.upstream.change("POST", &path, body).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let told = done_elsewhere(&portal, &customer).await;
    assert_eq!(told[0]["operation"], "cancel_subscription", "{told:?}");
    assert_eq!(told.len(), 2, "{told:?}");
}

/// Sends a report as upstream does, with the older signature.
async fn send(sender: &Customer, topic: &str, body: &str, secret: &str) -> u16 {
    let digest = Sha256::new().chain_update(secret).chain_update(body);
    let path = format!("/portal/webhooks/recharge/{topic}");
    let request = sender.request("POST", &path).body(body.to_owned());
    let request = request.header("x-recharge-hmac-sha256", hex(&digest.finalize()));
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn s44_a_report_counts_once_in_any_order_and_across_a_restart() {
    let (portal, customer, _folder) = portal(CLIENT_SECRET).await;
    let (id, _) = first(&customer).await;
    let owner = portal.upstream.customers().await[0]["id"].clone();
    let body = |quantity: u32, minute: u32| {
        let updated = format!("2026-01-01T10:{minute:02}:00+00:00");
        json!({"subscription": {"id": id, "customer_id": owner, "quantity": quantity,
            "updated_at": updated}})
        .to_string()
    };
    let topic = "subscription/updated";
    // The second of three comes last.
    for report in [body(1, 0), body(3, 20), body(2, 10), body(3, 20)] {
        assert_eq!(send(&customer, topic, &report, CLIENT_SECRET).await, 204);
        done_elsewhere(&portal, &customer).await;
    }
    let told = done_elsewhere(&portal, &customer).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["values"][0]["after"], "3");
    let portal = portal.restarted().await;
    let customer = portal.customer().await;
    assert_eq!(
        send(&customer, topic, &body(3, 20), CLIENT_SECRET).await,
        204
    );
    assert_eq!(done_elsewhere(&portal, &customer).await.len(), 1);
}

#[tokio::test]
async fn nw_3_a_report_that_upstream_did_not_sign_has_no_effect() {
    let (portal, customer, _folder) = portal(CLIENT_SECRET).await;
    let (id, quantity) = first(&customer).await;
    let calls = portal.upstream.calls().await.len();
    let report = json!({"subscription": {"id": id, "quantity": 9}}).to_string();
    let topic = "subscription/updated";
    assert_eq!(send(&customer, topic, &report, "another-secret").await, 401);
    assert_eq!(
        send(&customer, "moon/rise", &report, CLIENT_SECRET).await,
        404
    );
    assert_eq!(send(&customer, topic, "{}", CLIENT_SECRET).await, 400);
    let long = " ".repeat(1024 * 1024) + &report;
    assert_eq!(send(&customer, topic, &long, CLIENT_SECRET).await, 413);
    assert_eq!(first(&customer).await, (id, quantity));
    assert_eq!(portal.upstream.calls().await.len(), calls);
    let closed = Portal::start(Scenario::Everyday).await;
    assert_eq!(
        send(&closed.stranger(), topic, &report, CLIENT_SECRET).await,
        404
    );
}

#[tokio::test]
async fn s44_a_thousand_reports_at_once_are_answered_within_five_seconds() {
    let (portal, _, _folder) = portal(CLIENT_SECRET).await;
    let since = Instant::now();
    let sender = &portal.stranger();
    let senders = (0..50).map(|first| async move {
        for number in 0..20 {
            let id = first * 100 + number;
            let body = json!({"charge": {"id": id, "customer": {"id": id}}}).to_string();
            let status = send(sender, "charge/paid", &body, CLIENT_SECRET).await;
            assert_eq!(status, 204);
        }
    });
    futures_util::future::join_all(senders).await;
    let took = since.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
}

/// Reports twice that a charge of the customer was paid, and says what the customer is sent.
async fn mail_after_payments(config: impl FnOnce(String) -> String) -> Vec<String> {
    let (portal, _, _folder) = portal_with(CLIENT_SECRET, config).await;
    let sender = &portal.stranger();
    let customer = portal.upstream.customers().await[0]["id"].clone();
    let file = portal.folder.path().join("mail/latest.eml");
    let mut mails = Vec::new();
    for (charge, note) in [
        (1, "first"),
        (1, "the same, with another body"),
        (2, "next"),
    ] {
        let body = json!({"charge": {"id": charge, "customer": {"id": customer}, "note": note}});
        let status = send(sender, "charge/paid", &body.to_string(), CLIENT_SECRET).await;
        assert_eq!(status, 204);
        portal.clock.pass_seconds(5);
        portal.handle_reports().await;
        // What is queued leaves within a second.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        if let Ok(mail) = std::fs::read_to_string(&file) {
            mails.push(mail);
            std::fs::remove_file(&file).unwrap();
        }
    }
    mails
}

#[tokio::test]
async fn each_payment_is_followed_by_one_email_where_the_shop_wants_that() {
    assert!(mail_after_payments(|config| config).await.is_empty());
    let wanted = |config: String| {
        config.replace(
            "folder = \"mail\"",
            "folder = \"mail\"\nafter_payment = true",
        )
    };
    let mails = mail_after_payments(wanted).await;
    assert_eq!(mails.len(), 2, "{mails:?}");
    for mail in mails {
        assert!(mail.contains("To: maya.lindqvist@example.com"), "{mail}");
        assert!(mail.contains("/portal/"), "{mail}");
    }
}

#[tokio::test]
async fn nw_2_what_was_never_delivered_is_found_by_the_sweep() {
    // All that upstream signs is refused here.
    let (portal, customer, _folder) = portal("a-secret-of-somebody-else").await;
    let (id, _) = first(&customer).await;
    set_quantity(&portal, id, 7).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_ne!(first(&customer).await.1, 7);
    portal.sweep_unreported().await;
    assert_eq!(first(&customer).await.1, 7);
    // Without a sweep that goes well, answers are reused as if there were no webhooks.
    set_quantity(&portal, id, 8).await;
    pass_minutes(&portal, 20).await;
    assert_eq!(first(&customer).await.1, 7);
    pass_minutes(&portal, 20).await;
    let customer = portal.customer().await;
    assert_eq!(first(&customer).await.1, 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn nw_2_webhooks_are_registered_repaired_and_missed_by_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let upstream = Upstream::start(Scenario::Everyday).await;
    let file = folder.path().join("portal.toml");
    let write = |origin: &str| {
        let config = receiving(&upstream.url, folder.path(), CLIENT_SECRET);
        let config = format!("public_origin = \"{origin}\"\n{config}");
        std::fs::write(&file, config).unwrap();
    };
    let run = async |words: &[&str]| {
        pass_upstream(&upstream, 1).await;
        let output = call(words, &file);
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    };
    write("https://old.example");
    let (passes, said) = run(&["check"]).await;
    assert!(
        !passes && said.contains("webhooks are missing: address/created"),
        "{said}"
    );
    let (_, said) = run(&["webhooks", "install"]).await;
    assert_eq!(said, "32 webhooks registered, 0 repaired, 0 were there\n");
    assert!(
        run(&["check"])
            .await
            .1
            .contains("all webhooks are registered")
    );
    write("https://account.example");
    assert!(!run(&["check"]).await.0);
    let (_, said) = run(&["webhooks", "install"]).await;
    assert_eq!(said, "0 webhooks registered, 32 repaired, 0 were there\n");
}
