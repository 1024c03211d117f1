//! Changes, exactly once.

use serde_json::json;

use crate::support::{Effect, Portal, Scenario, key, reply};

const SKIP: &str = "POST /charges";

#[tokio::test]
async fn a_delivery_is_skipped_and_brought_back_by_its_undo() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let (path, body) = customer.next_skip().await;
    let skipped = customer.change("POST", &path, body.clone()).await;
    assert!(skipped.is("done"), "{skipped:?}");
    assert_eq!(skipped.json()["reference"], skipped.header("x-request-id"));
    let back = path.replace("/skip", "/unskip");
    assert!(customer.change("POST", &back, body).await.is("done"));
}

#[tokio::test]
async fn the_same_key_answers_again_what_it_answered_and_writes_nothing() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let (path, body) = customer.next_skip().await;
    let key = key();
    let first = reply(customer.changing("POST", &path, &key, &body)).await;
    let writes = portal.upstream.writes().await;
    let second = reply(customer.changing("POST", &path, &key, &body)).await;
    assert!(first.is("done"), "{first:?}");
    assert_eq!(first.json()["parts"], second.json()["parts"]);
    assert_eq!(portal.upstream.writes().await, writes);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let (path, body) = customer.next_skip().await;
    let key = key();
    assert!(
        reply(customer.changing("POST", &path, &key, &body))
            .await
            .is("done")
    );
    let writes = portal.upstream.writes().await;
    let other = json!({"purchase_item_ids": [1]});
    let refused = reply(customer.changing("POST", &path, &key, &other)).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (409, "key_reused")
    );
    assert_eq!(portal.upstream.writes().await, writes);
}

#[tokio::test]
async fn of_a_double_press_one_runs() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let (path, body) = customer.next_skip().await;
    portal
        .upstream
        .fault("POST", "", Effect::Delay(300), 1)
        .await;
    let key = key();
    let press = || reply(customer.changing("POST", &path, &key, &body));
    let (first, second) = tokio::join!(press(), press());
    assert!(
        first.is("done") && second.is("done"),
        "{first:?} {second:?}"
    );
    assert_eq!(portal.upstream.count(SKIP).await, 1);
}

#[tokio::test]
async fn a_key_is_known_after_a_restart() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let (path, body) = customer.next_skip().await;
    let key = key();
    assert!(
        reply(customer.changing("POST", &path, &key, &body))
            .await
            .is("done")
    );
    let portal = portal.restarted().await;
    let customer = portal.customer().await;
    assert!(
        reply(customer.changing("POST", &path, &key, &body))
            .await
            .is("done")
    );
    assert_eq!(portal.upstream.count(SKIP).await, 1);
}

#[tokio::test]
async fn the_same_key_of_two_customers_is_two_keys() {
    let portal = Portal::start(Scenario::TwoCustomers).await;
    let customers = portal.upstream.customers().await;
    let key = key();
    for person in customers.as_array().unwrap() {
        let customer = portal.sign_in(person["email"].as_str().unwrap()).await;
        let (path, body) = customer.next_skip().await;
        assert!(
            reply(customer.changing("POST", &path, &key, &body))
                .await
                .is("done")
        );
    }
    assert_eq!(portal.upstream.writes().await, 2);
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_read_back_and_not_repeated() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let (path, body) = customer.next_skip().await;
    portal
        .upstream
        .fault("POST", "/charges/{id}/skip", Effect::LoseAfter, 1)
        .await;
    let lost = customer.change("POST", &path, body).await;
    assert!(lost.is("done"), "{lost:?}");
    assert_eq!(portal.upstream.count(SKIP).await, 1);
}

#[tokio::test]
async fn a_customer_who_leaves_does_not_interrupt_the_change() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let (path, body) = customer.next_skip().await;
    portal
        .upstream
        .fault("POST", "", Effect::Delay(400), 1)
        .await;
    let key = key();
    let request = customer.changing("POST", &path, &key, &body);
    let request = request.timeout(std::time::Duration::from_millis(150));
    assert!(request.send().await.is_err(), "the browser has left");
    let again = reply(customer.changing("POST", &path, &key, &body)).await;
    assert!(again.is("done"), "{again:?}");
    assert_eq!(portal.upstream.count(SKIP).await, 1);
}

#[tokio::test]
async fn a_foreign_delivery_answers_like_a_missing_one_and_nothing_is_written() {
    let portal = Portal::start(Scenario::TwoCustomers).await;
    let customers = portal.upstream.customers().await;
    let email = |at: usize| customers[at]["email"].as_str().unwrap().to_owned();
    let (own, other) = (
        portal.sign_in(&email(0)).await,
        portal.sign_in(&email(1)).await,
    );
    let (path, body) = other.next_skip().await;
    let foreign = own.change("POST", &path, body.clone()).await;
    let parts: Vec<&str> = path.split('/').collect();
    let missing = own.change("POST", &path.replace(parts[2], "1"), body).await;
    let without_reference = |reply: crate::support::Reply| {
        let mut json = reply.json();
        json["reference"] = json!("");
        (reply.status, json)
    };
    assert_eq!(without_reference(foreign), without_reference(missing));
    assert_eq!(portal.upstream.writes().await, 0);
}
