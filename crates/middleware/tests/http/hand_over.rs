//! The way out to the portal that Recharge hosts.

use std::sync::{Arc, Mutex};

use recharge::{BoxFuture, Method, NoAnswer, Recharge, Request, Response};
use serde_json::{Value, json};

use crate::support::{Customer, Portal, Reply, Scenario, Upstream, config, reply};

const HASH: &str = "9b1e77c04d5f4a0bb2c6";
const SESSION: &str = "session-token-of-upstream";
const LINK: &str =
    "https://hosted.example/portal/9b1e77c04d5f4a0bb2c6/subscriptions?token=temporary-token";

/// A store that has a hosted portal: answers what the way there needs, and leaves the rest to
/// the sandbox.
struct Hosting {
    rest: Arc<dyn Recharge>,
    portal_url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Hosting {
    fn answer(&self, request: &Request) -> Option<Value> {
        let parts: Vec<&str> = request.path.split('/').skip(1).collect();
        match (request.method, parts.as_slice()) {
            (Method::Post, ["customers", id, "sessions"]) => {
                let id: u64 = id.parse().unwrap();
                Some(json!({"customer_session": {"apiToken": SESSION, "customerId": id}}))
            }
            (Method::Get, ["portal_access"]) => {
                let shown = request.token.as_ref().map(|token| token.expose());
                assert_eq!(
                    shown,
                    Some(SESSION),
                    "it is the customer's session that asks"
                );
                Some(
                    json!({"base_url": "https://hosted.example", "customer_hash": HASH,
                    "temp_token": "temporary-token", "portal_url": self.portal_url}),
                )
            }
            (Method::Get, ["customers", id]) if request.query.is_empty() => {
                let id: u64 = id.parse().unwrap();
                Some(json!({"customer": {"id": id, "hash": HASH}}))
            }
            _ => None,
        }
    }
}

impl Recharge for Hosting {
    fn call(&self, request: Request) -> BoxFuture<'_, Result<Response, NoAnswer>> {
        let Some(body) = self.answer(&request) else {
            return self.rest.call(request);
        };
        let line = format!("{} {}", request.method.as_str(), request.path_and_query());
        self.seen.lock().unwrap().push(line);
        Box::pin(std::future::ready(Ok(Response {
            status: 200,
            body: Some(body),
            retry_after_ms: None,
        })))
    }
}

const HOSTED: &str = "[hosted_portal]\nbase_url = \"https://hosted.example\"\n\
    shop_url = \"alder.myshopify.com\"\n[merchant]";

/// A portal whose store hosts another, and what that store was asked.
async fn portal(portal_url: &str) -> (Portal, Arc<Mutex<Vec<String>>>) {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let config = config(&upstream.url).replace("[merchant]", HOSTED);
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let hosting = |mut world: middleware::World| {
        world.upstream = Arc::new(Hosting {
            rest: world.upstream,
            portal_url: portal_url.to_owned(),
            seen: Arc::clone(&seen),
        });
        world
    };
    (Portal::over(upstream, config, hosting).await, seen)
}

async fn go(customer: &Customer, path: &str) -> Reply {
    let request = customer.request("GET", path);
    reply(request.header("sec-fetch-mode", "navigate")).await
}

#[tokio::test]
async fn a_signed_in_customer_is_sent_on_with_a_temporary_token() {
    let (portal, seen) = portal(LINK).await;
    let customer = portal.customer().await;
    let sent = go(&customer, "/manage").await;
    assert_eq!(sent.leads_to(), LINK);
    assert_eq!(sent.header("cache-control"), "no-store");
    assert_eq!(sent.header("referrer-policy"), "no-referrer");
    assert!(sent.text.is_empty(), "nothing that a script could read");
    let id = &portal.upstream.customers().await[0]["id"];
    let asked = seen.lock().unwrap().clone();
    assert_eq!(
        asked,
        [
            format!("POST /customers/{id}/sessions"),
            "GET /portal_access?shop_url=alder.myshopify.com&page_destination=subscriptions".into(),
        ]
    );
}

#[tokio::test]
async fn the_other_way_leads_by_the_customers_hash() {
    let (portal, _) = portal(LINK).await;
    let customer = portal.customer().await;
    let sent = go(&customer, "/manage?way=hash").await;
    let place = format!("https://hosted.example/portal/{HASH}/subscriptions");
    assert_eq!(sent.leads_to(), place);
}

#[tokio::test]
async fn who_is_not_signed_in_goes_the_usual_way_in_and_upstream_is_not_asked() {
    let (portal, seen) = portal(LINK).await;
    let sent = go(&portal.stranger(), "/manage").await;
    assert_eq!(sent.leads_to(), "https://shop.example/account");
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_script_a_prefetch_or_a_head_gets_neither_hash_nor_token() {
    let (portal, seen) = portal(LINK).await;
    let customer = portal.customer().await;
    for (name, value) in [
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-mode", "no-cors"),
        ("sec-purpose", "prefetch"),
    ] {
        let request = customer.request("GET", "/manage").header(name, value);
        let refused = reply(request).await;
        assert_eq!((refused.status, refused.header("location")), (403, ""));
    }
    let head = customer.send("HEAD", "/manage").await;
    assert_eq!((head.status, head.header("location")), (200, ""));
    assert_eq!(customer.send("POST", "/manage").await.status, 405);
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_hosted_portal_at_an_origin_that_is_not_configured_is_refused() {
    for elsewhere in [
        "https://evil.example/portal/x/subscriptions",
        "http://hosted.example/portal/x/subscriptions",
        "https://hosted.example@evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "",
    ] {
        let (portal, _) = portal(elsewhere).await;
        let customer = portal.customer().await;
        let refused = go(&customer, "/manage").await;
        assert_eq!(
            (refused.status, refused.header("location")),
            (502, ""),
            "{elsewhere}"
        );
        assert!(refused.text.contains("https://shop.example/account"));
    }
}

#[tokio::test]
async fn a_link_of_the_merchants_server_leads_on_to_the_hosted_portal() {
    let (portal, _) = portal(LINK).await;
    let id = portal.upstream.customers().await[0]["id"].clone();
    let body = json!({"customer_id": id, "to": "hosted_portal"});
    let link = portal.link(body).await.json()["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let opened = portal.stranger().open(&link).await;
    assert_eq!(opened.leads_to(), "/manage");
    let (cookie, _) = opened.header("set-cookie").split_once(';').unwrap();
    let customer = Customer::new(&portal.origin, cookie.to_owned());
    assert_eq!(go(&customer, "/manage").await.leads_to(), LINK);
}

#[tokio::test]
async fn without_a_hosted_portal_nothing_leads_there() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    assert_eq!(go(&customer, "/manage").await.status, 404);
    let body = json!({"customer_id": 1, "to": "hosted_portal"});
    assert_eq!(portal.link(body).await.problem(), "bad_request");
}
