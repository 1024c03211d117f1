//! How customers cancel, counted without them.

use middleware::SqliteStore;
use middleware::admin;
use serde_json::{Value, json};

use crate::support::{Customer, Portal, Reply, Scenario};

const MAYA: &str = "maya.lindqvist@example.com";

async fn counting() -> Portal {
    Portal::with(Scenario::Everyday, |config| {
        format!("{config}\n[analytics]\nfunnel = true\n[support]\n")
    })
    .await
}

fn flow(n: u32) -> String {
    format!("{n:08x}-0000-4000-8000-000000000000")
}

async fn report(customer: &Customer, body: Value) -> Reply {
    customer.change("POST", "/events", body).await
}

/// The table of all days.
async fn table(portal: &Portal) -> String {
    let file = portal.folder.path().join("portal.db");
    let store = SqliteStore::beside(&file).await.unwrap();
    let (from, to) = ("2020-01-01".parse().unwrap(), "2100-01-01".parse().unwrap());
    let mut out = Vec::new();
    admin::funnel(&store, from, to, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

#[tokio::test]
async fn an_2_nothing_is_counted_unless_the_merchant_says_so() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let step = json!({"version": 1, "flow": flow(1), "step": "started"});
    assert_eq!(report(&customer, step).await.status, 404);
    assert!(!table(&portal).await.contains(" 1 "));
}

#[tokio::test]
async fn an_2_each_step_of_a_flow_is_counted_once_and_the_table_adds_up() {
    let portal = counting().await;
    let customer = portal.customer().await;
    for n in 1..=4 {
        // Reported again, as after a lost answer.
        for _ in 0..2 {
            let step = json!({"version": 1, "flow": flow(n), "step": "started"});
            assert_eq!(report(&customer, step).await.status, 204);
        }
    }
    for n in 1..=3 {
        let step = json!({"version": 1, "flow": flow(n), "step": "reason", "reason": "Too much"});
        assert_eq!(report(&customer, step).await.status, 204);
        let offer = json!({"version": 1, "flow": flow(n), "step": "offer_shown", "offer": "pause_subscription"});
        assert_eq!(report(&customer, offer).await.status, 204);
    }
    for (n, step) in [
        (1, "offer_accepted"),
        (2, "offer_declined"),
        (3, "offer_declined"),
    ] {
        let step =
            json!({"version": 1, "flow": flow(n), "step": step, "offer": "pause_subscription"});
        report(&customer, step).await;
    }
    report(
        &customer,
        json!({"version": 1, "flow": flow(2), "step": "canceled"}),
    )
    .await;
    let table = table(&portal).await;
    let rows: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        rows[1..],
        [
            vec!["started", "4", "100%"],
            vec!["reason", "3", "75%"],
            vec!["Too", "much", "3", "75%"],
            vec!["offer_shown", "3", "75%"],
            vec!["pause_subscription", "3", "75%"],
            vec!["offer_accepted", "1", "25%"],
            vec!["pause_subscription", "1", "25%"],
            vec!["offer_declined", "2", "50%"],
            vec!["pause_subscription", "2", "50%"],
            vec!["canceled", "1", "25%"],
        ],
        "{table}"
    );
}

#[tokio::test]
async fn an_1_an_event_holds_nothing_that_a_customer_typed() {
    let portal = counting().await;
    let customer = portal.customer().await;
    for wrong in [
        json!({"version": 2, "flow": flow(1), "step": "started"}),
        json!({"version": 1, "flow": "maya@example.com", "step": "started"}),
        json!({"version": 1, "flow": flow(1), "step": "reason", "reason": "I am moving to Ithaca"}),
        json!({"version": 1, "flow": flow(1), "step": "reason"}),
        json!({"version": 1, "flow": flow(1), "step": "started", "reason": "Too much"}),
        json!({"version": 1, "flow": flow(1), "step": "offer_shown", "offer": "a discount"}),
        json!({"version": 1, "flow": flow(1), "step": "started", "email": MAYA}),
        json!({"version": 1, "flow": flow(1), "step": "looked"}),
    ] {
        assert_eq!(
            report(&customer, wrong.clone()).await.status,
            400,
            "{wrong}"
        );
    }
    let foreign = customer
        .request("POST", "/portal/api/events")
        .header("origin", "https://evil.example");
    let step = json!({"version": 1, "flow": flow(1), "step": "started"});
    let foreign = crate::support::reply(foreign.json(&step)).await;
    assert_eq!(foreign.status, 403);
    assert!(
        table(&portal)
            .await
            .contains("started                                         0        -")
    );
}

#[tokio::test]
async fn an_2_what_staff_look_at_is_not_counted() {
    let portal = counting().await;
    let link = portal
        .link(json!({"email": MAYA, "staff": "agent-7"}))
        .await
        .json();
    let agent = crate::support::sign_in(&portal.origin, link["url"].as_str().unwrap()).await;
    let step = json!({"version": 1, "flow": flow(1), "step": "started"});
    assert_eq!(report(&agent, step).await.status, 204);
    assert!(
        table(&portal)
            .await
            .contains("started                                         0        -")
    );
}
