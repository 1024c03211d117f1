//! Changes of the configuration file while the program runs.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Customer, Program, Scenario, Upstream, config};

/// Waits, longer than the program takes to notice a change, until `done`.
async fn until(done: impl AsyncFn() -> bool) {
    for _ in 0..150 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("that did not come");
}

async fn started() -> (Upstream, tempfile::TempDir, Program) {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start_with(folder.path(), &upstream, &config(&upstream.url));
    (upstream, folder, program)
}

async fn session(customer: &Customer) -> Value {
    customer.get("/session").await.json()
}

/// The first reason for cancelling.
async fn reason(customer: &Customer) -> Value {
    session(customer).await["cancellation"]["reasons"][0]["text"]["text"].clone()
}

async fn ready(customer: &Customer) -> String {
    customer.send("GET", "/readyz").await.text
}

#[tokio::test]
async fn cf_8_a_changed_file_is_in_force_without_a_restart_and_sessions_stay() {
    let (upstream, _folder, program) = started().await;
    let customer = program.customer(&upstream).await;
    assert_eq!(reason(&customer).await, "Too much");
    program.rewrite(|text| text.replace("[\"Too much\"]", "[\"Too little\"]"));
    until(async || reason(&customer).await == "Too little").await;
    assert!(program.log().contains("the configuration was reloaded"));
    assert_eq!(ready(&customer).await, "ready");
}

#[tokio::test]
async fn cf_8_sighup_reloads_at_once_what_the_headers_and_the_theme_say_too() {
    let (upstream, _folder, program) = started().await;
    let customer = program.customer(&upstream).await;
    let policy = async || {
        let page = customer.send("GET", "/portal/").await;
        page.header("content-security-policy").to_owned()
    };
    assert!(policy().await.contains("frame-ancestors 'none'"));
    program.rewrite(|text| {
        let theme = "[theme.light]\naccent = \"#0b6e4f\"\n[store]";
        let text = text.replace("[store]", theme);
        format!("frame_ancestors = [\"https://www.shop.example\"]\n{text}")
    });
    program.hang_up();
    until(async || {
        policy()
            .await
            .contains("frame-ancestors https://www.shop.example")
    })
    .await;
    let theme = session(&customer).await["merchant"]["theme"].to_string();
    assert!(theme.contains("#0b6e4f"), "{theme}");
}

#[tokio::test]
async fn cf_8_a_wrong_file_changes_nothing_and_is_told_until_it_is_right() {
    let (upstream, _folder, program) = started().await;
    let customer = program.customer(&upstream).await;
    program.rewrite(|text| {
        let text = text.replace("[\"Too much\"]", "[\"Too little\"]");
        text.replace("currency = \"USD\"", "currency = \"dollar\"")
    });
    program.hang_up();
    until(async || ready(&customer).await.contains("not a currency")).await;
    let told = ready(&customer).await;
    assert!(
        told.starts_with("ready; the configuration stays as it was: "),
        "{told}"
    );
    assert!(told.contains("portal.toml:"), "{told}");
    assert_eq!(reason(&customer).await, "Too much");
    assert!(program.log().contains("not a currency"));
    program.rewrite(|text| text.replace("currency = \"dollar\"", "currency = \"USD\""));
    until(async || ready(&customer).await == "ready").await;
    assert_eq!(reason(&customer).await, "Too little");
}

#[tokio::test]
async fn cf_8_a_file_that_needs_a_restart_changes_nothing() {
    let (upstream, _folder, program) = started().await;
    let customer = program.customer(&upstream).await;
    program.rewrite(|text| {
        let text = text.replace("[\"Too much\"]", "[\"Too little\"]");
        text.replace("log = \"debug\"", "log = \"info\"")
    });
    program.hang_up();
    until(async || ready(&customer).await.contains("`log` has changed")).await;
    assert_eq!(reason(&customer).await, "Too much");
}

#[tokio::test]
async fn cf_8_a_switch_that_is_thrown_off_is_enforced_in_sessions_that_there_are() {
    let (upstream, _folder, program) = started().await;
    let customer = program.customer(&upstream).await;
    let (path, body) = customer.next_skip().await;
    program.rewrite(|text| format!("{text}\n[actions]\nskip_delivery = false\n"));
    program.hang_up();
    until(async || {
        let allowed = session(&customer).await["allowed"].clone();
        !allowed
            .as_array()
            .unwrap()
            .contains(&json!("skip_delivery"))
    })
    .await;
    let refused = customer.change("POST", &path, body).await;
    assert_eq!(refused.status, 403, "{refused:?}");
}
