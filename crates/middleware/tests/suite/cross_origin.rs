//! Pages of other origins: which of them get a session and read responses, and that no cookie counts
//! in their requests.

use protocol::Operation;
use serde_json::{Value, json};

use crate::reads::all_paths;
use crate::requests::sample;
use crate::support::{Customer, Portal, Reply, Scenario, key, reply};

pub(crate) const SHOP: &str = "https://shop.example";
pub(crate) const OTHER: &str = "https://other.example";
pub(crate) const EXCHANGE: &str = "/portal/session/exchange";
const FILE: &str = "/portal/assets/boot.0123456789abcdef.js";

/// The `Origin` headers of requests that no listed page sends.
fn unlisted(portal: &Portal) -> Vec<Vec<&str>> {
    vec![
        vec![],
        vec![&portal.origin],
        vec!["null"],
        vec!["https://evil.example"],
        vec!["https://www.shop.example"],
        vec!["https://shop.example.evil.example"],
        vec!["https://evil.example/https://shop.example"],
        vec!["http://shop.example"],
        vec!["https://shop.example:443"],
        vec!["https://shop.example:8443"],
        vec!["https://shop.example/"],
        vec!["https://SHOP.example"],
        vec!["https://shop.example https://shop.example"],
        vec![SHOP, SHOP],
        vec![SHOP, "https://evil.example"],
        vec!["https://evil.example", SHOP],
    ]
}

/// A configuration that lists two shops.
pub(crate) fn listing(config: &str) -> String {
    let origins = format!("[embedding]\norigins = [\"{SHOP}\", \"{OTHER}\"]\n[merchant]");
    config.replace("[merchant]", &origins)
}

pub(crate) async fn portal_of(scenario: Scenario) -> Portal {
    Portal::with(scenario, |config| listing(&config)).await
}

/// A request without anybody's cookie or token, from pages of these origins.
pub(crate) fn from(
    customer: &Customer,
    method: &str,
    path: &str,
    origins: &[&str],
) -> reqwest::RequestBuilder {
    let request = customer.request(method, path);
    origins
        .iter()
        .fold(request, |request, origin| request.header("origin", *origin))
}

pub(crate) fn token_of(link: &str) -> &str {
    link.rsplit('/').next().unwrap()
}

/// Exchanges a one-time token as a page of these origins does.
pub(crate) async fn exchange(portal: &Portal, token: &str, origins: &[&str]) -> Reply {
    let request = from(&portal.stranger(), "POST", EXCHANGE, origins);
    reply(request.json(&json!({ "token": token }))).await
}

/// Asks for another token in place of this customer's.
pub(crate) async fn renew(customer: &Customer) -> Reply {
    reply(customer.request("POST", EXCHANGE).json(&json!({}))).await
}

/// Whoever gets a token by this answer, on a page of this origin.
pub(crate) fn embedded(server: &str, page: &str, answer: &Reply) -> Customer {
    assert_eq!(answer.status, 200, "{answer:?}");
    let token = answer.json()["token"].as_str().unwrap().to_owned();
    Customer::new(server, String::new()).on(page, token)
}

/// A customer of the store on the shop's page.
pub(crate) async fn sign_in(portal: &Portal, customer: usize) -> Customer {
    let email = portal.upstream.customers().await[customer]["email"].clone();
    let link = portal.link_for(email.as_str().unwrap()).await;
    let answer = exchange(portal, token_of(&link), &[SHOP]).await;
    embedded(&portal.origin, SHOP, &answer)
}

/// The same token in requests with other `Origin` headers.
fn token_from(
    customer: &Customer,
    method: &str,
    path: &str,
    origins: &[&str],
) -> reqwest::RequestBuilder {
    let token = &customer.away.as_ref().unwrap().token;
    let nobody = Customer::new(&customer.origin, String::new());
    from(&nobody, method, path, origins).bearer_auth(token)
}

/// All of a response's `Vary`.
fn varies(reply: &Reply) -> Vec<String> {
    let all = reply.headers.get_all("vary").iter();
    all.flat_map(|value| value.to_str().unwrap().split(", "))
        .map(str::to_owned)
        .collect()
}

fn preflight(portal: &Portal, path: &str, origins: &[&str]) -> reqwest::RequestBuilder {
    from(&portal.stranger(), "OPTIONS", path, origins)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization")
}

#[tokio::test]
async fn s19_only_pages_of_listed_origins_get_a_session_and_read_responses() {
    let portal = Portal::with(Scenario::TwoCustomers, |config| {
        let limits = "[limits]\nguesses_per_minute = 1000\n[merchant]";
        listing(&config).replace("[merchant]", limits)
    })
    .await;
    let customer = sign_in(&portal, 0).await;
    let email = portal.upstream.customers().await[0]["email"].clone();
    let link = portal.link_for(email.as_str().unwrap()).await;
    let skip = customer.next_skip().await;
    let shared = |reply: &Reply| reply.header("access-control-allow-origin").to_owned();
    for origins in unlisted(&portal) {
        let refused = exchange(&portal, token_of(&link), &origins).await;
        assert_eq!(refused.problem(), "foreign_origin", "{origins:?}");
        let read = reply(token_from(
            &customer,
            "GET",
            "/portal/api/session",
            &origins,
        ))
        .await;
        assert_eq!(read.problem(), "session_ended", "{origins:?}");
        let path = format!("/portal/api{}", skip.0);
        let change = token_from(&customer, "POST", &path, &origins);
        let change = change.header("idempotency-key", key()).json(&skip.1);
        let change = reply(change).await;
        assert_eq!(change.problem(), "session_ended", "{origins:?}");
        let left = token_from(&customer, "DELETE", "/portal/api/session", &origins);
        let left = reply(left).await;
        assert_eq!(left.status, 401, "{origins:?}");
        let renewed = token_from(&customer, "POST", EXCHANGE, &origins);
        let renewed = reply(renewed.json(&json!({}))).await;
        assert_eq!(renewed.problem(), "foreign_origin", "{origins:?}");
        let asked = reply(preflight(&portal, "/portal/api/session", &origins)).await;
        assert_eq!(asked.status, 405, "{origins:?}");
        let file = reply(from(&portal.stranger(), "GET", FILE, &origins)).await;
        assert_eq!(file.status, 200);
        for response in [refused, read, change, left, renewed, asked, file] {
            assert_eq!(shared(&response), "", "{origins:?}");
            assert!(varies(&response).contains(&"origin".into()), "{response:?}");
        }
    }
    assert_eq!(portal.upstream.writes().await, 0);

    assert_eq!(shared(&customer.get("/session").await), SHOP);
    assert_eq!(
        exchange(&portal, token_of(&link), &[OTHER]).await.status,
        200
    );
    // It is on the list, and yet the token is not for it.
    let other = reply(token_from(
        &customer,
        "GET",
        "/portal/api/session",
        &[OTHER],
    ))
    .await;
    assert_eq!((other.status, shared(&other).as_str()), (401, OTHER));
    let other = token_from(&customer, "POST", EXCHANGE, &[OTHER]).json(&json!({}));
    assert_eq!(reply(other).await.status, 401);
}

#[tokio::test]
async fn s19_responses_name_the_origin_and_never_allow_credentials() {
    let portal = portal_of(Scenario::TwoCustomers).await;
    let customer = sign_in(&portal, 0).await;
    for path in ["/portal/api/session", EXCHANGE] {
        let asked = reply(preflight(&portal, path, &[SHOP])).await;
        assert_eq!(asked.status, 204);
        assert_eq!(asked.header("access-control-allow-origin"), SHOP);
        assert_eq!(
            asked.header("access-control-allow-methods"),
            "DELETE, GET, POST, PUT"
        );
        assert_eq!(
            asked.header("access-control-allow-headers"),
            "accept, authorization, content-type, idempotency-key"
        );
        assert_eq!(asked.header("access-control-max-age"), "7200");
        assert_eq!(asked.header("access-control-allow-credentials"), "");
    }
    let nowhere = customer.get("/nothing").await;
    let refused = exchange(&portal, "a guess", &[SHOP]).await;
    let view = customer.get("/overview").await;
    let file = reply(from(&portal.stranger(), "GET", FILE, &[SHOP])).await;
    let missing = from(&portal.stranger(), "GET", "/portal/assets/gone.js", &[SHOP]);
    let missing = reply(missing).await;
    let texts = from(&portal.stranger(), "GET", "/portal/texts/de.txt", &[SHOP]);
    let texts = reply(texts).await;
    for (response, status) in [
        (&nowhere, 404),
        (&refused, 401),
        (&view, 200),
        (&file, 200),
        (&missing, 404),
        (&texts, 200),
    ] {
        assert_eq!(response.status, status);
        assert_eq!(response.header("access-control-allow-origin"), SHOP);
        assert_eq!(response.header("access-control-allow-credentials"), "");
        assert!(varies(response).contains(&"origin".into()), "{response:?}");
    }
    let exposed = view.header("access-control-expose-headers");
    assert_eq!(exposed, "age, retry-after, x-request-id");
    assert!(varies(&file).contains(&"accept-encoding".into()));
    // Pages, links and what the merchant's server asks are nobody else's to read.
    for (method, path) in [
        ("GET", "/portal/"),
        ("GET", "/portal/orders"),
        ("GET", "/portal/open/x"),
        ("GET", "/portal/return"),
        ("GET", "/manage"),
        ("POST", "/portal/sessions"),
        ("GET", "/healthz"),
    ] {
        let response = reply(from(&portal.stranger(), method, path, &[SHOP])).await;
        let shared = response.header("access-control-allow-origin");
        assert_eq!(shared, "", "{path}");
    }
}

#[tokio::test]
async fn s19_other_origins_get_nothing_where_none_is_listed() {
    let portal = Portal::start(Scenario::Everyday).await;
    let link = portal.link_for("maya.lindqvist@example.com").await;
    let refused = exchange(&portal, token_of(&link), &[SHOP]).await;
    assert_eq!(refused.problem(), "not_found");
    let asked = reply(preflight(&portal, "/portal/api/session", &[SHOP])).await;
    assert_eq!(asked.status, 405);
    let file = reply(from(&portal.stranger(), "GET", FILE, &[SHOP])).await;
    for response in [&refused, &asked, &file] {
        assert_eq!(response.header("access-control-allow-origin"), "");
        assert!(!varies(response).contains(&"origin".into()));
    }
    assert_eq!(portal.stranger().open(&link).await.status, 303);
}

#[tokio::test]
async fn s18_no_cookie_counts_in_a_request_of_another_origin() {
    let portal = portal_of(Scenario::TwoCustomers).await;
    let emails = portal.upstream.customers().await;
    let email = |at: usize| emails[at]["email"].as_str().unwrap().to_owned();
    let mut owner = portal.sign_in(&email(0)).await;
    let (path, body) = owner.next_skip().await;
    let path = format!("/portal/api{path}");
    let elsewhere = [SHOP, OTHER, "https://evil.example", "null"];
    for origin in elsewhere {
        let read = reply(from(&owner, "GET", "/portal/api/session", &[origin])).await;
        assert_eq!(read.problem(), "session_ended", "{origin}");
        for (method, path) in [("POST", path.as_str()), ("DELETE", "/portal/api/session")] {
            let change = from(&owner, method, path, &[origin]).header("idempotency-key", key());
            let refused = reply(change.json(&body)).await;
            assert!(
                [401, 403].contains(&refused.status),
                "{origin}: {refused:?}"
            );
            assert_eq!(refused.header("set-cookie"), "", "{origin}");
        }
    }
    for site in ["same-site", "cross-site"] {
        let read = owner.request("GET", "/portal/api/session");
        let read = reply(read.header("sec-fetch-site", site)).await;
        assert_eq!(read.problem(), "session_ended", "{site}");
    }
    assert_eq!(owner.get("/session").await.status, 200);
    assert_eq!(portal.upstream.writes().await, 0);

    // Beside a token it does not count either, whether that is good or not.
    let other = sign_in(&portal, 1).await;
    let id = owner.get("/session").await.json()["customer_id"].clone();
    owner.away = other.away.clone();
    assert_ne!(owner.get("/session").await.json()["customer_id"], id);
    owner.away.as_mut().unwrap().token.push('0');
    assert_eq!(owner.get("/session").await.status, 401);
    // Nor does a token as a cookie, or a cookie as a token.
    let token = other.away.as_ref().unwrap().token.clone();
    let mut crossed = portal.stranger();
    crossed.cookie = format!("__Host-portal={}", token.trim_start_matches("portal-"));
    assert_eq!(crossed.get("/session").await.status, 401);
    let (_, cookie) = owner.cookie.split_once('=').unwrap();
    for token in [cookie.to_owned(), format!("portal-{cookie}")] {
        let mut crossed = other.clone();
        crossed.away.as_mut().unwrap().token = token;
        assert_eq!(crossed.get("/session").await.status, 401);
    }
}

#[tokio::test]
async fn every_read_of_the_api_takes_a_token() {
    let portal = portal_of(Scenario::TwoCustomers).await;
    let (customer, other) = (sign_in(&portal, 0).await, sign_in(&portal, 1).await);
    let email = portal.upstream.customers().await[0]["email"].clone();
    let own = portal.sign_in(email.as_str().unwrap()).await;
    let nobody = portal.stranger();
    for path in all_paths(&own).await {
        let reply = customer.get(&path).await;
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
        if path != "/export" {
            assert_eq!(reply.text, own.get(&path).await.text, "{path}");
        }
        if path.split('/').count() > 2 {
            assert_eq!(other.get(&path).await.problem(), "not_found", "{path}");
        }
        let without = from(&nobody, "GET", &format!("/portal/api{path}"), &[SHOP]);
        assert_eq!(crate::support::reply(without).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn every_change_of_the_api_takes_a_token() {
    let portal = portal_of(Scenario::TwoCustomers).await;
    let (customer, nobody) = (sign_in(&portal, 0).await, portal.stranger());
    let operations = Operation::ALL.iter().map(|operation| sample(*operation));
    let others = [
        ("POST", "/preview".to_owned(), Value::Null),
        ("POST", "/card_setups".to_owned(), json!({})),
    ];
    for (method, path, body) in operations.chain(others) {
        let by_token = customer.change(method, &path, body.clone()).await;
        for refusal in ["session_ended", "foreign_origin", "too_many_requests"] {
            assert!(!by_token.text.contains(refusal), "{path}: {by_token:?}");
        }
        let without = from(&nobody, method, &format!("/portal/api{path}"), &[SHOP]);
        let without = without.header("idempotency-key", key()).json(&body);
        assert_eq!(reply(without).await.status, 401, "{path}");
    }
    let before = portal.upstream.writes().await;
    let other = sign_in(&portal, 1).await;
    let (path, body) = other.next_skip().await;
    let foreign = customer.change("POST", &path, body.clone()).await;
    assert_eq!(foreign.problem(), "not_found");
    assert_eq!(portal.upstream.writes().await, before);
    assert!(other.change("POST", &path, body).await.is("done"));
}
