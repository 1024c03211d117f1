//! Sign-on by a JWT that the merchant signs.

use std::io::Write;
use std::sync::Arc;

use async_trait::async_trait;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use middleware::Dependencies;
use middleware::store::{SpentTokens, StoreError, TokenHash};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::support::{Customer, Portal, Program, Reply, Scenario, Upstream, config, reply};

const SECRET: &str = "jwt-secret-of-the-tests-32-bytes";

/// A file with this text.
pub(crate) fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn with_jwt(config: &str, secret: &NamedTempFile) -> String {
    format!(
        "{config}\n[jwt]\nalgorithm = \"HS256\"\nsecret_file = {:?}\n\
         issuer = \"https://shop.example\"\naudience = \"portal\"\n",
        secret.path()
    )
}

async fn portal() -> Portal {
    let secret = file(SECRET);
    Portal::with(Scenario::TwoCustomers, |config| with_jwt(&config, &secret)).await
}

/// The id at the shop's platform of a customer of the store.
pub(crate) async fn external_id(upstream: &Upstream, customer: usize) -> String {
    let id = upstream.customers().await[customer]["external_customer_id"].clone();
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

fn signed(claims: &Value) -> String {
    let key = EncodingKey::from_secret(SECRET.as_bytes()).unwrap();
    encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
}

fn token_for(customer: &str, jti: &str) -> String {
    signed(&json!({
        "iss": "https://shop.example", "aud": "portal", "sub": customer, "jti": jti,
        "iat": now(), "exp": now() + 120,
    }))
}

/// The path that a redirect to our own origin leads to.
pub(crate) fn path_of(portal: &Portal, answer: &Reply) -> String {
    let path = answer.leads_to().strip_prefix(&portal.origin).unwrap();
    path.to_owned()
}

/// Whether an answer begins a session.
pub(crate) fn signs_in(reply: &Reply) -> bool {
    let mut cookies = reply.headers.get_all("set-cookie").iter();
    cookies.any(|cookie| cookie.to_str().unwrap().starts_with("__Host-portal="))
}

/// What becomes of a person who follows a redirect to a link.
pub(crate) async fn followed(portal: &Portal, browser: &Customer, answer: &Reply) -> Reply {
    let link = format!("{}{}", portal.origin, path_of(portal, answer));
    browser.open(&link).await
}

async fn email(browser: &Customer, opened: &Reply) -> Value {
    assert_eq!(opened.leads_to(), "/portal/");
    let customer = browser.with_cookies_of(opened);
    customer.get("/customer").await.json()["email"].clone()
}

#[tokio::test]
async fn en_4_a_signed_jwt_signs_its_customer_in_at_an_address_without_it() {
    let portal = portal().await;
    for customer in [0, 1] {
        let id = external_id(&portal.upstream, customer).await;
        let token = token_for(&id, &format!("first {customer}"));
        let browser = portal.stranger();
        let answer = browser.go_to(&format!("/portal/jwt?token={token}")).await;
        assert!(!signs_in(&answer) && !answer.leads_to().contains(&token));
        let opened = followed(&portal, &browser, &answer).await;
        assert!(signs_in(&opened));
        let expected = portal.upstream.customers().await[customer]["email"].clone();
        assert_eq!(email(&browser, &opened).await, expected);
    }
}

#[tokio::test]
async fn en_5_a_jwt_leads_to_the_page_that_it_names_and_else_to_the_first() {
    let portal = portal().await;
    let id = external_id(&portal.upstream, 0).await;
    for (page, leads_to) in [
        ("/payment-methods", "/portal/payment-methods"),
        ("/subscriptions/123", "/portal/subscriptions/123"),
        ("//evil.example", "/portal/"),
        ("https://evil.example/", "/portal/"),
    ] {
        let token = signed(&json!({
            "iss": "https://shop.example", "aud": "portal", "sub": id, "jti": page,
            "iat": now(), "exp": now() + 120, "page": page,
        }));
        let browser = portal.stranger();
        let answer = browser.go_to(&format!("/portal/jwt?token={token}")).await;
        let opened = followed(&portal, &browser, &answer).await;
        assert_eq!(opened.leads_to(), leads_to);
    }
}

#[tokio::test]
async fn en_4_a_form_and_a_script_sign_in_by_post() {
    let portal = portal().await;
    let id = external_id(&portal.upstream, 0).await;
    let form = |jti: &str| {
        let request = portal.stranger().request("POST", "/portal/jwt");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(format!("token={}", token_for(&id, jti)))
    };
    // A form of the shop's page: the navigation that follows has the browser's cookies.
    let sent = form("form").header("sec-fetch-mode", "navigate");
    let answer = reply(sent.header("sec-fetch-dest", "document")).await;
    let opened = followed(&portal, &portal.stranger(), &answer).await;
    assert!(signs_in(&opened));
    // A script of a page of the same site: the link is opened by the same POST.
    let answer = reply(form("script").header("sec-fetch-mode", "cors")).await;
    assert_eq!(answer.status, 307);
    let link = answer
        .header("location")
        .strip_prefix(&portal.origin)
        .unwrap();
    assert!(signs_in(&portal.stranger().send("POST", link).await));
    let json = portal.stranger().request("POST", "/portal/jwt");
    let json = json.json(&json!({"token": token_for(&id, "json")}));
    let opened = followed(&portal, &portal.stranger(), &reply(json).await).await;
    assert!(signs_in(&opened));
}

#[tokio::test]
async fn s9_a_jwt_signs_in_once() {
    let portal = portal().await;
    let id = external_id(&portal.upstream, 0).await;
    let path = format!("/portal/jwt?token={}", token_for(&id, "once"));
    let first = portal.stranger().go_to(&path).await;
    let opened = followed(&portal, &portal.stranger(), &first).await;
    assert!(signs_in(&opened));
    for _ in 0..2 {
        let again = portal.stranger().go_to(&path).await;
        let refused = followed(&portal, &portal.stranger(), &again).await;
        assert!(refused.status == 410 && !signs_in(&refused));
    }
    // Nor does another JWT with the same jti, for the same customer or for another one.
    for customer in [0, 1] {
        let id = external_id(&portal.upstream, customer).await;
        let claims = json!({
            "iss": "https://shop.example", "aud": "portal", "sub": id, "jti": "once",
            "iat": now(), "exp": now() + 121,
        });
        let other = format!("/portal/jwt?token={}", signed(&claims));
        let answer = portal.stranger().go_to(&other).await;
        let refused = followed(&portal, &portal.stranger(), &answer).await;
        assert!(refused.status == 410 && !signs_in(&refused));
    }
}

#[tokio::test]
async fn s9_a_jwt_begins_no_new_session_after_signing_out() {
    let portal = portal().await;
    let id = external_id(&portal.upstream, 0).await;
    let path = format!("/portal/jwt?token={}", token_for(&id, "signed out"));
    let browser = portal.stranger();
    let opened = followed(&portal, &browser, &browser.go_to(&path).await).await;
    let customer = browser.with_cookies_of(&opened);
    customer.send("DELETE", "/portal/api/session").await;
    portal.clock.pass_minutes(1);
    portal.sweep().await;
    let again = portal.stranger().go_to(&path).await;
    let refused = followed(&portal, &portal.stranger(), &again).await;
    assert_eq!(refused.status, 410);
}

#[tokio::test]
async fn en_4_a_prefetch_a_head_and_a_second_press_use_no_jwt_up() {
    let portal = portal().await;
    let id = external_id(&portal.upstream, 0).await;
    let path = format!("/portal/jwt?token={}", token_for(&id, "prefetched"));
    assert_eq!(
        reply(portal.stranger().request("HEAD", &path)).await.status,
        200
    );
    let prefetch = portal.stranger().request("GET", &path);
    let prefetch = reply(prefetch.header("sec-purpose", "prefetch")).await;
    let link = path_of(&portal, &prefetch);
    let seen = portal.stranger().request("GET", &link);
    let seen = reply(seen.header("sec-purpose", "prefetch")).await;
    assert!(seen.status == 200 && !signs_in(&seen));
    // The first of two presses, whose answer never comes.
    portal.stranger().go_to(&path).await;
    let second = portal.stranger().go_to(&path).await;
    assert!(signs_in(
        &followed(&portal, &portal.stranger(), &second).await
    ));
}

#[tokio::test]
async fn s53_a_jwt_of_another_customer_asks_before_it_replaces_the_session() {
    let portal = portal().await;
    let customer = portal.customer().await;
    let id = external_id(&portal.upstream, 1).await;
    let path = format!("/portal/jwt?token={}", token_for(&id, "other"));
    let asked = followed(&portal, &customer, &customer.go_to(&path).await).await;
    assert!(asked.status == 200 && !signs_in(&asked));
    assert!(asked.text.contains("Switch accounts"));
}

#[tokio::test]
async fn s9_a_refused_jwt_says_why_to_developers_and_what_to_do_to_customers() {
    let portal = portal().await;
    let id = external_id(&portal.upstream, 0).await;
    let good = token_for(&id, "good");
    let old = signed(&json!({
        "iss": "https://shop.example", "aud": "portal", "sub": id, "jti": "old",
        "iat": now() - 120, "exp": now() - 60,
    }));
    for (query, status, kind) in [
        (String::new(), 400, "jwt_missing"),
        ("token=".to_owned(), 400, "jwt_malformed"),
        (format!("token={good}&token={good}"), 400, "jwt_missing"),
        (format!("token={old}"), 401, "jwt_expired"),
        (format!("token={good}x"), 401, "jwt_signature"),
        (
            format!("token={}", token_for("nobody", "n")),
            404,
            "no_such_customer",
        ),
    ] {
        let path = format!("/portal/jwt?{query}");
        let refused = reply(portal.stranger().request("GET", &path)).await;
        let said = (refused.status, refused.problem());
        assert_eq!(said, (status, kind.to_owned()), "{query}");
        let page = portal.stranger().request("GET", &path);
        let page = reply(page.header("accept", "text/html,*/*;q=0.8")).await;
        assert!(
            page.status == status && !page.text.contains("<script"),
            "{page:?}"
        );
        assert!(
            page.text.contains("Go back to Alder &amp; &lt;Finch&gt;"),
            "{page:?}"
        );
        let title = if kind == "no_such_customer" {
            "No subscriptions yet"
        } else {
            "We couldn’t sign you in"
        };
        assert!(page.text.contains(title), "{page:?}");
    }
}

/// Knows nothing and notes nothing.
struct Broken;

#[async_trait]
impl SpentTokens for Broken {
    async fn spend(&self, _: TokenHash, _: i64) -> Result<bool, StoreError> {
        Err(StoreError("broken".into()))
    }

    async fn forget_spent(&self, _: i64) -> Result<(), StoreError> {
        Err(StoreError("broken".into()))
    }
}

#[tokio::test]
async fn s43_a_jwt_whose_use_cannot_be_noted_signs_nobody_in() {
    let secret = file(SECRET);
    let upstream = Upstream::start(Scenario::TwoCustomers).await;
    let config = with_jwt(&config(&upstream.url), &secret);
    let portal = Portal::over(upstream, config, |dependencies| Dependencies {
        spent_tokens: Arc::new(Broken),
        ..dependencies
    })
    .await;
    let id = external_id(&portal.upstream, 0).await;
    let path = format!("/portal/jwt?token={}", token_for(&id, "unnoted"));
    let answer = portal.stranger().go_to(&path).await;
    assert_eq!((answer.status, &*answer.problem()), (503, "unavailable"));
}

#[tokio::test]
async fn s23_guesses_at_a_jwt_are_slowed() {
    let portal = portal().await;
    let mut slowed = 0;
    for guess in 0..30 {
        let forged = format!("/portal/jwt?token={}A", token_for("1", "guess"));
        let answer = reply(portal.stranger().request("GET", &forged)).await;
        assert!([401, 429].contains(&answer.status), "{guess}: {answer:?}");
        slowed += u32::from(answer.status == 429);
    }
    assert!(slowed > 0);
}

#[tokio::test]
async fn en_4_sign_on_is_off_without_its_table() {
    let portal = Portal::start(Scenario::TwoCustomers).await;
    for path in [
        "/portal/jwt?token=x",
        "/portal/app-proxy?shop=x",
        "/portal/customer-account",
        "/portal/customer-account/callback",
    ] {
        let answer = reply(portal.stranger().request("GET", path)).await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (404, "not_found")
        );
    }
}

#[tokio::test]
async fn s47_a_jwt_is_in_no_log_and_no_file() {
    let upstream = Upstream::start(Scenario::TwoCustomers).await;
    let folder = tempfile::tempdir().unwrap();
    let secret = file(SECRET);
    let config = with_jwt(&config(&upstream.url), &secret);
    let program = Program::start_with(folder.path(), &upstream, &config);
    let browser = Customer::new(&program.origin, String::new());
    let id = external_id(&upstream, 0).await;
    let good = token_for(&id, "jti-of-the-log");
    let path = format!("/portal/jwt?token={good}");
    let answer = browser.go_to(&path).await;
    let opened = browser.open(answer.leads_to()).await;
    assert!(signs_in(&opened));
    let wrong = token_for(&id, "wrong").replace("eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJub25lIn0");
    reply(browser.request("GET", &format!("/portal/jwt?token={wrong}x"))).await;
    let log = program.log();
    assert!(
        log.contains("refused a sign-on") && log.contains("jwt_signature"),
        "{log}"
    );
    let (_, link) = answer.leads_to().rsplit_once('/').unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        for secret in [&*good, link, "jti-of-the-log"] {
            let mut parts = bytes.windows(secret.len());
            assert!(!parts.any(|part| part == secret.as_bytes()), "{path:?}");
        }
    }
}
