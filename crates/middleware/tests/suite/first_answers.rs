//! The page of the portal with the first answers of the API in it.

use reqwest::RequestBuilder;
use reqwest::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, ETAG};
use serde_json::{Value, json};

use crate::support::{Customer, Effect, Portal, Scenario, reply};

const SLOW_MS: u64 = 3_000;

/// What a browser sends where a customer opens the page at `path`.
fn navigation(customer: &Customer, path: &str) -> RequestBuilder {
    customer
        .request("GET", path)
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document")
}

/// The blocks of a page: the path of each, its status, and its answer.
fn blocks(page: &str) -> Vec<(String, Value, Value)> {
    let blocks = page.split("<script type=\"application/json\" data-answer=\"");
    let read = |block: &str| {
        let (path, rest) = block.split_once("\" data-init='").unwrap();
        let (init, rest) = rest.split_once("'>").unwrap();
        let (body, _) = rest.split_once("</script>").unwrap();
        let [init, body] = [init, body].map(|json| serde_json::from_str(json).unwrap());
        (path.to_owned(), init, body)
    };
    let mut read: Vec<_> = blocks.skip(1).map(read).collect();
    read.sort_by(|one, other| one.0.cmp(&other.0));
    read
}

#[tokio::test]
async fn a_page_brings_along_what_the_api_would_answer_first() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let page = reply(navigation(&customer, "/portal/")).await;
    let [overview, session] = &blocks(&page.text)[..] else {
        panic!("{}", page.text);
    };
    for ((path, init, body), expected) in [(overview, "/overview"), (session, "/session")] {
        assert_eq!(path, expected);
        assert_eq!(init["status"], 200);
        assert_eq!(*body, customer.get(expected).await.json());
    }
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("etag"), "");
    assert!(page.text.trim_end().ends_with("</html>"), "{}", page.text);

    let elsewhere = reply(navigation(&customer, "/portal/deliveries")).await;
    let paths: Vec<_> = blocks(&elsewhere.text)
        .into_iter()
        .map(|block| block.0)
        .collect();
    assert_eq!(paths, ["/session"]);
}

#[tokio::test]
async fn a_page_that_no_customer_navigates_to_holds_nothing_private() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let plain = customer.request("GET", "/portal/");
    let prefetched = navigation(&customer, "/portal/").header("sec-purpose", "prefetch");
    let script = customer
        .request("GET", "/portal/")
        .header("sec-fetch-mode", "no-cors")
        .header("sec-fetch-dest", "script");
    let stranger = navigation(&portal.stranger(), "/portal/");
    for request in [plain, prefetched, script, stranger] {
        let page = reply(request).await;
        assert_eq!(blocks(&page.text), []);
        assert_eq!(page.header("cache-control"), "no-cache");
        assert_ne!(page.header("etag"), "");
    }
    let signed_out = customer.send("DELETE", "/portal/api/session").await;
    assert_eq!(signed_out.status, 204);
    let page = reply(navigation(&customer, "/portal/")).await;
    assert_eq!(blocks(&page.text), []);
}

#[tokio::test]
async fn the_page_is_sent_before_upstream_has_answered() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let slow = Effect::Delay(SLOW_MS);
    portal.upstream.fault("GET", "", slow, 20).await;
    for encoding in ["identity", "gzip"] {
        let started = std::time::Instant::now();
        let request = navigation(&customer, "/portal/").header(ACCEPT_ENCODING, encoding);
        let mut page = request.send().await.unwrap();
        let first = page.chunk().await.unwrap().unwrap();
        assert!(
            started.elapsed().as_millis() < u128::from(SLOW_MS),
            "{encoding}"
        );
        assert!(first.len() > 20, "{encoding}: {}", first.len());
        let is_compressed = page.headers().get(CONTENT_ENCODING).is_some();
        assert_eq!(is_compressed, encoding == "gzip");
        assert_eq!(page.headers()[CACHE_CONTROL], "no-store");
        assert!(page.headers().get(ETAG).is_none());
        while page.chunk().await.unwrap().is_some() {}
    }
}

#[tokio::test]
async fn an_answer_cannot_end_the_block_that_it_stands_in() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let hostile = "</script><script>alert(1)</script><!--";
    let body = json!({ "first_name": hostile, "last_name": "Raman" });
    let changed = customer.change("PUT", "/customer", body).await;
    assert!(changed.is("done"), "{}", changed.text);
    let page = reply(navigation(&customer, "/portal/")).await;
    assert!(!page.text.contains("<script>alert"), "{}", page.text);
    assert!(!page.text.contains("<!--"), "{}", page.text);
    let blocks = blocks(&page.text);
    assert_eq!(blocks[1].2["first_name"], hostile);
}

#[tokio::test]
async fn a_refusal_is_brought_along_like_an_answer() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let failing = Effect::Status(503);
    portal.upstream.fault("GET", "", failing, 40).await;
    let page = reply(navigation(&customer, "/portal/")).await;
    let blocks = blocks(&page.text);
    let (_, init, problem) = &blocks[0];
    assert_eq!(init["status"], problem["status"]);
    assert_eq!(problem["type"], "unavailable", "{problem}");
    assert_ne!(problem["reference"], "");
}

#[tokio::test]
async fn the_page_says_the_language_and_region_that_the_shop_asked_for() {
    let portal = Portal::start(Scenario::Everyday).await;
    let email = portal.upstream.customers().await[0]["email"].clone();
    let link = json!({ "email": email, "locale": "en-GB" });
    let url = portal.link(link).await.json()["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let customer = crate::support::sign_in(&portal.origin, &url).await;
    let request = navigation(&customer, "/portal/").header("accept-language", "de");
    let page = reply(request).await;
    assert!(page.text.contains("<html lang=\"en-GB\""), "{}", page.text);
}
