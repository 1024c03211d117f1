//! What the client of Recharge does when upstream is slow, busy, broken or lies.

use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{Effect, Portal, Program, Reply, Scenario, Upstream, config};

const SKIP: &str = "POST /charges";

#[tokio::test]
async fn a_busy_upstream_is_asked_again_for_any_method() {
    let fast = |config: String| config.replace("[upstream]", "[upstream]\nleak_per_second = 100");
    let portal = Portal::with(Scenario::Everyday, fast).await;
    let customer = portal.customer().await;
    portal
        .upstream
        .fault("GET", "", Effect::Status(429), 1)
        .await;
    assert_eq!(customer.get("/orders").await.status, 200);

    let (path, body) = customer.next_skip().await;
    portal
        .upstream
        .fault("POST", "", Effect::Status(429), 1)
        .await;
    let skipped = customer.change("POST", &path, body).await;
    assert!(skipped.is("done"), "{skipped:?}");
    assert_eq!(portal.upstream.count(&format!("{SKIP}/")).await, 2);
    assert_eq!(portal.upstream.writes().await, 1);
}

#[tokio::test]
async fn a_conflict_is_tried_again_after_reading() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let (path, body) = customer.next_skip().await;
    portal
        .upstream
        .fault("POST", "", Effect::Status(409), 1)
        .await;
    let skipped = customer.change("POST", &path, body).await;
    assert!(skipped.is("done"), "{skipped:?}");
    assert_eq!(portal.upstream.writes().await, 1);
}

#[tokio::test]
async fn a_broken_answer_repeats_reads_three_times_at_most_and_writes_never() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    for status in [502, 503, 504] {
        portal
            .upstream
            .fault("GET", "/orders", Effect::Status(status), 1)
            .await;
        portal.clock.pass_minutes(2);
        assert_eq!(customer.get("/orders").await.status, 200, "{status}");
    }
    portal
        .upstream
        .fault("GET", "/addresses", Effect::Status(503), 3)
        .await;
    let before = portal.upstream.count("GET /addresses").await;
    assert_eq!(customer.get("/addresses").await.problem(), "unavailable");
    assert_eq!(portal.upstream.count("GET /addresses").await, before + 3);

    let (path, body) = customer.next_skip().await;
    portal
        .upstream
        .fault("POST", "", Effect::Status(503), 5)
        .await;
    let skipped = customer.change("POST", &path, body).await;
    assert!(!skipped.is("done"), "{skipped:?}");
    assert_eq!(portal.upstream.count(SKIP).await, 1);
}

#[tokio::test]
async fn while_upstream_is_away_the_last_view_is_shown_with_its_age() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let fresh = customer.get("/deliveries").await;
    assert_eq!(fresh.header("age"), "");
    portal
        .upstream
        .fault("GET", "", Effect::Status(503), 100)
        .await;
    portal.clock.pass_minutes(2);
    let kept = customer.get("/deliveries").await;
    assert_eq!((kept.status, &kept.text), (200, &fresh.text));
    let age: u32 = kept.header("age").parse().unwrap();
    assert!((120..150).contains(&age), "{age}");
}

#[tokio::test]
async fn what_is_no_answer_of_the_api_is_asked_for_again_and_then_the_last_view_is_shown() {
    for effect in [Effect::NotJson, Effect::Status(204), Effect::Status(301)] {
        let portal = Portal::start(Scenario::Everyday).await;
        let customer = portal.customer().await;
        portal.upstream.fault("GET", "", effect, 1).await;
        let again = customer.get("/deliveries").await;
        assert_eq!((again.status, again.header("age")), (200, ""), "{effect:?}");
        portal.clock.pass_minutes(2);
        portal.upstream.fault("GET", "", effect, 100).await;
        let stale = customer.get("/deliveries").await;
        assert_eq!(
            (stale.status, &stale.text),
            (200, &again.text),
            "{effect:?}"
        );
        assert!(!stale.header("age").is_empty(), "{effect:?}");
        // What was never read has no last view, and says that the store cannot be read.
        let never = customer.get("/addresses").await;
        assert_eq!(never.problem(), "unavailable", "{effect:?}");
    }
}

#[tokio::test]
async fn a_lost_read_is_repeated() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    portal
        .upstream
        .fault("GET", "/orders", Effect::LoseBefore, 1)
        .await;
    assert_eq!(customer.get("/orders").await.status, 200);
}

#[tokio::test]
async fn an_upstream_that_keeps_failing_is_left_alone_for_a_while() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    portal
        .upstream
        .fault("GET", "", Effect::Status(503), 100)
        .await;
    for _ in 0..3 {
        assert_eq!(customer.get("/orders").await.problem(), "unavailable");
    }
    let before = portal.upstream.calls().await.len();
    assert_eq!(customer.get("/orders").await.problem(), "unavailable");
    assert_eq!(portal.upstream.calls().await.len(), before);
}

#[tokio::test]
async fn a_silent_upstream_is_given_up_within_the_deadline() {
    let impatient = |config: String| {
        config.replace(
            "[upstream]",
            "[upstream]\nread_timeout_seconds = 1\ndeadline_seconds = 2",
        )
    };
    let portal = Portal::with(Scenario::Everyday, impatient).await;
    let customer = portal.customer().await;
    portal
        .upstream
        .fault("GET", "/orders", Effect::Delay(20_000), 5)
        .await;
    let start = Instant::now();
    assert_eq!(customer.get("/orders").await.problem(), "unavailable");
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn without_a_connection_the_answer_says_so_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let upstream = Upstream::at(url);
    let config = config(&upstream.url);
    let portal = Portal::over(upstream, config, |world| world).await;
    let start = Instant::now();
    let reply = portal.link(json!({"email": "maya@example.com"})).await;
    assert_eq!(
        (reply.status, reply.problem().as_str()),
        (503, "unavailable")
    );
    assert!(
        start.elapsed() < Duration::from_secs(6),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn a_redirect_of_upstream_is_not_followed() {
    let visited = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = format!("http://{}/", visited.local_addr().unwrap());
    let lying = Router::new().fallback(move || {
        let place = place.clone();
        async move { (StatusCode::FOUND, [(LOCATION, place)]) }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream = Upstream::at(format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(axum::serve(listener, lying).into_future());

    let config = config(&upstream.url);
    let portal = Portal::over(upstream, config, |world| world).await;
    let reply = portal.link(json!({"customer_id": 1})).await;
    assert!(reply.status >= 500, "{reply:?}");
    let waited = tokio::time::timeout(Duration::from_millis(200), visited.accept()).await;
    assert!(waited.is_err(), "nobody came");
}

#[tokio::test]
async fn s36_eighty_calls_of_one_customer_stay_within_the_bucket_and_delay_another_hardly() {
    let portal = Portal::start(Scenario::TwoCustomers).await;
    let customers = portal.upstream.customers().await;
    let busy = portal
        .sign_in(customers[0]["email"].as_str().unwrap())
        .await;
    let other = portal
        .sign_in(customers[1]["email"].as_str().unwrap())
        .await;
    for id in 1..=80 {
        let busy = busy.clone();
        tokio::spawn(async move { busy.get(&format!("/orders/{id}")).await });
    }
    // Until the bucket is as full as it may be, the other one would not have to wait anyway.
    while portal.upstream.calls().await.len() < 40 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let start = Instant::now();
    assert_eq!(other.get("/customer").await.status, 200);
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    tokio::time::sleep(Duration::from_secs(2)).await;
    let calls = portal.upstream.calls().await;
    let refused = calls.iter().filter(|call| call.ends_with(" 429")).count();
    assert_eq!(refused, 0, "{calls:?}");
    assert!((44..80).contains(&calls.len()), "{} calls", calls.len());
}

/// The wait that a 503 names, seconds.
fn wait(reply: &Reply) -> u64 {
    assert_eq!(
        (reply.status, reply.problem().as_str()),
        (503, "unavailable")
    );
    assert_eq!(
        reply.json()["retry_after"].to_string(),
        reply.header("retry-after")
    );
    reply.header("retry-after").parse().unwrap()
}

#[tokio::test]
async fn every_503_says_when_to_try_again() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    // Upstream does not answer in time, nor does it say when it will.
    for effect in [Effect::Status(503), Effect::LoseBefore] {
        portal.upstream.fault("GET", "", effect, 3).await;
        assert_eq!(wait(&customer.get("/orders").await), 5);
    }
    // The circuit is open.
    portal
        .upstream
        .fault("GET", "", Effect::Status(500), 9)
        .await;
    assert!((1..=5).contains(&wait(&customer.get("/customer").await)));
    assert!((1..=5).contains(&wait(
        &portal.link(json!({"email": "maya@example.com"})).await
    )));
}

#[tokio::test]
async fn s36_what_cannot_be_read_in_time_is_refused_at_once_with_the_time_after_which_it_can() {
    let slow = |config: String| {
        config.replace(
            "[upstream]",
            "[upstream]\nbucket = 6\nleak_per_second = 1\ndeadline_seconds = 3",
        )
    };
    let portal = Portal::with(Scenario::Everyday, slow).await;
    let customer = portal.customer().await;
    let start = Instant::now();
    let reads = (1..=20).map(|id| {
        let customer = customer.clone();
        tokio::spawn(async move {
            let reply = customer.get(&format!("/orders/{id}")).await;
            (reply, start.elapsed())
        })
    });
    let (mut read, mut refused) = (0, 0);
    for reading in reads.collect::<Vec<_>>() {
        let (reply, after) = reading.await.unwrap();
        if reply.status == 404 {
            read += 1;
            continue;
        }
        assert!((2..=20).contains(&wait(&reply)), "{reply:?}");
        assert!(after < Duration::from_secs(1), "{after:?}");
        refused += 1;
    }
    assert!(read >= 5 && refused >= 8, "{read} read, {refused} refused");
}

/// The lines of the log that begin so, warnings only.
fn warnings(program: &Program, text: &str) -> usize {
    let log = program.log();
    let lines = log
        .lines()
        .filter(|line| line.contains("\"WARN\"") && line.contains(text));
    lines.count()
}

#[tokio::test]
async fn s52_what_recharge_refuses_is_logged_once_and_told_by_readyz_until_it_is_over() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let config = config(&upstream.url).replace("[upstream]", "[upstream]\ncache_seconds = 0");
    let program = Program::start_with(folder.path(), &upstream, &config);
    let customer = program.customer(&upstream).await;
    let ready = async || {
        let reply = customer.send("GET", "/readyz").await;
        assert_eq!(reply.status, 200);
        reply.text
    };
    assert_eq!(ready().await, "ready");

    upstream
        .fault("GET", "/orders", Effect::Status(403), 2)
        .await;
    for _ in 0..2 {
        customer.get("/orders").await;
    }
    assert_eq!(
        ready().await,
        "ready; Recharge refuses GET /orders with 403"
    );
    assert_eq!(warnings(&program, "a scope is missing"), 1);
    customer.get("/orders").await;
    assert_eq!(ready().await, "ready");

    upstream.fault("GET", "", Effect::Status(401), 3).await;
    for path in ["/orders", "/addresses", "/orders"] {
        customer.get(path).await;
    }
    assert_eq!(ready().await, "ready; Recharge refuses the token with 401");
    assert_eq!(warnings(&program, "refuses the token"), 1);
    customer.get("/orders").await;
    assert_eq!(ready().await, "ready");

    upstream.fault("GET", "", Effect::Status(503), 6).await;
    for path in ["/orders", "/addresses"] {
        customer.get(path).await;
    }
    assert_eq!(ready().await, "ready; Recharge fails with 503");
    assert_eq!(warnings(&program, "keeps failing"), 1);
    customer.get("/customer").await;
    assert_eq!(ready().await, "ready");
}
