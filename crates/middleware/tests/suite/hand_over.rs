//! The way out to the portal that Recharge hosts.

use std::sync::{Arc, Mutex};

use base::BoxFuture;
use recharge::{Method, NoAnswer, Recharge, Request, Response};
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
    portal_with(portal_url, |config| config).await
}

/// The same, with a configuration that `change` changes.
async fn portal_with(
    portal_url: &str,
    change: impl FnOnce(String) -> String,
) -> (Portal, Arc<Mutex<Vec<String>>>) {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let config = change(config(&upstream.url).replace("[merchant]", HOSTED));
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let hosting = |mut world: middleware::Dependencies| {
        world.upstream = Arc::new(Hosting {
            rest: world.upstream,
            portal_url: portal_url.to_owned(),
            seen: Arc::clone(&seen),
        });
        world
    };
    (Portal::over(upstream, config, hosting).await, seen)
}

/// Goes there from a page of the portal's own.
async fn go(customer: &Customer, path: &str) -> Reply {
    go_from(customer, path, "same-origin").await
}

/// Goes there from a page of another, or of the same, site.
async fn go_from(customer: &Customer, path: &str, site: &str) -> Reply {
    let request = customer.request("GET", path).header("sec-fetch-site", site);
    let request = request.header("sec-fetch-dest", "document");
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
async fn customers_are_led_in_the_configured_way_only() {
    let place = format!("https://hosted.example/portal/{HASH}/subscriptions");
    for (configured, leads_to) in [("link", LINK), ("hash", place.as_str())] {
        let way = format!("way = \"{configured}\"\n[merchant]");
        let (portal, seen) = portal_with(LINK, |config| config.replace("[merchant]", &way)).await;
        let customer = portal.customer().await;
        for query in ["?way=hash", "?way=link", "?way=other", "?x=1"] {
            let refused = go(&customer, &format!("/manage{query}")).await;
            assert_eq!(
                (refused.status, refused.header("location")),
                (400, ""),
                "{query}"
            );
        }
        assert!(seen.lock().unwrap().is_empty());
        assert_eq!(go(&customer, "/manage").await.leads_to(), leads_to);
    }
}

#[tokio::test]
async fn another_site_leads_to_a_button_and_nothing_is_asked_upstream_before_it_is_pressed() {
    let (portal, seen) = portal(LINK).await;
    let customer = portal.customer().await;
    let mut page = customer.send("GET", "/manage").await;
    for site in ["cross-site", "same-site", "none"] {
        assert_eq!(page.status, 403);
        assert_eq!(page.header("location"), "");
        page = go_from(&customer, "/manage", site).await;
    }
    for site in ["cross-site", "same-site", "none"] {
        let request = customer
            .request("POST", "/manage")
            .header("sec-fetch-site", site);
        assert_eq!(reply(request).await.problem(), "foreign_origin");
        let request = customer
            .request("POST", "/manage")
            .header("origin", "https://evil.example");
        assert_eq!(reply(request).await.problem(), "foreign_origin");
    }
    assert_eq!(reply(customer.request("POST", "/manage")).await.status, 403);
    assert!(seen.lock().unwrap().is_empty());
    assert_eq!(customer.press(&page).await.leads_to(), LINK);
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
    assert_eq!(opened.leads_to(), LINK);
    let (cookie, _) = opened.header("set-cookie").split_once(';').unwrap();
    let customer = Customer::new(&portal.origin, cookie.to_owned());
    assert_eq!(customer.open(&link).await.leads_to(), LINK);
    assert_eq!(portal.stranger().open(&link).await.status, 410);
}

#[tokio::test]
async fn the_button_of_a_link_leads_on_to_the_hosted_portal_too() {
    let (portal, seen) = portal(LINK).await;
    let id = portal.upstream.customers().await[0]["id"].clone();
    let link = portal
        .link(json!({"customer_id": id, "to": "hosted_portal"}))
        .await;
    let url = link.json()["url"].as_str().unwrap().to_owned();
    let stranger = portal.stranger();
    let page = stranger
        .send("GET", url.strip_prefix(&portal.origin).unwrap())
        .await;
    assert_eq!(page.status, 200);
    assert!(seen.lock().unwrap().is_empty());
    assert_eq!(stranger.press(&page).await.leads_to(), LINK);
}

#[tokio::test]
async fn without_a_hosted_portal_nothing_leads_there() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    assert_eq!(go(&customer, "/manage").await.status, 404);
    let body = json!({"customer_id": 1, "to": "hosted_portal"});
    assert_eq!(portal.link(body).await.problem(), "bad_request");
}
