//! Two servers over one PostgreSQL database.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{
    Customer, Effect, Program, Scenario, Server, Upstream, call, config, key, reply,
};

/// Two programs over one database, and their first customer.
struct Two {
    first: Program,
    second: Program,
    customer: Customer,
    upstream: Upstream,
    _folders: [tempfile::TempDir; 2],
    _server: Server,
}

/// `None` where no PostgreSQL can run.
async fn two() -> Option<Two> {
    let server = Server::start().await?;
    let upstream = Upstream::start(Scenario::Everyday).await;
    let url = server.database().await;
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let mut programs = Vec::new();
    for folder in &folders {
        let file = folder.path().join("database-url");
        std::fs::write(&file, &url).unwrap();
        let config = format!(
            "{}\n[postgres]\nurl_file = {file:?}\n",
            config(&upstream.url)
        );
        let (folder, upstream) = (folder.path().to_owned(), upstream.clone());
        let starting = move || Program::start_with(&folder, &upstream, &config);
        programs.push(tokio::task::spawn_blocking(starting).await.unwrap());
    }
    let second = programs.pop().unwrap();
    let first = programs.pop().unwrap();
    Some(Two {
        customer: first.customer(&upstream).await,
        first,
        second,
        upstream,
        _folders: folders,
        _server: server,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn s50_what_one_server_changes_another_shows() {
    let Some(two) = two().await else { return };
    let here = &two.customer;
    let there = here.clone().at(&two.second.origin);
    let before = there.get("/deliveries").await;
    assert_eq!(before.status, 200, "{before:?}");
    let (path, body) = here.next_skip().await;
    assert!(here.change("POST", &path, body).await.is("done"));
    let since = Instant::now();
    while !there.get("/deliveries").await.text.contains("\"skipped\"") {
        assert!(since.elapsed() < Duration::from_secs(5), "it is not shown");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let left = there.send("DELETE", "/portal/api/session").await;
    assert_eq!(left.status, 204);
    assert_eq!(here.get("/overview").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn s50_of_one_change_sent_to_two_servers_one_is_made() {
    let Some(two) = two().await else { return };
    let here = &two.customer;
    let there = here.clone().at(&two.second.origin);
    let (path, body) = here.next_skip().await;
    let key = key();
    let (one, other) = tokio::join!(
        reply(here.changing("POST", &path, &key, &body)),
        reply(there.changing("POST", &path, &key, &body)),
    );
    assert!(one.is("done") && other.is("done"), "{one:?} {other:?}");
    assert_eq!(two.upstream.writes().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn s50_wrong_codes_sent_to_two_servers_are_all_counted() {
    let Some(two) = two().await else { return };
    let here = &two.customer;
    let there = here.clone().at(&two.second.origin);
    assert_eq!(
        here.change("POST", "/verifications", json!({}))
            .await
            .status,
        200
    );
    let wrong = json!({"code": "ZZZZZZ"});
    let tries = [here, &there, here, &there].map(|server| {
        let wrong = wrong.clone();
        async move { server.change("POST", "/verifications", wrong).await.status }
    });
    let statuses = futures_util::future::join_all(tries).await;
    assert_eq!(statuses, [200; 4]);
    let last = here.change("POST", "/verifications", wrong).await.json();
    assert_eq!(last, json!({"verified": false, "awaited": null}));
}

#[tokio::test(flavor = "multi_thread")]
async fn s50_a_change_of_a_killed_server_is_finished_by_another() {
    let Some(mut two) = two().await else { return };
    let (path, body) = two.customer.next_skip().await;
    let slow = Effect::Delay(3_000);
    two.upstream
        .fault("POST", "/charges/{id}/skip", slow, 1)
        .await;
    let key = key();
    let sent = two.customer.changing("POST", &path, &key, &body);
    let sending = tokio::spawn(sent.send());
    let since = Instant::now();
    while two.upstream.writes().await == 0 {
        assert!(since.elapsed() < Duration::from_secs(5), "it is not sent");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    two.first.kill();
    assert!(sending.await.unwrap().is_err());
    let there = two.customer.clone().at(&two.second.origin);
    let again = reply(there.changing("POST", &path, &key, &body)).await;
    assert!(again.is("done"), "{again:?}");
    assert_eq!(two.upstream.writes().await, 1);
    let history = there.get("/changes").await.json();
    assert_eq!(history["changes"].as_array().unwrap().len(), 1);
    assert_eq!(history["changes"][0]["state"], json!("done"));
}

#[tokio::test(flavor = "multi_thread")]
async fn s50_a_sqlite_file_moves_to_postgresql_with_its_sessions_and_its_history() {
    let Some(server) = Server::start().await else {
        return;
    };
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let mut before = Program::start(folder.path(), &upstream);
    let customer = before.customer(&upstream).await;
    let (path, body) = customer.next_skip().await;
    assert!(customer.change("POST", &path, body).await.is("done"));
    let history = customer.get("/changes").await.text;
    before.terminate();
    assert!(before.ended().await.success());

    let url = folder.path().join("database-url");
    std::fs::write(&url, server.database().await).unwrap();
    let config = format!(
        "{}\n[postgres]\nurl_file = {url:?}\n",
        config(&upstream.url)
    );
    let file = folder.path().join("portal.toml");
    std::fs::write(&file, &config).unwrap();
    let database = folder.path().join("portal.db");
    let words = ["migrate", "--from", database.to_str().unwrap()];
    let moved = call(&words, &file);
    assert!(moved.status.success(), "{moved:?}");
    let again = String::from_utf8(call(&words, &file).stderr).unwrap();
    assert!(again.contains("has been used already"), "{again}");
    let after = Program::start_with(folder.path(), &upstream, &config);
    let customer = customer.at(&after.origin);
    assert_eq!(customer.get("/changes").await.text, history);
    assert_eq!(after.run(&["audit", "verify"]).lines().count(), 1);
}
