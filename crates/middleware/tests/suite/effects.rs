//! What a change leaves to be done elsewhere, over real connections.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use middleware::outbox::webhook::{DELIVERY_HEADER, SIGNATURE_HEADER, signature};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::support::{Customer, Portal, Program, Scenario, Upstream, config};

const SECRET: &str = "webhook-secret-of-the-tests";

/// What a merchant's server was told: headers and body.
type Told = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A merchant's server, which answers `answers` in turn and then 200.
async fn merchant(answers: &[u16]) -> (String, Told) {
    let told = Told::default();
    let heard = Arc::clone(&told);
    let answers = Arc::new(Mutex::new(answers.to_vec()));
    let hook = move |headers: HeaderMap, body: String| {
        heard.lock().unwrap().push((headers, body));
        let mut answers = answers.lock().unwrap();
        let status = if answers.is_empty() {
            200
        } else {
            answers.remove(0)
        };
        std::future::ready(StatusCode::from_u16(status).unwrap())
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let router = Router::new().route("/hook", post(hook));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, told)
}

/// The tables that tell `url` of a skipped delivery; the secret lies in `folder`.
fn webhook(url: &str, folder: &std::path::Path) -> String {
    let file = folder.join("webhook-secret");
    std::fs::write(&file, SECRET).unwrap();
    format!(
        "[[effects]]\nafter = \"skip_delivery\"\nkind = \"webhook\"\nurl = \"{url}\"\n\
         secret_file = {file:?}\n[upstream]"
    )
}

async fn portal_telling(url: &str) -> (Portal, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let tables = webhook(url, folder.path());
    let with = |config: String| config.replace("[upstream]", &tables);
    (Portal::with(Scenario::Everyday, with).await, folder)
}

async fn skip(customer: &Customer) -> Value {
    let (path, body) = customer.next_skip().await;
    let skipped = customer.change("POST", &path, body).await;
    assert!(skipped.is("done"), "{skipped:?}");
    skipped.json()
}

/// Waits until `what` is so.
async fn until(what: impl Fn() -> bool) {
    for _ in 0..400 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it does not come to be");
}

#[tokio::test]
async fn the_merchants_server_is_told_once_and_can_prove_by_whom() {
    let (url, told) = merchant(&[]).await;
    let (portal, _folder) = portal_telling(&url).await;
    let customer = portal.customer().await;
    let outcome = skip(&customer).await;
    until(|| !told.lock().unwrap().is_empty()).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let told = told.lock().unwrap().clone();
    let [(headers, body)] = &told[..] else {
        panic!("{told:?}");
    };
    let signed = headers[SIGNATURE_HEADER].to_str().unwrap();
    let (time, _) = signed.split_once(',').unwrap();
    let seconds: i64 = time.strip_prefix("t=").unwrap().parse().unwrap();
    assert_eq!(signed, signature(SECRET, seconds, body));
    let json: Value = serde_json::from_str(body).unwrap();
    assert_eq!(json["type"], "skip_delivery");
    assert_eq!(json["reference"], outcome["reference"]);
    assert_eq!(
        json["customer_id"],
        portal.upstream.customers().await[0]["id"]
    );
    assert_eq!(json["id"], headers[DELIVERY_HEADER].to_str().unwrap());
    assert!(
        json["change"]["body"]["purchase_item_ids"].is_array(),
        "{json}"
    );
    assert_eq!(customer.send("GET", "/readyz").await.text, "ready");
}

#[tokio::test]
async fn what_fails_is_shown_and_tried_again_under_the_same_id() {
    // A redirect is a failure too: it is not followed.
    let (url, told) = merchant(&[500, 302]).await;
    let (portal, _folder) = portal_telling(&url).await;
    let customer = portal.customer().await;
    skip(&customer).await;
    for tries in 1..=2 {
        until(|| told.lock().unwrap().len() == tries).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let ready = customer.send("GET", "/readyz").await;
        assert_eq!(ready.status, 200);
        let says = "ready; effects: 1 waiting, 1 of them failing, 0 given up";
        assert_eq!(ready.text, says);
        portal.clock.pass_minutes(1);
    }
    until(|| told.lock().unwrap().len() == 3).await;
    let ids: Vec<String> = told
        .lock()
        .unwrap()
        .iter()
        .map(|(headers, _)| headers[DELIVERY_HEADER].to_str().unwrap().to_owned())
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(customer.send("GET", "/readyz").await.text, "ready");
}

#[tokio::test]
async fn a_refused_change_leaves_nothing_to_do() {
    let (url, told) = merchant(&[]).await;
    let (portal, _folder) = portal_telling(&url).await;
    let customer = portal.customer().await;
    let path = "/deliveries/1/2026-12-01/skip";
    let refused = customer
        .change("POST", path, json!({"purchase_item_ids": [1]}))
        .await;
    assert_eq!(refused.status, 404);
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert!(told.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_metafield_of_the_customer_gets_its_value() {
    let effect = "[[effects]]\nafter = \"skip_delivery\"\nkind = \"metafield\"\n\
        namespace = \"loyalty\"\nkey = \"last_skip\"\n\
        value = \"{operation} by {customer_id}, {reference}\"\n[upstream]";
    let with = |config: String| config.replace("[upstream]", effect);
    let portal = Portal::with(Scenario::Everyday, with).await;
    let customer = portal.customer().await;
    let outcome = skip(&customer).await;
    let id = portal.upstream.customers().await[0]["id"].clone();
    let path = format!("/metafields?owner_resource=customer&owner_id={id}");
    for _ in 0..200 {
        let all = portal.upstream.get(&path).await;
        if let Some(field) = all["metafields"].as_array().and_then(|all| all.first()) {
            assert_eq!(
                (&field["namespace"], &field["key"]),
                (&json!("loyalty"), &json!("last_skip"))
            );
            let reference = outcome["reference"].as_str().unwrap();
            assert_eq!(
                field["value"],
                format!("skip_delivery by {id}, {reference}")
            );
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no metafield");
}

#[tokio::test]
async fn what_waits_survives_kill_9_is_listed_and_delivered_after_the_restart() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    // Nobody listens there yet.
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let tables = webhook(&format!("http://{address}/hook"), folder.path());
    let text = config(&upstream.url).replace("[upstream]", &tables);
    let mut program = Program::start_with(folder.path(), &upstream, &text);
    skip(&program.customer(&upstream).await).await;
    program.kill();
    let listed = program.run(&["outbox"]);
    assert!(listed.contains("webhook to http://127.0.0.1"), "{listed}");

    let listener = TcpListener::bind(address).await.unwrap();
    let told = Told::default();
    let heard = Arc::clone(&told);
    let hook = move |headers: HeaderMap, body: String| {
        heard.lock().unwrap().push((headers, body));
        std::future::ready(StatusCode::NO_CONTENT)
    };
    let router = Router::new().route("/hook", post(hook));
    tokio::spawn(async move { axum::serve(listener, router).await });
    assert!(
        program
            .run(&["outbox", "--retry"])
            .starts_with("1 to be tried")
    );
    let program = Program::start_with(folder.path(), &upstream, &text);
    until(|| !told.lock().unwrap().is_empty()).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(program.run(&["outbox"]).trim(), "nothing waits");
    assert!(!program.log().contains(SECRET));
}

/// A mail server that takes one mail after another, and what it took.
async fn mail_server() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let taken = Arc::<Mutex<Vec<String>>>::default();
    let into = Arc::clone(&taken);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let into = Arc::clone(&into);
            tokio::spawn(async move {
                let (read, mut write) = stream.split();
                let mut lines = BufReader::new(read).lines();
                write.write_all(b"220 ready\r\n").await.unwrap();
                let mut mail = None::<String>;
                while let Ok(Some(line)) = lines.next_line().await {
                    let reply = match (&mut mail, line.split(' ').next().unwrap()) {
                        (Some(text), ".") => {
                            into.lock().unwrap().push(std::mem::take(text));
                            mail = None;
                            "250 taken\r\n"
                        }
                        (Some(text), _) => {
                            text.push_str(&line);
                            text.push('\n');
                            continue;
                        }
                        (None, "DATA") => {
                            mail = Some(String::new());
                            "354 go on\r\n"
                        }
                        (None, "QUIT") => "221 bye\r\n",
                        (None, _) => "250 fine\r\n",
                    };
                    write.write_all(reply.as_bytes()).await.unwrap();
                }
            });
        }
    });
    (port, taken)
}

/// The code in a mail.
fn code_in(mail: &str) -> String {
    let (_, rest) = mail.split_once("Your code is ").expect(mail);
    rest.split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn an_email_address_is_changed_by_a_mailed_code_and_the_old_one_is_told() {
    let (port, taken) = mail_server().await;
    let smtp = format!("smtp_host = \"127.0.0.1\"\nsmtp_port = {port}");
    let with = |config: String| config.replace("folder = \"mail\"", &smtp);
    let portal = Portal::with(Scenario::Everyday, with).await;
    let customer = portal.customer().await;
    let new = json!({"email": "maya@new.example"});
    let asked = customer.change("POST", "/customer/email", new).await;
    assert!(asked.is("done"), "{asked:?}");
    let mail = taken.lock().unwrap()[0].clone();
    assert!(mail.contains("To: maya@new.example"), "{mail}");
    assert_eq!(portal.upstream.writes().await, 0);

    let body = json!({"code": code_in(&mail)});
    let path = "/customer/email/confirm";
    let elsewhere = portal.customer().await;
    assert!(
        elsewhere
            .change("POST", path, body.clone())
            .await
            .is("refused")
    );
    assert_eq!(elsewhere.get("/session").await.status, 200);
    assert!(customer.change("POST", path, body).await.is("done"));
    // Whoever is signed in elsewhere may be who the address was changed for.
    assert_eq!(elsewhere.get("/session").await.status, 401);
    assert_eq!(customer.get("/session").await.status, 200);
    assert_eq!(
        portal.upstream.customers().await[0]["email"],
        "maya@new.example"
    );
    assert_eq!(portal.upstream.count("PUT /customers").await, 1);
    until(|| taken.lock().unwrap().len() == 2).await;
    let notice = taken.lock().unwrap()[1].clone();
    assert!(
        notice.contains("To: maya.lindqvist@example.com"),
        "{notice}"
    );
    assert!(notice.contains("maya@new.example"), "{notice}");
}

#[tokio::test]
async fn a_code_is_kept_as_its_hash_only_and_is_in_no_answer() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let new = json!({"email": "maya@new.example"});
    let asked = customer.change("POST", "/customer/email", new).await;
    let code = code_in(&portal.mail());
    let view = customer.get("/customer").await;
    assert_eq!(view.json()["email_change"]["email"], "maya@new.example");
    assert!(!asked.text.contains(&code) && !view.text.contains(&code));
    for file in ["portal.db", "portal.db-wal"] {
        let bytes = std::fs::read(portal.folder.path().join(file)).unwrap_or_default();
        let holds = bytes
            .windows(code.len())
            .any(|part| part == code.as_bytes());
        assert!(!holds, "{file}");
    }
}

#[tokio::test]
async fn without_a_mail_server_the_code_is_refused_and_may_be_asked_for_again() {
    let dead = "smtp_host = \"127.0.0.1\"\nsmtp_port = 9";
    let with = |config: String| config.replace("folder = \"mail\"", dead);
    let portal = Portal::with(Scenario::Everyday, with).await;
    let customer = portal.customer().await;
    let new = json!({"email": "maya@new.example"});
    let asked = customer.change("POST", "/customer/email", new).await;
    assert!(asked.is("refused"), "{asked:?}");
    assert_eq!(
        customer.get("/customer").await.json()["email_change"],
        Value::Null
    );
}

#[tokio::test]
async fn a_confirmed_request_for_deletion_reaches_the_merchant_with_its_reference() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let asked = customer
        .change("POST", "/customer/deletion", json!({}))
        .await;
    assert!(asked.is("done"), "{asked:?}");
    let body = json!({"code": code_in(&portal.mail())});
    let confirmed = customer
        .change("POST", "/customer/deletion/confirm", body)
        .await;
    assert!(confirmed.is("done"), "{confirmed:?}");
    until(|| portal.mail().contains("To: privacy@shop.example")).await;
    let mail = portal.mail();
    assert!(
        mail.contains(confirmed.json()["reference"].as_str().unwrap()),
        "{mail}"
    );
    assert!(!mail.contains("code:"), "{mail}");
}
