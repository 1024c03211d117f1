//! The real program: its end, its log, its secrets.

use std::time::Duration;

use serde_json::Value;

use crate::support::{Customer, Effect, MERCHANT_SECRET, Program, Scenario, Upstream, key, reply};

#[tokio::test]
async fn a_killed_program_finds_out_after_its_restart_what_it_had_done() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), &upstream);
    let customer = program.customer(&upstream).await;
    let (path, body) = customer.next_skip().await;
    let key = key();

    // Upstream has done it, but its answer is still on the way when the program dies.
    upstream.fault("POST", "", Effect::Delay(3_000), 1).await;
    let request = customer.changing("POST", &path, &key, &body);
    let pressed = tokio::spawn(request.send());
    while upstream.count("POST /charges").await == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    program.kill();
    assert!(pressed.await.unwrap().is_err());

    let program = Program::start(folder.path(), &upstream);
    let customer = program.customer(&upstream).await;
    let mut answer = reply(customer.changing("POST", &path, &key, &body)).await;
    for _ in 0..100 {
        if answer.is("done") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        answer = reply(customer.changing("POST", &path, &key, &body)).await;
    }
    assert!(answer.is("done"), "{answer:?}");
    assert_eq!(upstream.count("POST /charges").await, 1);
}

#[tokio::test]
async fn sigterm_turns_readiness_off_and_finishes_what_is_under_way() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), &upstream);
    let customer = program.customer(&upstream).await;
    assert_eq!(customer.send("GET", "/readyz").await.status, 200);
    let (path, body) = customer.next_skip().await;

    upstream.fault("POST", "", Effect::Delay(2_000), 1).await;
    let request = customer.changing("POST", &path, &key(), &body);
    let pressed = tokio::spawn(reply(request));
    while upstream.count("POST /charges").await == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    program.terminate();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(customer.send("GET", "/readyz").await.status, 503);
    let answer = pressed.await.unwrap();
    assert!(answer.is("done"), "{answer:?}");
    assert!(program.ended().await.success());
}

/// Something of everything, so that the log has something to say.
async fn visit(program: &Program, upstream: &Upstream) -> Vec<String> {
    let customer = program.customer(upstream).await;
    for path in crate::reads::paths() {
        customer.get(path).await;
    }
    let (path, body) = customer.next_skip().await;
    assert!(customer.change("POST", &path, body).await.is("done"));
    customer.get("/subscriptions/1%0d%0aFORGED%20LINE").await;
    customer.send("GET", "/portal/open/0123456789abcdef").await;
    upstream.fault("GET", "", Effect::Status(500), 3).await;
    customer.get("/payment_methods?x=1").await;
    let refused = customer.get("/orders/1").await;
    assert!(refused.status >= 400);
    let (_, session) = customer.cookie.split_once('=').unwrap();
    vec![
        session.to_owned(),
        refused.json()["reference"].as_str().unwrap().to_owned(),
    ]
}

#[tokio::test]
async fn the_log_has_who_what_result_and_reference_a_line_each() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &upstream);
    let reference = visit(&program, &upstream).await.remove(1);
    let log = program.log();
    // A line break that a request smuggled in would leave a line that is not JSON.
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    let answered = |action: &str| {
        let mut lines = lines.iter().filter(|line| line["message"] == "answered");
        lines
            .find(|line| line["action"] == action)
            .expect("a line")
            .clone()
    };
    let customers = upstream.customers().await;
    for action in ["link", "sign_in", "read", "skip_delivery"] {
        let line = answered(action);
        assert_eq!(line["customer"], customers[0]["id"], "{line}");
        assert_eq!(line["result"], "done", "{line}");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'), "{line}");
    }
    assert!(
        answered("skip_delivery")["path"]
            .as_str()
            .unwrap()
            .contains("/deliveries/")
    );
    let same = |line: &&Value| line["span"]["reference"] == reference.as_str();
    assert!(
        lines
            .iter()
            .any(|line| same(&line) && line["status"].as_u64() >= Some(400))
    );
}

#[tokio::test]
async fn no_key_or_token_is_in_the_log_or_the_arguments() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &upstream);
    let session = visit(&program, &upstream).await.remove(0);
    let (log, arguments) = (program.log(), program.arguments());
    assert!(log.contains("/portal/open/{token}") && arguments.contains("serve"));
    for secret in [
        &session,
        &upstream.token,
        MERCHANT_SECRET,
        "0123456789abcdef",
    ] {
        assert!(!log.contains(secret), "{secret}");
        assert!(!arguments.contains(secret), "{secret}");
    }
    assert!(!log.contains("maya.lindqvist"), "no personal data either");
}

#[tokio::test]
async fn what_stands_in_an_unknown_path_is_not_logged() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &upstream);
    let stranger = Customer::new(&program.origin, String::new());
    let secret = "5ec2e7";
    for path in [
        "/portal/open/",
        "//portal/open/",
        "/portal//open/",
        "/portal/%6fpen/",
        "/%70ortal/open/",
        "/portal/OPEN/",
        "/portal/open/x/",
        "/portal/api/open/",
        "/portal/api/subscriptions/",
        "/portal/assets/",
        "/",
        "/portal/open;",
        "/portal?",
        "/manage/",
        "/portal/sessions/",
    ] {
        for method in ["GET", "HEAD", "POST", "DELETE", "OPTIONS"] {
            stranger.send(method, &format!("{path}{secret}")).await;
        }
    }
    let log = program.log();
    assert!(log.lines().count() > 50 && !log.contains(secret), "{log}");
}

#[tokio::test]
async fn a_change_from_another_origin_is_logged_with_both_origins() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &upstream);
    let customer = program.customer(&upstream).await;
    let request = customer.request("DELETE", "/portal/api/session");
    let refused = reply(request.header("origin", "https://www.shop.example")).await;
    assert_eq!(refused.problem(), "foreign_origin");
    let log = program.log();
    let line = log
        .lines()
        .find(|line| line.contains("https://www.shop.example"));
    let line: Value = serde_json::from_str(line.expect("a line")).unwrap();
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["own"], program.origin);
}

#[tokio::test]
async fn s46_the_number_of_a_card_in_an_address_is_not_logged() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &upstream);
    let customer = program.customer(&upstream).await;
    customer.get("/orders/4242424242424242").await;
    let log = program.log();
    assert!(log.contains("/orders/****************"), "{log}");
    assert!(!log.contains("4242424242424242"), "{log}");
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let secrets = middleware::Secrets {
        recharge_token: "token-one".into(),
        merchant_secret: "secret-two".into(),
        processor_key: Some("key-three".into()),
        others: Default::default(),
    };
    let shown = format!("{secrets:?}");
    assert!(
        !["token-one", "secret-two", "key-three"]
            .iter()
            .any(|secret| shown.contains(secret)),
        "{shown}"
    );
}

#[test]
fn a_wrong_configuration_stops_the_start_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("portal.toml");
    std::fs::write(&file, "\nlisten = \"127.0.0.1:0\"\nlisen = 1\n").unwrap();
    let run = |command: &str| {
        std::process::Command::new(env!("CARGO_BIN_EXE_perennial"))
            .args([command, "--config"])
            .arg(&file)
            .output()
            .unwrap()
    };
    for command in ["serve", "check"] {
        let output = run(command);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(
            said.contains("portal.toml:3: unknown field `lisen`"),
            "{said}"
        );
        assert!(output.stdout.is_empty());
    }
}

#[tokio::test]
async fn the_check_names_the_scopes_of_the_token() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("portal.toml");
    std::fs::write(&file, crate::support::config(&upstream.url)).unwrap();
    let run = |token: Option<&str>| {
        let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_perennial"));
        check.args(["check", "--config"]).arg(&file);
        check.env_remove("PORTAL_RECHARGE_TOKEN");
        check.envs(token.map(|token| ("PORTAL_RECHARGE_TOKEN", token)));
        // The sandbox answers on this thread's runtime.
        tokio::task::spawn_blocking(move || check.output().unwrap())
    };
    let checked = run(Some(&upstream.token)).await.unwrap();
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(checked.status.success(), "{said}");
    assert!(said.starts_with("the token has "), "{said}");
    let unchecked = run(None).await.unwrap();
    let said = String::from_utf8(unchecked.stdout).unwrap();
    assert!(unchecked.status.success(), "{said}");
    assert!(said.contains("PORTAL_RECHARGE_TOKEN"), "{said}");
}
