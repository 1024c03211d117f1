//! Sign-on through Shopify's app proxy.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::task::JoinSet;

use crate::jwt::{external_id, file, followed, signs_in};
use crate::support::{Portal, Reply, Scenario, reply};

const SHOP: &str = "alder.myshopify.com";
const SECRET: &str = "app-secret-of-the-tests";

async fn portal() -> Portal {
    let secret = file(SECRET);
    Portal::with(Scenario::TwoCustomers, |config| {
        let path = secret.path();
        format!("{config}\n[app_proxy]\nshop = \"{SHOP}\"\nsecret_file = {path:?}\n")
    })
    .await
}

/// The path of a request through the proxy so many seconds ago, as Shopify signs it.
fn visit(portal: &Portal, customer: &str, age: i64) -> String {
    let timestamp = gateway::Env::now_ms(&*portal.clock) / 1000 - age;
    let signed = format!(
        "logged_in_customer_id={customer}path_prefix=/apps/subscriptionsshop={SHOP}\
         timestamp={timestamp}"
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    let signature = base::hex(&mac.finalize().into_bytes());
    format!(
        "/portal/app-proxy?shop={SHOP}&logged_in_customer_id={customer}\
         &path_prefix=%2Fapps%2Fsubscriptions&timestamp={timestamp}&signature={signature}"
    )
}

/// A request as Shopify passes it on: without cookies, and without what the browser says.
async fn pass_on(portal: &Portal, path: &str) -> Reply {
    reply(portal.stranger().request("GET", path)).await
}

#[tokio::test]
async fn en_4_a_customer_of_the_shop_is_led_to_a_link_on_the_portals_origin() {
    let portal = portal().await;
    for customer in [0, 1] {
        let id = external_id(&portal.upstream, customer).await;
        let answer = pass_on(&portal, &visit(&portal, &id, 0)).await;
        assert!(!signs_in(&answer));
        let browser = portal.stranger();
        let opened = followed(&portal, &browser, &answer).await;
        assert!(signs_in(&opened));
        let customer_page = browser.with_cookies_of(&opened).get("/customer").await;
        let expected = portal.upstream.customers().await[customer]["email"].clone();
        assert_eq!(customer_page.json()["email"], expected);
    }
}

#[tokio::test]
async fn s8_somebody_who_is_not_signed_in_to_the_shop_is_led_to_its_login() {
    let portal = portal().await;
    let answer = pass_on(&portal, &visit(&portal, "", 0)).await;
    assert_eq!(
        answer.leads_to(),
        format!("https://{SHOP}/account/login?return_url=%2Fapps%2Fsubscriptions")
    );
    assert_eq!(answer.header("set-cookie"), "");
}

#[tokio::test]
async fn en_5_the_path_behind_the_proxy_is_the_page_that_opens() {
    let portal = portal().await;
    let id = external_id(&portal.upstream, 0).await;
    let below = |customer: &str, page: &str, age| {
        visit(&portal, customer, age).replace("/app-proxy?", &format!("/app-proxy{page}?"))
    };
    for (age, (page, leads_to)) in [
        ("/payment-methods", "/portal/payment-methods"),
        ("/subscriptions/123", "/portal/subscriptions/123"),
        ("//evil.example", "/portal/"),
        ("/nowhere", "/portal/"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = pass_on(&portal, &below(&id, page, 20 * age as i64)).await;
        let opened = followed(&portal, &portal.stranger(), &answer).await;
        assert_eq!(opened.leads_to(), leads_to, "{page}");
    }
    // Who has to sign in first comes back to it.
    let login = pass_on(&portal, &below("", "/deliveries", 9)).await;
    let back = "return_url=%2Fapps%2Fsubscriptions%2Fdeliveries";
    assert!(login.leads_to().ends_with(back), "{}", login.leads_to());
}

#[tokio::test]
async fn s8_a_request_signs_in_once_and_for_ninety_seconds() {
    let portal = portal().await;
    let id = external_id(&portal.upstream, 0).await;
    let path = visit(&portal, &id, 85);
    assert_eq!(pass_on(&portal, &path).await.status, 303);
    for _ in 0..2 {
        let replayed = pass_on(&portal, &path).await;
        assert_eq!(
            (replayed.status, &*replayed.problem()),
            (401, "app_proxy_replayed")
        );
    }
    let old = pass_on(&portal, &visit(&portal, &id, 95)).await;
    assert_eq!((old.status, &*old.problem()), (401, "app_proxy_timestamp"));
    // What is swept has expired long before.
    portal.clock.pass_minutes(1);
    portal.sweep().await;
    assert_eq!(pass_on(&portal, &path).await.status, 401);
}

#[tokio::test]
async fn s8_of_twenty_equal_requests_at_once_one_signs_in() {
    let portal = portal().await;
    let id = external_id(&portal.upstream, 0).await;
    let path = visit(&portal, &id, 0);
    let mut requests = JoinSet::new();
    for _ in 0..20 {
        requests.spawn(reply(portal.stranger().request("GET", &path)));
    }
    let answers = requests.join_all().await;
    let led = answers.iter().filter(|answer| answer.status == 303);
    assert_eq!(led.count(), 1);
}

#[tokio::test]
async fn s8_a_changed_request_is_refused_and_asks_nothing_upstream() {
    let portal = portal().await;
    let id = external_id(&portal.upstream, 0).await;
    let path = visit(&portal, &id, 0);
    let other = external_id(&portal.upstream, 1).await;
    let before = portal.upstream.calls().await.len();
    for (changed, status, kind) in [
        (path.replace(&id, &other), 401, "app_proxy_signature"),
        (
            path.replace(SHOP, "other.myshopify.com"),
            401,
            "app_proxy_signature",
        ),
        (format!("{path}&locale=de"), 401, "app_proxy_signature"),
        (format!("{path}&shop={SHOP}"), 401, "app_proxy_signature"),
        ("/portal/app-proxy".to_owned(), 400, "app_proxy_parameters"),
    ] {
        let refused = pass_on(&portal, &changed).await;
        assert_eq!(
            (refused.status, &*refused.problem()),
            (status, kind),
            "{changed}"
        );
    }
    assert_eq!(portal.upstream.calls().await.len(), before);
    // The changes have not used the request up.
    assert_eq!(pass_on(&portal, &path).await.status, 303);
}

#[tokio::test]
async fn en_4_a_replayed_visit_leads_back_to_the_shops_page() {
    let portal = portal().await;
    let id = external_id(&portal.upstream, 0).await;
    let path = visit(&portal, &id, 0);
    pass_on(&portal, &path).await;
    let page = portal
        .stranger()
        .request("GET", &path)
        .header("accept", "text/html");
    let page = reply(page).await;
    let again = format!("<a href=\"https://{SHOP}/apps/subscriptions\">Try again</a>");
    assert!(page.status == 401 && page.text.contains(&again), "{page:?}");
    // A shopper without a subscription is told so.
    let nobody = visit(&portal, "4040404", 0);
    let page = portal
        .stranger()
        .request("GET", &nobody)
        .header("accept", "text/html");
    let page = reply(page).await;
    assert!(
        page.status == 404 && page.text.contains("No subscriptions yet"),
        "{page:?}"
    );
}
