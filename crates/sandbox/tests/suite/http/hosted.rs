//! The pages of the hosted portal.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::Served;

#[tokio::test]
async fn the_hosted_portal_opens_by_its_link_and_asks_everybody_else_to_sign_in() {
    let served = Served::start().await;
    let token = "hosted";
    let id = served.first(token, "/customers", "customers").await;
    let path = format!("/customers/{id}/sessions");
    let made = served
        .request(token, Method::POST, &path)
        .json(&json!({}))
        .send()
        .await;
    let made: Value = made.unwrap().json().await.unwrap();
    let session = made["customer_session"]["apiToken"].as_str().unwrap();
    let access = served
        .json(session, "/portal_access?page_destination=subscriptions")
        .await;
    let link = access["portal_url"].as_str().unwrap();
    assert!(link.starts_with(&served.base), "{link}");
    let page = served.client.get(link).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.headers()["cache-control"], "no-store");
    assert!(page.text().await.unwrap().contains("Maya Lindqvist"));
    let hash = access["customer_hash"].as_str().unwrap();
    for (path, status) in [
        (format!("/portal/{hash}/subscriptions"), 200),
        ("/portal/0000/subscriptions".to_owned(), 401),
        (format!("/tools/recurring/portal/{hash}/subscriptions"), 401),
        (
            format!("/tools/recurring/portal/{hash}/subscriptions?token=pt_0"),
            401,
        ),
    ] {
        let page = served
            .client
            .get(format!("{}{path}", served.base))
            .send()
            .await
            .unwrap();
        assert_eq!(page.status().as_u16(), status, "{path}");
    }
    let stranger = served.get("cs_nobody", "/customers").await;
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
}
