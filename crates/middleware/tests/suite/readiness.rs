//! A store that cannot be written: what operators are told, and how fast customers are.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::{Connection, Executor, SqliteConnection};

use crate::support::{Portal, Program, Scenario, Upstream, key, reply};

/// Holds the database so that nobody else writes it.
async fn lock(folder: &Path) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("portal.db"));
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    other
}

#[tokio::test]
async fn s52_a_locked_database_is_not_ready_and_says_why_once() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &upstream);
    let customer = program.customer(&upstream).await;
    let ready = async || customer.send("GET", "/readyz").await;
    assert_eq!(ready().await.status, 200);

    let mut other = lock(folder.path()).await;
    for _ in 0..3 {
        let answer = ready().await;
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.text.contains("cannot be written"), "{answer:?}");
    }
    other.execute("ROLLBACK").await.unwrap();
    assert_eq!(ready().await.status, 200);
    let log = program.log();
    let lines = |text: &str| log.lines().filter(|line| line.contains(text)).count();
    assert_eq!(lines("not ready"), 1, "{log}");
    assert!(lines("locked") > 0, "{log}");
    assert_eq!(lines("the store works again"), 1, "{log}");
}

#[tokio::test]
async fn s52_over_a_locked_database_eight_changes_fail_closed_within_five_seconds() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let (path, body) = customer.next_skip().await;
    let _other = lock(portal.folder.path()).await;
    let began = Instant::now();
    let changes = (0..8).map(|_| {
        let request = customer.changing("POST", &path, &key(), &body);
        tokio::spawn(reply(request))
    });
    for change in changes.collect::<Vec<_>>() {
        let answer = change.await.unwrap();
        assert!(answer.status >= 500, "{answer:?}");
    }
    let took = began.elapsed();
    eprintln!("eight changes over a locked database took {took:?}");
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(portal.upstream.writes().await, 0);
}

#[tokio::test]
async fn s5_signing_out_over_a_locked_database_removes_the_cookie_and_ends_the_session_here() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    assert_eq!(customer.get("/session").await.status, 200);
    let mut other = lock(portal.folder.path()).await;
    let left = customer.send("DELETE", "/portal/api/session").await;
    assert_eq!(left.problem(), "unavailable");
    assert!(left.header("set-cookie").contains("Max-Age=0"), "{left:?}");
    assert!(left.text.contains("signed out in this browser"), "{left:?}");
    assert_eq!(customer.get("/session").await.problem(), "session_ended");

    // It is ended for good as soon as that can be stored.
    other.execute("ROLLBACK").await.unwrap();
    let ended = "SELECT count(*) FROM sessions";
    for _ in 0..40 {
        portal.sweep().await;
        let left: i64 = sqlx::query_scalar(ended)
            .fetch_one(&mut other)
            .await
            .unwrap();
        if left == 0 {
            return;
        }
    }
    panic!("the session is still stored");
}

#[tokio::test]
async fn s1_a_clock_that_is_set_back_ends_links_sessions_and_codes() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let asked = customer
        .change("POST", "/customer/deletion", json!({}))
        .await;
    assert!(asked.is("done"), "{asked:?}");
    let mail = portal.mail();
    let (_, code) = mail.split_once("Your code is ").unwrap();
    let code = code.split_whitespace().next().unwrap();
    let link = portal.link_for("maya.lindqvist@example.com").await;
    // Three of the link's five minutes pass, and are then taken back.
    portal.clock.pass_minutes(3);
    assert_eq!(customer.get("/session").await.status, 200);
    portal.clock.pass_minutes(-3);
    assert_eq!(portal.stranger().open(&link).await.status, 410);
    assert_eq!(customer.get("/session").await.problem(), "session_ended");
    let again = portal.customer().await;
    let confirmed = again
        .change("POST", "/customer/deletion/confirm", json!({"code": code}))
        .await;
    assert!(confirmed.is("refused"), "{confirmed:?}");
}

#[tokio::test]
async fn s1_a_clock_that_is_set_back_before_a_restart_ends_links_and_sessions() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let link = portal.link_for("maya.lindqvist@example.com").await;
    portal.clock.pass_minutes(-30);
    let portal = portal.restarted().await;
    let mut back = portal.stranger();
    back.cookie = customer.cookie;
    assert_eq!(back.get("/session").await.problem(), "session_ended");
    let path = link.split_once("/portal/").unwrap().1;
    let opened = back.send("GET", &format!("/portal/{path}")).await;
    assert_eq!(opened.status, 410);
}
