//! Card setups: the one call of the payment processor, and who may cause it.

use std::sync::{Arc, Mutex};

use middleware::config::{PaymentsConfig, TokeniserSources};
use middleware::{Processor, Secrets};
use protocol::{CARD_SETUPS, Tokeniser, TokeniserKind};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{Customer, Portal, Reply, Scenario, Upstream, config, key, reply};

/// A portal whose cards are those of its sandbox.
async fn portal(scenario: Scenario) -> Portal {
    let upstream = Upstream::start(scenario).await;
    let config = config(&upstream.url).replace("[merchant]", &sandbox(&upstream.url));
    Portal::over(upstream, config, |world| world).await
}

fn sandbox(origin: &str) -> String {
    format!("[payments]\ntokeniser = \"sandbox\"\norigin = \"{origin}\"\n[merchant]")
}

fn secret(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()["client_secret"].as_str().unwrap().to_owned()
}

async fn set_up(customer: &Customer, key: &str) -> Reply {
    let request = customer
        .request("POST", &format!("/portal/api{CARD_SETUPS}"))
        .header("origin", &customer.origin)
        .header("idempotency-key", key)
        .json(&json!({}));
    reply(request).await
}

#[tokio::test]
async fn the_same_key_answers_the_same_setup_and_another_customers_does_not() {
    let portal = portal(Scenario::TwoCustomers).await;
    let people = portal.upstream.customers().await;
    let first = portal.sign_in(people[0]["email"].as_str().unwrap()).await;
    let second = portal.sign_in(people[1]["email"].as_str().unwrap()).await;
    let key = key();
    let setup = secret(&set_up(&first, &key).await);
    assert_eq!(secret(&set_up(&first, &key).await), setup);
    assert_ne!(secret(&set_up(&first, &crate::support::key()).await), setup);
    assert_ne!(secret(&set_up(&second, &key).await), setup);
    assert_eq!(portal.upstream.writes().await, 0);
}

#[tokio::test]
async fn a_setup_is_made_for_the_portals_own_page_and_a_signed_in_customer_only() {
    let portal = portal(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let path = format!("/portal/api{CARD_SETUPS}");
    let foreign = customer
        .request("POST", &path)
        .header("origin", "https://evil.example")
        .header("idempotency-key", key())
        .json(&json!({}));
    assert_eq!(reply(foreign).await.status, 403);
    assert_eq!(set_up(&portal.stranger(), &key()).await.status, 401);
    assert_eq!(set_up(&customer, "no key").await.status, 400);
    let more = customer
        .request("POST", &path)
        .header("origin", &customer.origin)
        .header("idempotency-key", key())
        .json(&json!({"customer": "cus_somebody"}));
    assert_eq!(reply(more).await.status, 400);
    assert_eq!(customer.send("GET", &path).await.status, 405);
}

#[tokio::test]
async fn s14_without_a_tokeniser_or_with_the_switch_off_there_is_no_setup() {
    let none = Portal::start(Scenario::Everyday).await;
    let refused = set_up(&none.customer().await, &key()).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (403, "switched_off")
    );
    let upstream = Upstream::start(Scenario::Everyday).await;
    let off = format!(
        "[actions]\nadd_payment_method = false\n{}",
        sandbox(&upstream.url)
    );
    let config = config(&upstream.url).replace("[merchant]", &off);
    let off = Portal::over(upstream, config, |world| world).await;
    assert_eq!(set_up(&off.customer().await, &key()).await.status, 403);
}

/// A processor that answers each request with `answer` and keeps what it was sent.
async fn stripe(answer: &'static str) -> (Processor, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = format!("http://{}", listener.local_addr().unwrap());
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let hears = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            let mut bytes = [0; 4096];
            // A small request comes in one piece or two; its body ends it.
            while !String::from_utf8_lossy(&request).contains("card") {
                let read = stream.read(&mut bytes).await.unwrap();
                request.extend_from_slice(&bytes[..read]);
            }
            let text = String::from_utf8(request).unwrap().to_lowercase();
            hears.lock().unwrap().push(text);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let payments = PaymentsConfig {
        tokeniser: Tokeniser {
            kind: TokeniserKind::Stripe,
            key: "pk_test_1".into(),
            origin: String::new(),
        },
        api: api.parse().unwrap(),
        sources: TokeniserSources::default(),
    };
    let secrets = Secrets {
        recharge_token: "t".into(),
        merchant_secret: "m".into(),
        processor_key: Some("sk_test_secret".into()),
        others: Default::default(),
    };
    (Processor::new(&payments, &secrets).unwrap(), heard)
}

/// A portal whose cards go to that processor.
async fn portal_over(processor: Processor) -> Portal {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let config = config(&upstream.url).replace("[merchant]", &sandbox(&upstream.url));
    Portal::over(upstream, config, |mut world| {
        world.processor = Some(processor);
        world
    })
    .await
}

#[tokio::test]
async fn stripe_is_asked_for_a_setup_of_the_customers_own_account_and_nothing_else() {
    let (processor, heard) = stripe(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{\"id\":\"seti_1\",\"client_secret\":\"seti_1_secret_2\"}",
    )
    .await;
    let portal = portal_over(processor).await;
    let setup = set_up(&portal.customer().await, &key()).await;
    assert_eq!(secret(&setup), "seti_1_secret_2");
    assert_eq!(setup.json(), json!({"client_secret": "seti_1_secret_2"}));
    let heard = heard.lock().unwrap();
    let [request] = &heard[..] else {
        panic!("{heard:?}")
    };
    assert!(request.starts_with("post /v1/setup_intents http/1.1"));
    assert!(request.contains("authorization: bearer sk_test_secret"));
    assert!(request.contains("idempotency-key: "));
    let body = request.split("\r\n\r\n").nth(1).unwrap();
    assert!(body.starts_with("customer=cus_"), "{body}");
    assert!(
        body.ends_with("usage=off_session&payment_method_types%5b%5d=card"),
        "{body}"
    );
}

#[tokio::test]
async fn a_refusal_of_stripe_differs_from_an_outage_and_its_words_stay_here() {
    for (status, kind) in [
        ("402 Payment Required", "upstream"),
        ("400 Bad Request", "upstream"),
        ("429 Too Many Requests", "unavailable"),
        ("500 Internal Server Error", "unavailable"),
    ] {
        let answer = format!(
            "HTTP/1.1 {status}\r\nconnection: close\r\n\r\n\
             {{\"error\":{{\"message\":\"account acct_secret\"}}}}"
        );
        let (processor, _) = stripe(answer.leak()).await;
        let portal = portal_over(processor).await;
        let refused = set_up(&portal.customer().await, &key()).await;
        assert_eq!(refused.problem(), kind, "{status}");
        assert!(!refused.text.contains("acct_secret"));
    }
}

#[tokio::test]
async fn s46_the_token_of_a_card_is_in_no_answer() {
    let portal = portal(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let body = json!({"token": "pm_visa_4242_77", "address_ids": [], "retry_charges": false});
    let added = customer.change("POST", "/payment_methods", body).await;
    assert!(added.is("done"), "{added:?}");
    let methods = customer.get("/payment_methods").await;
    let kinds: Vec<Value> = methods.json()["methods"].as_array().unwrap().clone();
    assert!(kinds.iter().any(|method| method["line"]["last4"] == "4242"));
    for reply in [added, methods] {
        assert!(!reply.text.contains("pm_visa") && !reply.text.contains("cus_"));
    }
}
