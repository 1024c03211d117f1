//! What opens or proves something is nowhere but where it is needed.

use std::path::Path;

use protocol::Operation;
use serde_json::{Value, json};

use crate::cross_origin::{SHOP, embedded, listing};
use crate::reads::all_paths;
use crate::support::{Customer, Program, Upstream, config, reply, sign_in};
use crate::world::{Post, World};
use gateway::sample;
use gateway::testing::scenario;

/// A configuration in which everything that customers do is told to the merchant in every way.
fn telling(url: &str, folder: &Path) -> String {
    let secret = folder.join("webhook-secret");
    std::fs::write(&secret, "webhook-secret-of-the-tests").unwrap();
    let effects = Operation::ALL.iter().map(|operation| {
        let after = json!(operation);
        format!(
            "[[effects]]\nafter = {after}\nkind = \"mail\"\nto = \"all@shop.example\"\n\
             [[effects]]\nafter = {after}\nkind = \"webhook\"\n\
             url = \"http://127.0.0.1:9/told\"\nsecret_file = {secret:?}\n"
        )
    });
    let effects: String = effects.collect();
    let payments = format!("[payments]\ntokeniser = \"sandbox\"\norigin = \"{url}\"\n");
    config(url).replace("[upstream]", &format!("{effects}{payments}[upstream]"))
}

/// Every file below a folder, but for the mail that tells a customer their code.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            let is_code = bytes.windows(12).any(|part| part == b"Your code is");
            if !is_code {
                found.push((path.display().to_string(), bytes));
            }
        }
    }
    found
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes
        .windows(secret.len())
        .any(|part| part == secret.as_bytes())
}

/// The same intent with another secret.
fn with_other(intent: &protocol::Intent, field: &str, secret: &str) -> protocol::Intent {
    let mut sent = intent.request();
    let mut body: Value = serde_json::from_str(&sent.body).unwrap();
    body[field] = secret.into();
    sent.body = body.to_string();
    sent.intent().unwrap()
}

/// Every answer that a customer can read.
async fn everything(customer: &Customer) -> Vec<(String, Vec<u8>)> {
    let mut read = Vec::new();
    for path in all_paths(customer).await {
        let reply = customer.get(&path).await;
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
        read.push((path, reply.text.into_bytes()));
    }
    read
}

#[tokio::test]
async fn s47_no_answer_file_log_mail_or_webhook_holds_a_secret_of_any_operation() {
    let with_secret = Operation::ALL.iter().filter(|one| one.secret().is_some());
    for operation in with_secret {
        let upstream = Upstream::start(scenario(*operation).parse().unwrap()).await;
        let folder = tempfile::tempdir().unwrap();
        let config = telling(&upstream.url, folder.path());
        let program = Program::start_with(folder.path(), &upstream, &config);
        let link = program.link(&upstream).await;
        let customer = sign_in(&program.origin, &link).await;
        let world = World {
            customer,
            upstream: upstream.clone(),
            post: Post(folder.path().join("mail")),
        };
        let intent = sample(&world, *operation).await;
        let field = operation.secret().unwrap();
        let wrong = "WRONG7Q2M9Z".to_owned();
        let right = intent.secret().unwrap().expose().to_owned();
        let refused = world.send(1, &with_other(&intent, field, &wrong)).await;
        assert!(refused.status == 200, "{operation:?}: {refused:?}");
        let done = world.send(2, &intent).await;
        assert!(done.is("done"), "{operation:?}: {done:?}");

        let mut seen = everything(&world.customer).await;
        let mut waiting = program.run(&["outbox"]);
        assert!(
            waiting.contains("webhook"),
            "the merchant is told: {waiting}"
        );
        // What was sent stays in the pages of the database and in the log beside it.
        while waiting.contains("mail") {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            waiting = program.run(&["outbox"]);
        }
        seen.push(("outbox".into(), waiting.into_bytes()));
        seen.extend(files(folder.path()));
        assert!(seen.iter().any(|(name, _)| name.ends_with("portal.db")));
        let (_, session) = world.customer.cookie.split_once('=').unwrap();
        let (_, token) = link.rsplit_once('/').unwrap();
        for secret in [&right, &wrong, session, token] {
            let mut holding = seen.iter().filter(|(_, bytes)| holds(bytes, secret));
            let name = holding.next().map(|(name, _)| name);
            assert_eq!(name, None, "{operation:?}: {secret}");
        }
    }
}

#[tokio::test]
async fn s47_the_secret_of_a_card_setup_is_in_its_answer_only() {
    let upstream = Upstream::start(scenario(Operation::AddPaymentMethod).parse().unwrap()).await;
    let folder = tempfile::tempdir().unwrap();
    let config = telling(&upstream.url, folder.path());
    let program = Program::start_with(folder.path(), &upstream, &config);
    let customer = program.customer(&upstream).await;
    let setup = customer.change("POST", "/card_setups", json!({})).await;
    let secret = setup.json()["client_secret"].as_str().unwrap().to_owned();
    for (name, bytes) in everything(&customer)
        .await
        .into_iter()
        .chain(files(folder.path()))
    {
        assert!(!holds(&bytes, &secret), "{name}");
    }
}

#[tokio::test]
async fn s47_a_bearer_token_is_in_the_answer_to_its_exchange_only() {
    let upstream = Upstream::start(scenario(Operation::SkipDelivery).parse().unwrap()).await;
    let folder = tempfile::tempdir().unwrap();
    let config = listing(&telling(&upstream.url, folder.path()));
    let program = Program::start_with(folder.path(), &upstream, &config);
    let link = program.link(&upstream).await;
    let (_, one_time) = link.rsplit_once('/').unwrap();
    let nobody = Customer::new(&program.origin, String::new());
    let exchange = |customer: &Customer| customer.request("POST", "/portal/session/exchange");
    let first = exchange(&nobody).header("origin", SHOP);
    let first = reply(first.json(&json!({ "token": one_time }))).await;
    let before = embedded(&program.origin, SHOP, &first);
    let renewed = reply(exchange(&before).json(&json!({}))).await;
    let customer = embedded(&program.origin, SHOP, &renewed);
    let stolen = customer.away.as_ref().unwrap().token.clone();
    let stolen = nobody
        .request("GET", "/portal/api/session")
        .bearer_auth(stolen);
    let refused = reply(stolen.header("origin", "https://evil.example")).await;
    assert_eq!(refused.status, 401);
    let (path, body) = customer.next_skip().await;
    let skipped = customer.change("POST", &path, body).await;
    assert!(skipped.is("done"), "{skipped:?}");

    let log = program.log();
    assert!(
        log.contains("refused a bearer token from an origin that it is not for")
            && log.contains("https://evil.example"),
        "{log}"
    );
    let mut seen = everything(&customer).await;
    seen.push(("outbox".into(), program.run(&["outbox"]).into_bytes()));
    seen.push(("refused".into(), refused.text.into_bytes()));
    seen.push(("skipped".into(), skipped.text.into_bytes()));
    seen.extend(files(folder.path()));
    assert!(seen.iter().any(|(name, _)| name.ends_with("portal.db")));
    let tokens = [&before, &customer].map(|one| one.away.as_ref().unwrap().token.clone());
    for secret in tokens.iter().map(|token| &token["portal-".len()..]) {
        for (name, bytes) in &seen {
            assert!(!holds(bytes, secret), "{name}");
        }
    }
    assert!(!seen.iter().any(|(_, bytes)| holds(bytes, one_time)));
}
