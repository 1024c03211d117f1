//! The audit log: what is in it, that it cannot be changed unnoticed, and how it is exported.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use middleware::SqliteStore;
use middleware::admin::{AuditDays, AuditFormat, export_audit, verify_audit};
use middleware::store::{AuditLog, AuditRecord, AuditSnapshot, End, StoreError};
use protocol::CustomerId;
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};

use crate::support::{Portal, Program, Scenario, Upstream, call, config, key, reply};

/// The lines of a log.
pub(crate) async fn lines(portal: &Portal) -> Vec<Value> {
    let file = portal.folder.path().join("portal.db");
    let store = SqliteStore::beside(&file);
    let text = exported(
        &store.await.unwrap(),
        AuditFormat::Jsonl,
        AuditDays::default(),
    )
    .await;
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

async fn exported(store: &SqliteStore, format: AuditFormat, days: AuditDays) -> String {
    let mut out = Vec::new();
    export_audit(store, format, days, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

/// What the check says, and whether that is that all is well.
async fn verified(store: &SqliteStore, noted: Option<&End>) -> (bool, String) {
    let mut out = Vec::new();
    let is_right = verify_audit(store, noted, &mut out).await.unwrap();
    (is_right, String::from_utf8(out).unwrap())
}

fn record(at_ms: i64, object: &str) -> AuditRecord {
    AuditRecord {
        at_ms,
        actor: "customer".into(),
        customer: CustomerId(7),
        action: "skip_delivery".into(),
        object: object.into(),
        before: None,
        after: Some("{}".into()),
        request_id: "0123456789ab".into(),
        outcome: "done".into(),
    }
}

/// A log of six lines in a file.
async fn six(folder: &Path) -> SqliteStore {
    let store = SqliteStore::open(&folder.join("portal.db")).await.unwrap();
    for n in 1..=6 {
        store
            .append(&record(n * 1_000, &format!("address_id={n}")))
            .await
            .unwrap();
    }
    store
}

/// Does to the file what only somebody can do who has it, without what holds them back.
async fn tamper(folder: &Path, sql: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("portal.db"));
    let mut file = SqliteConnection::connect_with(&options).await.unwrap();
    for trigger in ["audit_lines_stay", "audit_lines_go_behind_the_anchor"] {
        sqlx::query(sqlx::AssertSqlSafe(format!("DROP TRIGGER {trigger}")))
            .execute(&mut file)
            .await
            .unwrap();
    }
    sqlx::raw_sql(sql).execute(&mut file).await.unwrap();
    file.close().await.unwrap();
}

#[tokio::test]
async fn s58_a_line_that_was_changed_removed_moved_or_added_is_found() {
    for (sql, said) in [
        (
            "UPDATE audit_log SET line = replace(line, 'address_id=3', 'address_id=9') WHERE number = 3",
            "line 3 was changed",
        ),
        (
            "UPDATE audit_log SET line = replace(line, '\"done\"', '\"refused\"') WHERE number = 6",
            "line 6 was changed",
        ),
        (
            "UPDATE audit_log SET line = 'x' WHERE number = 2",
            "line 2 was changed",
        ),
        (
            "DELETE FROM audit_log WHERE number = 4",
            "line 4 is missing",
        ),
        (
            "DELETE FROM audit_log WHERE number = 1",
            "line 1 is missing",
        ),
        (
            "DELETE FROM audit_log WHERE number > 4",
            "line 5 is missing, with all after it: the log had 6 lines",
        ),
        (
            "UPDATE audit_log SET number = -number WHERE number IN (2, 3); \
             UPDATE audit_log SET number = 5 + number WHERE number < 0",
            "line 2 was changed",
        ),
        (
            "INSERT INTO audit_log (number, line) \
             SELECT 7, replace(line, '\"number\":6', '\"number\":7') FROM audit_log WHERE number = 6",
            "line 6 was changed",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = six(folder.path()).await;
        let (is_right, all) = verified(&store, None).await;
        assert!(
            is_right && all.starts_with("6 lines, all as they were written; head 6:"),
            "{all}"
        );
        tamper(folder.path(), sql).await;
        assert_eq!(
            verified(&store, None).await,
            (false, format!("{said}\n")),
            "{sql}"
        );
    }
}

#[tokio::test]
async fn s58_a_tail_that_was_cut_off_with_its_head_is_found_by_a_head_that_was_noted() {
    let folder = tempfile::tempdir().unwrap();
    let store = six(folder.path()).await;
    let noted = store.head().await.unwrap();
    assert!(verified(&store, Some(&noted)).await.0);
    let text = noted.to_string();
    assert_eq!(text.parse(), Ok(noted.clone()));
    tamper(
        folder.path(),
        "UPDATE audit_ends SET number = 4, hash = (SELECT line ->> 'previous' FROM audit_log WHERE number = 5) \
         WHERE name = 'head'; DELETE FROM audit_log WHERE number > 4",
    )
    .await;
    assert!(verified(&store, None).await.0, "it is whole in itself");
    let said = "line 5 is missing, with all after it: the log had 6 lines\n";
    assert_eq!(
        verified(&store, Some(&noted)).await,
        (false, said.to_owned())
    );
    // Other lines in the place of those that were cut off.
    for n in 5..=7 {
        store.append(&record(n, "address_id=1")).await.unwrap();
    }
    assert!(verified(&store, None).await.0);
    let said = "line 6 is not the one that was noted\n";
    assert_eq!(
        verified(&store, Some(&noted)).await,
        (false, said.to_owned())
    );
}

#[tokio::test]
async fn s58_the_database_itself_refuses_to_change_or_remove_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let store = six(folder.path()).await;
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("portal.db"));
    let mut file = SqliteConnection::connect_with(&options).await.unwrap();
    for sql in [
        "UPDATE audit_log SET line = ''",
        "DELETE FROM audit_log WHERE number = 6",
    ] {
        let error = sqlx::query(sql).execute(&mut file).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
    assert!(verified(&store, None).await.0);
}

#[tokio::test]
async fn mt_2_lines_that_are_too_old_go_from_the_front_and_the_rest_can_still_be_checked() {
    let folder = tempfile::tempdir().unwrap();
    let store = six(folder.path()).await;
    assert_eq!(store.prune(500).await, Ok(0));
    assert_eq!(store.prune(4_000).await, Ok(3));
    let (is_right, said) = verified(&store, None).await;
    assert!(is_right && said.starts_with("3 lines"), "{said}");
    store.append(&record(7_000, "")).await.unwrap();
    assert!(verified(&store, None).await.0);
    // All of it, and what comes after still follows.
    assert_eq!(store.prune(8_000).await, Ok(4));
    store.append(&record(9_000, "")).await.unwrap();
    let (is_right, said) = verified(&store, None).await;
    assert!(is_right && said.starts_with("1 lines"), "{said}");

    tamper(folder.path(), "DELETE FROM audit_log").await;
    let (is_right, said) = verified(&store, None).await;
    assert!(!is_right && said.starts_with("line 8 is missing"), "{said}");
}

#[tokio::test]
async fn mt_2_an_export_is_checked_by_anybody_and_a_table_runs_no_formula() {
    let folder = tempfile::tempdir().unwrap();
    let store = six(folder.path()).await;
    store
        .append(&record(86_400_000, "=HYPERLINK(\"x\")"))
        .await
        .unwrap();

    let text = exported(&store, AuditFormat::Jsonl, AuditDays::default()).await;
    let mut previous = "0".repeat(64);
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        assert_eq!(value["previous"], previous);
        previous = base::hex(&<sha2::Sha256 as sha2::Digest>::digest(line));
    }
    assert_eq!(store.head().await.unwrap().hash, previous);

    let table = exported(&store, AuditFormat::Csv, AuditDays::default()).await;
    let rows: Vec<&str> = table.split_terminator("\r\n").collect();
    assert_eq!(rows.len(), 8);
    assert!(rows[0].starts_with("number,at,actor,customer,action,object,before,after,"));
    assert!(
        rows[1]
            .starts_with("1,1970-01-01T00:00:01.000Z,customer,7,skip_delivery,address_id=1,,{},")
    );
    assert!(
        rows[7].contains(",\"'=HYPERLINK(\"\"x\"\")\","),
        "{}",
        rows[7]
    );

    let day = |text: &str| Some(text.parse().unwrap());
    for (from, to, lines) in [
        (day("1970-01-02"), None, 1),
        (None, day("1970-01-01"), 6),
        (day("1970-01-01"), day("1970-01-02"), 7),
        (day("1970-01-03"), None, 0),
    ] {
        let days = AuditDays { from, to };
        assert_eq!(
            exported(&store, AuditFormat::Jsonl, days)
                .await
                .lines()
                .count(),
            lines
        );
    }
}

#[tokio::test]
async fn mt_2_of_many_changes_at_once_each_has_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let store = six(folder.path()).await;
    let writes = (0..40).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { store.append(&record(n, "")).await })
    });
    for write in writes.collect::<Vec<_>>() {
        write.await.unwrap().unwrap();
    }
    assert!(
        verified(&store, None)
            .await
            .1
            .starts_with("46 lines, all as they were written")
    );
}

#[tokio::test]
async fn mt_2_a_change_is_recorded_with_before_and_after_and_without_personal_data() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let subscriptions = customer.get("/subscriptions").await.json();
    let id = &subscriptions["subscriptions"][0]["id"];
    let changed = customer
        .change(
            "PUT",
            &format!("/subscriptions/{id}/quantity"),
            json!({"quantity": 5}),
        )
        .await;
    assert!(changed.is("done"), "{changed:?}");
    let addresses = customer.get("/addresses").await.json();
    let address = &addresses["addresses"][0]["id"];
    let path = format!("/addresses/{address}");
    let moved = customer
        .change(
            "PUT",
            &path,
            json!({"city": "Ithaca", "phone": "+1 607 555 0100"}),
        )
        .await;
    assert!(moved.is("done"), "{moved:?}");

    let lines = lines(&portal).await;
    let actions: Vec<&str> = lines
        .iter()
        .map(|line| line["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        actions,
        ["link", "sign_in", "change_quantity", "update_address"]
    );
    let actors: Vec<&str> = lines
        .iter()
        .map(|line| line["actor"].as_str().unwrap())
        .collect();
    assert_eq!(actors, ["shop", "customer", "customer", "customer"]);
    let quantity = &lines[2];
    assert_eq!(quantity["object"], format!("subscription_id={id}"));
    assert_eq!(quantity["after"], "{\"quantity\":5}");
    assert_ne!(quantity["before"], Value::Null);
    assert_eq!(quantity["outcome"], "done");
    assert_eq!(quantity["request_id"], changed.json()["reference"]);
    assert_eq!(quantity["request_id"], changed.header("x-request-id"));
    assert_eq!(
        quantity["customer"],
        portal.upstream.customers().await[0]["id"].to_string()
    );
    assert_eq!(lines[3]["after"], "{\"city\":\"…\",\"phone\":\"…\"}");
    let text = format!("{lines:?}");
    for personal in ["Ithaca", "607", "@", "Maya"] {
        assert!(!text.contains(personal), "{personal}: {text}");
    }
}

#[tokio::test]
async fn mt_2_s42_a_refused_change_is_recorded_with_its_reason_and_a_repeated_one_once() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let (path, body) = customer.next_skip().await;
    let key = key();
    for _ in 0..2 {
        assert!(
            reply(customer.changing("POST", &path, &key, &body))
                .await
                .is("done")
        );
    }
    let again = customer.change("POST", &path, body).await;
    assert_eq!(again.status, 200, "{again:?}");
    let foreign = customer
        .change("PUT", "/subscriptions/1/quantity", json!({"quantity": 1}))
        .await;
    assert_eq!(foreign.status, 404);
    let lines = lines(&portal).await;
    let said: Vec<String> = lines[2..]
        .iter()
        .map(|line| {
            format!(
                "{}: {}",
                line["action"].as_str().unwrap(),
                line["outcome"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(said[0], "skip_delivery: done");
    assert!(said[1].starts_with("skip_delivery: refused: "), "{said:?}");
    assert_eq!(said[2], "change_quantity: refused");
    assert_eq!(said.len(), 3, "{said:?}");
}

/// An audit log that cannot be written.
pub(crate) struct Full;

#[async_trait]
impl AuditLog for Full {
    async fn append(&self, _: &AuditRecord) -> Result<(), StoreError> {
        Err(StoreError("the disk is full".into()))
    }
    async fn head(&self) -> Result<End, StoreError> {
        Err(StoreError("the disk is full".into()))
    }
    async fn snapshot(&self) -> Result<AuditSnapshot, StoreError> {
        Err(StoreError("there is none".into()))
    }
    async fn prune(&self, _: i64) -> Result<u64, StoreError> {
        Err(StoreError("the disk is full".into()))
    }
}

#[tokio::test]
async fn mt_2_the_merchants_server_gets_no_link_that_cannot_be_recorded() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let config = config(&upstream.url);
    let portal = Portal::over(upstream, config, |mut world| {
        world.audit_log = Arc::new(Full);
        world
    })
    .await;
    let link = portal
        .link(json!({"email": "maya.lindqvist@example.com"}))
        .await;
    assert_eq!((link.status, link.problem().as_str()), (503, "unavailable"));
    assert!(!link.text.contains("/portal/open/"));
}

#[tokio::test]
async fn mt_2_the_program_exports_and_checks_the_log_while_it_serves() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &upstream);
    program.customer(&upstream).await;
    let file = folder.path().join("portal.toml");
    let exported = call(&["audit", "export", "--format", "jsonl"], &file);
    assert!(exported.status.success());
    assert_eq!(
        String::from_utf8(exported.stdout).unwrap().lines().count(),
        2
    );
    let said = String::from_utf8(exported.stderr).unwrap();
    let head = said.strip_prefix("head ").unwrap().trim();
    let verified = call(&["audit", "verify", "--head", head], &file);
    assert!(verified.status.success(), "{verified:?}");
    let forged = format!("2:{}", "0".repeat(64));
    let verified = call(&["audit", "verify", "--head", &forged], &file);
    assert!(!verified.status.success());
    let said = String::from_utf8(verified.stdout).unwrap();
    assert_eq!(said, "line 2 is not the one that was noted\n");
}
