//! Sign-on by Shopify's Customer Account API, over an issuer of the tests.

pub(crate) mod issuer;

use serde_json::{Value, json};

use self::issuer::{CLIENT, Issuer, SECRET};
use crate::jwt::{external_id, file, followed, signs_in};
use crate::support::{Customer, Portal, Reply, Scenario, reply};

const BEGIN: &str = "/portal/customer-account";

async fn portal(issuer: &Issuer) -> Portal {
    portal_with(issuer, "").await
}

async fn portal_with(issuer: &Issuer, lines: &str) -> Portal {
    Portal::with(Scenario::TwoCustomers, |config| {
        let shop = &issuer.origin;
        format!(
            "{config}\n[customer_account]\nshop_url = \"{shop}\"\nclient_id = \"{CLIENT}\"\n{lines}\n"
        )
    })
    .await
}

/// A browser that has begun to sign in, and where it is sent.
async fn begin(portal: &Portal) -> (Customer, String) {
    let begun = portal.stranger().go_to(BEGIN).await;
    let browser = portal.stranger().with_cookies_of(&begun);
    (browser, begun.leads_to().to_owned())
}

/// The path of the callback to which the issuer sends `customer` after they have signed in.
async fn callback(portal: &Portal, issuer: &Issuer, login: &str, customer: &str) -> String {
    let url = issuer.sign_in(login, customer).await;
    url.strip_prefix(&portal.origin).unwrap().to_owned()
}

/// The answer to the whole sign-on of the first customer, without the last link.
async fn sign_on(portal: &Portal, issuer: &Issuer) -> (Customer, Reply) {
    let (browser, login) = begin(portal).await;
    let id = external_id(&portal.upstream, 0).await;
    let path = callback(
        portal,
        issuer,
        &login,
        &format!("gid://shopify/Customer/{id}"),
    )
    .await;
    let answer = browser.go_to(&path).await;
    (browser, answer)
}

async fn lets_in(portal: &Portal, issuer: &Issuer) -> bool {
    let (browser, answer) = sign_on(portal, issuer).await;
    answer.status == 303 && signs_in(&followed(portal, &browser, &answer).await)
}

/// The status and the type of a refusal.
fn refusal(answer: &Reply) -> (u16, String) {
    assert!(!signs_in(answer), "{answer:?}");
    (answer.status, answer.problem())
}

#[tokio::test]
async fn en_13_a_customer_of_the_shop_signs_in_with_a_code_and_pkce() {
    let issuer = Issuer::start().await;
    let portal = portal(&issuer).await;
    for customer in [0, 1] {
        let id = external_id(&portal.upstream, customer).await;
        for subject in [id.clone(), format!("gid://shopify/Customer/{id}")] {
            let (browser, login) = begin(&portal).await;
            let path = callback(&portal, &issuer, &login, &subject).await;
            let answer = browser.go_to(&path).await;
            let opened = followed(&portal, &browser, &answer).await;
            assert!(signs_in(&opened), "{opened:?}");
            let signed_in = browser.with_cookies_of(&answer).with_cookies_of(&opened);
            let expected = portal.upstream.customers().await[customer]["email"].clone();
            assert_eq!(signed_in.get("/customer").await.json()["email"], expected);
        }
    }
    let scope = issuer.asked("/authorize").await;
    assert!(scope.contains("code_challenge_method=S256") && scope.contains("scope=openid+email"));
}

#[tokio::test]
async fn en_5_a_sign_on_leads_to_the_page_that_it_began_with() {
    let issuer = Issuer::start().await;
    let portal = portal(&issuer).await;
    let id = external_id(&portal.upstream, 0).await;
    for (page, leads_to) in [
        ("/deliveries", "/portal/deliveries"),
        ("/nowhere", "/portal/"),
        ("//evil.example", "/portal/"),
    ] {
        let begun = portal.stranger().go_to(&format!("{BEGIN}{page}")).await;
        let browser = portal.stranger().with_cookies_of(&begun);
        let path = callback(&portal, &issuer, begun.leads_to(), &id).await;
        // Nobody else chooses the page.
        let changed = path.replace("deliveries", "history");
        if changed != path {
            let refused = browser.go_to(&changed).await;
            assert_eq!(refusal(&refused), (401, "customer_account_state".into()));
        }
        let answer = browser.go_to(&path).await;
        let opened = followed(&portal, &browser, &answer).await;
        assert_eq!(opened.leads_to(), leads_to, "{page}");
    }
}

#[tokio::test]
async fn en_13_signing_out_leads_to_the_issuers_logout_where_the_shop_wants_that() {
    let issuer = Issuer::start().await;
    let after = "https://shop.example/account";
    for wanted in [false, true] {
        let line = format!("logout_url = \"{after}\"");
        let line = if wanted { line.as_str() } else { "" };
        let portal = portal_with(&issuer, line).await;
        let (browser, answer) = sign_on(&portal, &issuer).await;
        let opened = followed(&portal, &browser, &answer).await;
        let customer = browser.with_cookies_of(&answer).with_cookies_of(&opened);
        let session = customer.get("/session").await.text;
        let ended = customer.send("DELETE", "/portal/api/session").await;
        assert_eq!(customer.get("/session").await.status, 401);
        if !wanted {
            assert_eq!((ended.status, ended.text.as_str()), (204, ""));
            continue;
        }
        let logout = ended.json();
        let url = reqwest::Url::parse(logout.as_str().unwrap()).unwrap();
        assert!(url.as_str().starts_with(&issuer.origin) && url.path().ends_with("/logout"));
        let values: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let [(hint, token), (back, leads_to)] = &values[..] else {
            panic!("{values:?}");
        };
        assert_eq!(
            (hint.as_str(), back.as_str()),
            ("id_token_hint", "post_logout_redirect_uri")
        );
        assert_eq!((leads_to.as_str(), token.split('.').count()), (after, 3));
        // Until then it is in no answer.
        assert!(!session.contains(token.as_str()) && !session.contains("logout"));
    }
}

#[tokio::test]
async fn en_13_an_issuer_signs_with_rsa_as_shopify_does() {
    let issuer = Issuer::start_with_rsa().await;
    let portal = portal(&issuer).await;
    assert!(lets_in(&portal, &issuer).await);
}

#[tokio::test]
async fn en_13_a_confidential_client_shows_its_secret() {
    let issuer = Issuer::start().await;
    issuer.asks_for_secret();
    let secret = file(SECRET);
    let line = format!(
        "client = \"confidential\"\nclient_secret_file = {:?}",
        secret.path()
    );
    assert!(lets_in(&portal_with(&issuer, &line).await, &issuer).await);
    let without = portal(&issuer).await;
    let (_, answer) = sign_on(&without, &issuer).await;
    assert_eq!(refusal(&answer), (401, "customer_account_code".into()));
}

#[tokio::test]
async fn en_13_an_id_token_that_is_not_valid_signs_nobody_in() {
    let issuer = Issuer::start().await;
    let portal = portal(&issuer).await;
    let other_issuer = issuer.origin.replace("http:", "https:");
    for changed in [
        json!({"iss": other_issuer}),
        json!({"iss": null}),
        json!({"aud": "another-client"}),
        json!({"aud": [CLIENT, "another-client"]}),
        json!({"aud": null}),
        json!({"exp": 1_600_000_000}),
        json!({"exp": null}),
        json!({"nonce": "another-nonce"}),
        json!({"nonce": null}),
    ] {
        issuer.claims(changed.clone());
        let (_, answer) = sign_on(&portal, &issuer).await;
        let expected = if changed.as_object().unwrap().values().any(Value::is_null) {
            // Without a claim that it must have, it is no ID token at all.
            [
                (401, "customer_account_id_token"),
                (502, "customer_account_unavailable"),
            ]
            .to_vec()
        } else {
            [(401, "customer_account_id_token")].to_vec()
        };
        let (status, kind) = refusal(&answer);
        assert!(
            expected.contains(&(status, &*kind)),
            "{changed}: {status} {kind}"
        );
        portal.clock.pass_minutes(1);
    }
    for subject in [
        "",
        "maya",
        "gid://shopify/Order/1",
        "1,2",
        "gid://shopify/Customer/",
    ] {
        issuer.claims(json!({ "sub": subject }));
        let (_, answer) = sign_on(&portal, &issuer).await;
        assert_eq!(
            refusal(&answer),
            (401, "customer_account_subject".into()),
            "{subject}"
        );
        portal.clock.pass_minutes(1);
    }
    issuer.claims(json!({}));
    assert!(lets_in(&portal, &issuer).await);
}

#[tokio::test]
async fn en_13_an_id_token_that_the_issuer_did_not_sign_signs_nobody_in() {
    let issuer = Issuer::start().await;
    let portal = portal(&issuer).await;
    for forgery in ["another key", "none", "client id", "changed", "absent"] {
        issuer.forges(forgery);
        let (_, answer) = sign_on(&portal, &issuer).await;
        assert_eq!(
            refusal(&answer),
            (401, "customer_account_id_token".into()),
            "{forgery}"
        );
    }
}

#[tokio::test]
async fn en_13_a_callback_counts_once_in_the_browser_that_began() {
    let issuer = Issuer::start().await;
    let portal = portal(&issuer).await;
    let id = external_id(&portal.upstream, 0).await;
    let wrong_state = (401, "customer_account_state".to_owned());

    let (browser, login) = begin(&portal).await;
    let path = callback(&portal, &issuer, &login, &id).await;
    let tokens = issuer.count("/token").await;
    // Of somebody without a cookie, and of somebody who began a sign-on of their own.
    let (other, _) = begin(&portal).await;
    assert_eq!(refusal(&portal.stranger().go_to(&path).await), wrong_state);
    assert_eq!(refusal(&other.go_to(&path).await), wrong_state);
    // With another state, or two of them.
    for changed in [
        path.replace("state=", "state=1"),
        path.replace("state=", "state=x&state="),
        path.replace("state=", "stat="),
        format!("{path}0"),
    ] {
        assert_eq!(
            refusal(&browser.go_to(&changed).await),
            wrong_state,
            "{changed}"
        );
    }
    assert_eq!(
        issuer.count("/token").await,
        tokens,
        "no code was exchanged"
    );

    let answer = browser.go_to(&path).await;
    assert!(signs_in(&followed(&portal, &browser, &answer).await));
    assert_eq!(refusal(&browser.go_to(&path).await), wrong_state);
    assert_eq!(issuer.count("/token").await, tokens + 1);
}

#[tokio::test]
async fn en_13_a_code_counts_once_and_for_the_attempt_that_it_was_made_for() {
    let issuer = Issuer::start().await;
    let portal = portal(&issuer).await;
    let id = external_id(&portal.upstream, 0).await;
    let code_of = |path: &str| {
        let (_, query) = path.split_once('?').unwrap();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let (_, code) = pairs.find(|(name, _)| name == "code").unwrap();
        code.into_owned()
    };
    let (victim, login) = begin(&portal).await;
    let theirs = callback(&portal, &issuer, &login, &id).await;
    // The code of one attempt in the callback of another: its verifier is another.
    let (attacker, login) = begin(&portal).await;
    let own = callback(&portal, &issuer, &login, "4040404").await;
    let stolen = own.replace(&code_of(&own), &code_of(&theirs));
    let answer = attacker.go_to(&stolen).await;
    assert_eq!(refusal(&answer), (401, "customer_account_code".into()));
    // An issuer ends a code that was tried.
    let answer = victim.go_to(&theirs).await;
    assert_eq!(refusal(&answer), (401, "customer_account_code".into()));
}

#[tokio::test]
async fn en_13_a_sign_on_that_takes_too_long_or_is_denied_begins_anew() {
    let issuer = Issuer::start().await;
    let portal = portal(&issuer).await;
    let id = external_id(&portal.upstream, 0).await;
    let (browser, login) = begin(&portal).await;
    let path = callback(&portal, &issuer, &login, &id).await;
    portal.clock.pass_minutes(10);
    let late = browser.go_to(&path).await;
    assert_eq!(refusal(&late), (401, "customer_account_state".into()));
    let cookies = late.headers.get_all("set-cookie").iter();
    let mut cookies = cookies.map(|cookie| cookie.to_str().unwrap());
    assert!(cookies.any(|cookie| cookie.starts_with("__Host-portal-sign-on=; Max-Age=0")));

    let (browser, login) = begin(&portal).await;
    let path = callback(&portal, &issuer, &login, &id).await;
    let denied = path.replace("code=", "error=access_denied&was=");
    let request = browser
        .request("GET", &denied)
        .header("accept", "text/html");
    let page = reply(request).await;
    assert!(page.status == 401 && page.text.contains("We couldn’t sign you in"));
    assert!(
        page.text
            .contains("<a href=\"/portal/customer-account\">Try again</a>")
    );
}

#[tokio::test]
async fn en_13_only_the_issuers_own_origin_is_called() {
    for changed in [
        json!({"token_endpoint": "http://127.0.0.1:9/token"}),
        json!({"jwks_uri": "https://evil.example/jwks.json"}),
        json!({"authorization_endpoint": "https://evil.example/authorize"}),
        json!({"issuer": "http://shop.example/authentication/1"}),
        json!({"token_endpoint": null}),
    ] {
        let issuer = Issuer::start().await;
        issuer.discovery(changed.clone());
        let answer = portal(&issuer).await.stranger().go_to(BEGIN).await;
        let expected = (502, "customer_account_discovery".to_owned());
        assert_eq!(refusal(&answer), expected, "{changed}");
    }
    // A redirect is not followed, and an answer from another issuer is refused.
    let issuer = Issuer::start().await;
    let portal = portal(&issuer).await;
    issuer.forges("redirect");
    let (_, answer) = sign_on(&portal, &issuer).await;
    assert!([401, 502].contains(&answer.status), "{answer:?}");
    assert_eq!(issuer.count("/elsewhere").await, 0);
    issuer.forges("nothing");
    let id = external_id(&portal.upstream, 0).await;
    let (browser, login) = begin(&portal).await;
    let path = callback(&portal, &issuer, &login, &id).await;
    let foreign = browser
        .go_to(&format!("{path}&iss=https://evil.example"))
        .await;
    assert_eq!(refusal(&foreign), (401, "customer_account_issuer".into()));
}

#[tokio::test]
async fn en_13_an_issuer_that_is_down_is_asked_again_later() {
    let issuer = Issuer::start().await;
    let portal = portal(&issuer).await;
    issuer.discovery(json!({"issuer": 1}));
    let answer = portal.stranger().go_to(BEGIN).await;
    assert_eq!(
        refusal(&answer),
        (502, "customer_account_unavailable".into())
    );
    issuer.discovery(json!({}));
    assert!(lets_in(&portal, &issuer).await);
}

#[tokio::test]
async fn s23_sign_ons_from_one_address_are_slowed() {
    let issuer = Issuer::start().await;
    let portal = portal(&issuer).await;
    let mut slowed = None;
    for _ in 0..30 {
        let answer = portal.stranger().go_to(BEGIN).await;
        slowed = slowed.or((answer.status == 429).then_some(answer));
    }
    assert!(!slowed.unwrap().header("retry-after").is_empty());
}
