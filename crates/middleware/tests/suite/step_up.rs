//! What needs a fresh code by email, over HTTP.

use serde_json::{Value, json};

use crate::support::{Customer, Portal, Reply, Scenario, reply, sign_in};

fn guarded(config: String) -> String {
    config.replace("export = false", "export = true\npay_above = \"1.00\"")
}

async fn verify(customer: &Customer, proof: Value) -> Reply {
    let request = customer.request("POST", "/portal/api/verifications");
    let request = request.header("origin", &customer.origin);
    reply(request.json(&proof)).await
}

/// The code in the mail that left last.
fn code(portal: &Portal) -> String {
    let mail = portal.mail();
    let (_, rest) = mail.split_once("Your code is ").expect("a code");
    rest.split_whitespace().next().unwrap().to_owned()
}

async fn prove(portal: &Portal, customer: &Customer) {
    assert_eq!(verify(customer, json!({})).await.status, 200);
    let state = verify(customer, json!({"code": code(portal)})).await;
    assert_eq!(state.json(), json!({"verified": true, "awaited": null}));
}

#[tokio::test]
async fn en_11_the_export_needs_a_code_of_this_browser() {
    let portal = Portal::with(Scenario::Everyday, guarded).await;
    let (customer, elsewhere) = (portal.customer().await, portal.customer().await);
    let refused = customer.get("/export").await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (403, "code_needed")
    );
    let asked = verify(&customer, json!({})).await;
    let code = code(&portal);
    assert_eq!(
        asked.json()["awaited"]["email"],
        "maya.lindqvist@example.com"
    );
    assert!(!asked.text.contains(&code));
    let mistyped = verify(&customer, json!({"code": "000000"})).await.json();
    assert_eq!(mistyped["verified"], false);
    assert_eq!(mistyped["awaited"]["tries_left"], 4);
    assert_eq!(customer.get("/export").await.status, 403);

    let typed = json!({"code": code.to_lowercase()});
    let not_here = verify(&elsewhere, typed.clone()).await.json();
    assert_eq!(not_here["verified"], false);
    assert_eq!(verify(&customer, typed).await.json()["verified"], true);
    assert_eq!(customer.get("/export").await.status, 200);
    assert_eq!(elsewhere.get("/export").await.status, 403);
}

#[tokio::test]
async fn en_11_a_large_payment_is_made_once_after_the_code() {
    let portal = Portal::with(Scenario::Everyday, guarded).await;
    let customer = portal.customer().await;
    let schedule = customer.get("/deliveries").await.json();
    let mut deliveries = schedule["deliveries"].as_array().unwrap().iter();
    let payable = |delivery: &&Value| delivery["state"] == "planned" && !delivery["due"].is_null();
    let next = deliveries.find(payable).unwrap();
    let (address, date) = (&next["key"]["address_id"], &next["key"]["date"]);
    let path = format!("/deliveries/{address}/{}/process", date.as_str().unwrap());
    let body = json!({"amount": next["due"]});
    let refused = customer.change("POST", &path, body.clone()).await;
    assert!(
        refused.is("refused") && refused.text.contains("code_needed"),
        "{refused:?}"
    );
    assert_eq!(portal.upstream.writes().await, 0);
    prove(&portal, &customer).await;
    let paid = customer.change("POST", &path, body).await;
    assert!(paid.is("done"), "{paid:?}");
    assert_eq!(portal.upstream.count("POST /charges").await, 1);
}

#[tokio::test]
async fn en_11_staff_neither_ask_for_codes_nor_use_them() {
    let with_support = |config| format!("{}\n[support]\n", guarded(config));
    let portal = Portal::with(Scenario::Everyday, with_support).await;
    let asked = json!({"email": "maya.lindqvist@example.com", "staff": "agent-7"});
    let link = portal.link(asked).await.json();
    let staff = sign_in(&portal.origin, link["url"].as_str().unwrap()).await;
    for proof in [json!({}), json!({"code": "000000"})] {
        let refused = verify(&staff, proof).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (403, "switched_off")
        );
    }
    assert!(!portal.folder.path().join("mail/latest.eml").exists());
}

#[tokio::test]
async fn en_11_what_is_no_proof_is_refused_and_codes_are_limited() {
    let portal = Portal::with(Scenario::Everyday, guarded).await;
    let customer = portal.customer().await;
    for wrong in [json!({"code": 7}), json!({"token": "x"}), json!([])] {
        let refused = verify(&customer, wrong.clone()).await;
        assert_eq!(refused.status, 400, "{wrong}");
    }
    let method = customer.get("/verifications").await;
    assert_eq!((method.status, method.header("allow")), (405, "POST"));
    let asked = async || verify(&customer, json!({})).await.status;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(asked().await);
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
}
