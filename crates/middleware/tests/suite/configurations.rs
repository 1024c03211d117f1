//! Named configurations: which one is for a session, and that it is enforced.

use serde_json::{Value, json};

use crate::support::{Customer, Effect, Portal, Program, Scenario, Upstream, sign_in};

/// A shop with a strict configuration, and with `rules`.
fn strict(config: String, rules: &str) -> String {
    format!(
        "{config}
        [configurations.strict]
        cancel_reasons = [\"Only this\"]
        merchant.name = \"Strict\"
        merchant.return_url = \"https://shop.example/strict\"
        [configurations.strict.actions]
        skip_delivery = false
        {rules}"
    )
}

async fn portal(rules: &str) -> Portal {
    Portal::with(Scenario::Everyday, |config| strict(config, rules)).await
}

async fn email(portal: &Portal) -> Value {
    portal.upstream.customers().await[0]["email"].clone()
}

/// The first customer, in a session that names a configuration.
async fn signed_in(portal: &Portal, configuration: &str) -> Customer {
    let body = json!({"email": email(portal).await, "configuration": configuration});
    let reply = portal.link(body).await;
    sign_in(&portal.origin, reply.json()["url"].as_str().unwrap()).await
}

async fn shop(customer: &Customer) -> String {
    let session = customer.get("/session").await.json();
    session["merchant"]["name"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn cf_2_a_session_sees_and_may_do_what_its_configuration_says() {
    let portal = portal("").await;
    let strict = signed_in(&portal, "strict").await;
    let usual = portal.customer().await;
    let session = strict.get("/session").await.json();
    let reason = |session: &Value| session["cancellation"]["reasons"][0]["text"]["text"].clone();
    assert_eq!(reason(&session), "Only this");
    let allowed = session["allowed"].as_array().unwrap();
    assert!(!allowed.contains(&json!("skip_delivery")));
    assert!(allowed.contains(&json!("unskip_delivery")));
    assert_eq!(reason(&usual.get("/session").await.json()), "Too much");

    let (path, body) = usual.next_skip().await;
    let refused = strict.change("POST", &path, body.clone()).await;
    assert_eq!((refused.status, &*refused.problem()), (403, "switched_off"));
    assert_eq!(portal.upstream.writes().await, 0);
    assert_eq!(usual.change("POST", &path, body).await.status, 200);

    let back = strict.send("GET", "/portal/return").await;
    assert_eq!(back.leads_to(), "https://shop.example/strict");
    let back = usual.send("GET", "/portal/return").await;
    assert_eq!(back.leads_to(), "https://shop.example/account");
}

#[tokio::test]
async fn cf_2_an_unknown_configuration_is_refused_with_the_names_that_there_are() {
    let portal = portal("").await;
    let body = json!({"email": email(&portal).await, "configuration": "lax"});
    let refused = portal.link(body).await;
    assert_eq!(
        (refused.status, &*refused.problem()),
        (400, "no_such_configuration")
    );
    assert!(
        refused.text.contains("There are: default, strict."),
        "{refused:?}"
    );
}

#[tokio::test]
async fn cf_2_a_session_is_read_back_with_its_configuration() {
    let portal = portal("").await;
    let body = json!({"email": email(&portal).await, "configuration": "strict"});
    let made = portal.link(body).await.json();
    assert_eq!(made["configuration"], "strict");
    let path = format!("/portal/sessions/{}", made["id"].as_str().unwrap());
    let read = portal.as_merchant("GET", &path).await.json();
    assert_eq!(read["configuration"], "strict");
}

#[tokio::test]
async fn cf_2_the_first_rule_that_fits_decides_unless_the_session_does() {
    let portal = portal(
        "[[rules]]
        configuration = \"default\"
        countries = [\"NZ\"]
        [[rules]]
        configuration = \"strict\"
        currencies = [\"USD\"]
        [[rules]]
        configuration = \"default\"
        min_orders = 1",
    )
    .await;
    assert_eq!(shop(&portal.customer().await).await, "Strict");
    assert_eq!(
        shop(&signed_in(&portal, "default").await).await,
        "Alder & <Finch>"
    );
    let customer = portal.customer().await;
    let (path, body) = signed_in(&portal, "default").await.next_skip().await;
    let refused = customer.change("POST", &path, body).await;
    assert_eq!(refused.status, 403, "{refused:?}");
}

#[tokio::test]
async fn cf_2_where_a_rule_cannot_be_decided_nothing_is_shown_or_done() {
    let portal = portal("[[rules]]\nconfiguration = \"strict\"\ncountries = [\"US\"]").await;
    let customer = portal.customer().await;
    assert_eq!(shop(&customer).await, "Strict");
    let (path, body) = signed_in(&portal, "default").await.next_skip().await;
    portal.clock.pass_minutes(2);
    portal
        .upstream
        .fault("GET", "/customers/{id}", Effect::Status(500), 1_000)
        .await;
    let answers = [
        customer.get("/session").await,
        customer.get("/deliveries").await,
        customer.change("POST", &path, body).await,
    ];
    for answer in answers {
        assert_eq!(
            (answer.status, &*answer.problem()),
            (503, "unavailable"),
            "{answer:?}"
        );
    }
    assert_eq!(portal.upstream.writes().await, 0);
}

#[tokio::test]
async fn cf_2_a_session_whose_configuration_is_gone_is_decided_by_the_rules() {
    let portal = portal("").await;
    let customer = signed_in(&portal, "strict").await;
    let without = |config: &str| {
        let (before, _) = config.split_once("[configurations.strict]").unwrap();
        before.to_owned()
    };
    let portal = portal.restarted_as(without).await;
    let customer = Customer::new(&portal.origin, customer.cookie);
    assert_eq!(shop(&customer).await, "Alder & <Finch>");
}

#[tokio::test]
async fn cf_2_the_program_explains_its_decision_with_rule_and_line() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let config = strict(
        crate::support::config(&upstream.url),
        "[[rules]]\nconfiguration = \"strict\"\nmin_orders = 1",
    );
    let program = Program::start_with(folder.path(), &upstream, &config);
    let customer = upstream.customers().await[0]["id"].to_string();
    let explain = async |words: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_perennial"));
        command.args(["explain", "--customer", &customer, "--config"]);
        command.arg(folder.path().join("portal.toml")).args(words);
        command.env("PORTAL_RECHARGE_TOKEN", &upstream.token);
        // The sandbox answers on this thread's runtime.
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let text = std::fs::read_to_string(folder.path().join("portal.toml")).unwrap();
    let line = |part: &str| text[..text.find(part).unwrap()].lines().count();
    let by_rule = explain(&[]).await;
    let place = |at| format!("{}:{at}", folder.path().join("portal.toml").display());
    let rule = place(line("configuration = \"strict\"") + 1);
    assert!(
        by_rule.contains(&format!("configuration strict: rule 1 ({rule})\n")),
        "{by_rule}"
    );
    let switch = place(line("skip_delivery = false"));
    assert!(
        by_rule.contains(&format!(
            "\nskip_delivery: off, {switch}: skip_delivery = false\n"
        )),
        "{by_rule}"
    );
    assert!(by_rule.contains("\nunskip_delivery: on\n"), "{by_rule}");
    let named = explain(&["--configuration", "default"]).await;
    assert!(
        named.contains("configuration default: the session names it\n"),
        "{named}"
    );
    assert!(named.contains("\nskip_delivery: on\n"), "{named}");
    let unknown = explain(&["--configuration", "lax"]).await;
    assert!(unknown.contains("there are: default, strict"), "{unknown}");
    drop(program);
}

#[tokio::test]
async fn cf_14_an_announcement_of_a_configuration_is_dismissed_in_it() {
    let news = "[[configurations.strict.announcements]]\nid = \"strict_news\"\ntext = \"New\"";
    let portal = portal(news).await;
    let strict = signed_in(&portal, "strict").await;
    let shown = async || strict.get("/session").await.json()["announcement"]["id"].clone();
    assert_eq!(shown().await, "strict_news");
    let dismissal = json!({"announcement": "strict_news"});
    let usual = portal.customer().await;
    let elsewhere = usual.change("POST", "/dismissals", dismissal.clone()).await;
    assert_eq!(elsewhere.status, 404, "the usual configuration has none");
    assert_eq!(
        strict.change("POST", "/dismissals", dismissal).await.status,
        200
    );
    assert_eq!(shown().await, Value::Null);
}
