//! Test mode: what sets a portal for testing apart from one for customers.

use std::process::{Command, Output};

use serde_json::json;

use crate::support::{MERCHANT_SECRET, Portal, Scenario, Upstream, config, sign_in};

fn in_test_mode(config: String) -> String {
    format!("mode = \"test\"\n{config}")
}

#[tokio::test]
async fn cf_6_sessions_of_a_test_portal_say_so_in_their_ids_and_to_the_page() {
    let live = Portal::start(Scenario::Everyday).await;
    let test = Portal::with(Scenario::Everyday, in_test_mode).await;
    for (portal, prefix, is_test) in [(&live, "ps_", false), (&test, "ps_test_", true)] {
        let customers = portal.upstream.customers().await;
        let made = portal
            .link(json!({"email": customers[0]["email"]}))
            .await
            .json();
        let id = made["id"].as_str().unwrap();
        assert!(id.starts_with(prefix), "{id}");
        assert_eq!(id.starts_with("ps_test_"), is_test);
        let path = format!("/portal/sessions/{id}");
        assert_eq!(portal.as_merchant("GET", &path).await.status, 200);
        let customer = sign_in(&portal.origin, made["url"].as_str().unwrap()).await;
        let session = customer.get("/session").await.json();
        assert_eq!(session["merchant"]["test"], is_test);
    }
}

#[tokio::test]
async fn cf_6_an_id_of_the_other_mode_is_not_found() {
    let live = Portal::start(Scenario::Everyday).await;
    let test = Portal::with(Scenario::Everyday, in_test_mode).await;
    let hex = "0".repeat(32);
    for (portal, id) in [
        (&live, format!("ps_test_{hex}")),
        (&test, format!("ps_{hex}")),
    ] {
        for method in ["GET", "DELETE"] {
            let reply = portal
                .as_merchant(method, &format!("/portal/sessions/{id}"))
                .await;
            assert_eq!((reply.status, &*reply.problem()), (404, "not_found"));
        }
    }
}

/// What the program says to these arguments over the configuration in `folder`, with these
/// variables and no others of ours.
fn run(folder: &std::path::Path, words: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_perennial"));
    command
        .args(words)
        .arg("--config")
        .arg(folder.join("portal.toml"));
    for name in ["PORTAL_RECHARGE_TOKEN", "PORTAL_MERCHANT_SECRET"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    command.output().unwrap()
}

#[tokio::test]
async fn cf_6_a_test_portal_takes_secrets_and_a_database_of_its_own() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let live = config(&upstream.url);
    let mut program = crate::support::Program::start_with(folder.path(), &upstream, &live);
    program.kill();
    std::fs::write(folder.path().join("portal.toml"), in_test_mode(live)).unwrap();

    let live_secrets = [
        ("PORTAL_RECHARGE_TOKEN", "token"),
        ("PORTAL_MERCHANT_SECRET", MERCHANT_SECRET),
    ];
    let refused = run(folder.path(), &["serve"], &live_secrets);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("PORTAL_TEST_RECHARGE_TOKEN"), "{said}");

    let test_secrets = [
        ("PORTAL_TEST_RECHARGE_TOKEN", "token"),
        ("PORTAL_TEST_MERCHANT_SECRET", MERCHANT_SECRET),
    ];
    let refused = run(folder.path(), &["serve"], &test_secrets);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success());
    assert!(
        said.contains("is the database of a portal in live mode"),
        "{said}"
    );
}

#[test]
fn cf_8_the_program_prints_the_published_schema() {
    let printed = Command::new(env!("CARGO_BIN_EXE_perennial"))
        .arg("schema")
        .output()
        .unwrap();
    let published = include_str!("../../../../docs/portal.schema.json");
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), published);
}
