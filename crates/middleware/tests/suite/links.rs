//! What uses a one-time link up, and what does not.

use serde_json::json;

use crate::support::{Customer, Portal, Reply, Scenario, reply};

/// What comes by a link without anybody going there: scanners, pictures, scripts, frames, prefetches
/// and prerendering of several browsers.
const NOBODY: &[&[(&str, &str)]] = &[
    &[],
    &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")],
    &[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")],
    &[
        ("sec-fetch-mode", "same-origin"),
        ("sec-fetch-dest", "empty"),
    ],
    &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")],
    &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "object")],
    &[("sec-fetch-mode", "navigate")],
    &[("sec-fetch-dest", "document")],
    &[NAVIGATE, DOCUMENT, ("sec-purpose", "prefetch")],
    &[NAVIGATE, DOCUMENT, ("sec-purpose", "prefetch;prerender")],
    &[NAVIGATE, DOCUMENT, ("purpose", "prefetch")],
    &[NAVIGATE, DOCUMENT, ("x-purpose", "preview")],
    &[NAVIGATE, DOCUMENT, ("x-moz", "prefetch")],
];
const NAVIGATE: (&str, &str) = ("sec-fetch-mode", "navigate");
const DOCUMENT: (&str, &str) = ("sec-fetch-dest", "document");

async fn portal() -> Portal {
    Portal::start(Scenario::TwoCustomers).await
}

/// A link for one of the two customers.
async fn link_for(portal: &Portal, customer: usize) -> String {
    let email = portal.upstream.customers().await[customer]["email"].clone();
    let reply = portal.link(json!({ "email": email })).await;
    reply.json()["url"].as_str().unwrap().to_owned()
}

async fn signed_in(portal: &Portal, customer: usize) -> Customer {
    crate::support::sign_in(&portal.origin, &link_for(portal, customer).await).await
}

/// Whether an answer begins a session.
fn signs_in(reply: &Reply) -> bool {
    let mut cookies = reply.headers.get_all("set-cookie").iter();
    cookies.any(|cookie| cookie.to_str().unwrap().starts_with("__Host-portal="))
}

/// The customer that an answer signs in.
fn let_in(portal: &Portal, opened: &Reply) -> Customer {
    assert_eq!(opened.leads_to(), "/portal/");
    let (pair, _) = opened.header("set-cookie").split_once(';').unwrap();
    Customer::new(&portal.origin, pair.to_owned())
}

#[tokio::test]
async fn s53_a_link_that_nobody_opens_stays_good_and_its_button_opens_it() {
    let portal = portal().await;
    let link = link_for(&portal, 0).await;
    let path = link.strip_prefix(&portal.origin).unwrap();
    for method in ["GET", "HEAD"] {
        for headers in NOBODY {
            let request = portal.stranger().request(method, path);
            let request = headers.iter().fold(request, |request, (name, value)| {
                request.header(*name, *value)
            });
            let seen = reply(request).await;
            assert_eq!(seen.status, 200, "{headers:?}");
            assert!(!signs_in(&seen), "{headers:?}");
            assert!(!seen.text.contains("<script"));
        }
    }
    let stranger = portal.stranger();
    let page = stranger.send("GET", path).await;
    assert!(page.text.contains("Open your subscriptions"));
    let customer = let_in(&portal, &stranger.press(&page).await);
    assert_eq!(customer.get("/session").await.status, 200);
    assert_eq!(portal.stranger().open(&link).await.status, 410);
    assert_eq!(stranger.press(&page).await.status, 410);
}

#[tokio::test]
async fn s53_a_second_press_gets_in_though_the_answer_to_the_first_never_came() {
    let portal = portal().await;
    let link = link_for(&portal, 0).await;
    let path = link.strip_prefix(&portal.origin).unwrap();
    // Interrupted before the first answer.
    portal.stranger().go_to(path).await;
    let first = portal.stranger().go_to(path).await;
    assert!(!signs_in(&first));
    let browser = portal.stranger().with_cookies_of(&first);
    // Interrupted before the second answer: the link is used up, and the session has begun.
    assert!(signs_in(&browser.go_to(first.header("location")).await));
    let customer = let_in(&portal, &browser.go_to(path).await);
    assert_eq!(customer.get("/session").await.status, 200);
    // Another browser with a cookie of its own stays out.
    let other = portal
        .stranger()
        .go_to(&path.replace("/open/", "/open/0"))
        .await;
    assert_eq!(
        portal
            .stranger()
            .with_cookies_of(&other)
            .go_to(path)
            .await
            .status,
        410
    );
    let fresh = link_for(&portal, 0).await;
    let fresh = fresh.strip_prefix(&portal.origin).unwrap();
    let other = portal
        .stranger()
        .with_cookies_of(&portal.stranger().go_to(fresh).await);
    assert_eq!(other.go_to(path).await.status, 410);
    // So does the same one after a minute, and after signing out.
    customer.send("DELETE", "/portal/api/session").await;
    assert_eq!(browser.go_to(path).await.status, 410);
}

#[tokio::test]
async fn s53_a_second_press_of_the_button_gets_in_for_a_minute() {
    let portal = portal().await;
    let link = link_for(&portal, 0).await;
    let path = link.strip_prefix(&portal.origin).unwrap();
    let page = portal.stranger().send("GET", path).await;
    let browser = portal.stranger().with_cookies_of(&page);
    assert!(signs_in(&browser.press(&page).await));
    assert!(signs_in(&browser.press(&page).await));
    portal.clock.pass_minutes(2);
    assert_eq!(browser.press(&page).await.status, 410);
}

#[tokio::test]
async fn s53_the_second_request_of_one_press_gets_in_too() {
    let portal = portal().await;
    let link = link_for(&portal, 0).await;
    let customer = let_in(&portal, &portal.stranger().open(&link).await);
    let second = customer.open(&link).await;
    assert_eq!(
        (second.leads_to(), second.header("set-cookie")),
        ("/portal/", "")
    );
    let path = link.strip_prefix(&portal.origin).unwrap();
    let pressed = customer.send("POST", path).await;
    assert_eq!(pressed.leads_to(), "/portal/");
}

#[tokio::test]
async fn s53_opening_somebody_elses_link_asks_before_it_replaces_the_session() {
    let portal = portal().await;
    let customer = signed_in(&portal, 0).await;
    let link = link_for(&portal, 1).await;
    let path = link.strip_prefix(&portal.origin).unwrap();

    let page = customer.open(&link).await;
    assert!(page.status == 200 && !signs_in(&page));
    assert!(page.text.contains("Switch accounts") && page.text.contains("href=\"/portal/\""));
    // Another site can send the form, but does not know what the page has in it.
    for body in ["", "confirm=", "confirm=00000000000000000000000000000000"] {
        let request = customer
            .request("POST", path)
            .header("sec-fetch-site", "cross-site");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let asked = reply(request.body(body)).await;
        assert!(asked.status == 200 && !signs_in(&asked), "{body}");
    }
    assert_eq!(customer.get("/session").await.status, 200);

    let other = let_in(&portal, &customer.press(&page).await);
    assert_eq!(customer.get("/session").await.status, 401);
    let expected = portal.upstream.customers().await[1]["email"].clone();
    assert_eq!(other.get("/customer").await.json()["email"], expected);
}

#[tokio::test]
async fn s53_the_confirmation_of_one_session_does_not_count_in_another() {
    let portal = portal().await;
    let (one, again) = (signed_in(&portal, 0).await, signed_in(&portal, 0).await);
    let link = link_for(&portal, 1).await;
    let page = one.open(&link).await;
    let asked = again.press(&page).await;
    assert!(asked.status == 200 && !signs_in(&asked));
    assert_eq!(again.get("/session").await.status, 200);
}

#[tokio::test]
async fn a_link_of_ones_own_opens_a_new_session_without_asking() {
    let portal = portal().await;
    let customer = signed_in(&portal, 0).await;
    let again = let_in(&portal, &customer.open(&link_for(&portal, 0).await).await);
    assert_eq!(again.get("/session").await.status, 200);
    assert_eq!(customer.get("/session").await.status, 401);
}

#[tokio::test]
async fn a_link_opens_in_a_frame_of_the_same_site_where_the_shop_frames_the_portal() {
    let framed = async |portal: &Portal, site: &str| {
        let link = link_for(portal, 0).await;
        let path = link.strip_prefix(&portal.origin).unwrap();
        let request = portal
            .stranger()
            .request("GET", path)
            .header("sec-fetch-site", site);
        let request = request.header("sec-fetch-mode", "navigate");
        reply(request.header("sec-fetch-dest", "iframe")).await
    };
    let framing = Portal::with(Scenario::TwoCustomers, |config| {
        format!("frame_ancestors = [\"https://shop.example\"]\n{config}")
    })
    .await;
    assert_eq!(framed(&framing, "same-site").await.status, 303);
    assert_eq!(framed(&portal().await, "same-site").await.status, 200);
    // The cookie would not reach a frame of another site.
    let elsewhere = framed(&framing, "cross-site").await;
    assert_eq!(elsewhere.status, 200);
    assert!(elsewhere.text.contains("target=\"_blank\""));
    assert!(elsewhere.text.contains("Open in a new tab"));
}
