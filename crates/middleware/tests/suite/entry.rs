//! Links and sessions.

use std::sync::Arc;

use base::BoxFuture;
use recharge::{NoAnswer, Recharge, Request, Response};
use serde_json::json;

use crate::support::{Customer, Portal, Scenario, Upstream, config};

const MAYA: &str = "maya.lindqvist@example.com";

#[tokio::test]
async fn a_link_opens_the_portal_once_by_a_redirect_to_an_address_without_it() {
    let portal = Portal::start(Scenario::Everyday).await;
    let link = portal.link_for(MAYA).await;
    let token = link.rsplit('/').next().unwrap();
    assert!(token.len() >= 64, "256 bits in hexadecimal");

    let first = portal.stranger().open(&link).await;
    assert_eq!(first.leads_to(), "/portal/");
    let second = portal.stranger().open(&link).await;
    assert_eq!(second.status, 410);
    assert!(second.header("set-cookie").is_empty());
    assert!(second.text.contains("Alder &amp; &lt;Finch&gt;"));
    assert!(second.text.contains("https://shop.example/account"));
    assert!(!second.text.contains("<script"));
    let no_text = format!("{}/portal/open/%ff", portal.origin);
    assert_eq!(portal.stranger().open(&no_text).await.status, 410);
}

#[tokio::test]
async fn of_twenty_who_open_a_link_at_once_one_gets_in() {
    let portal = Portal::start(Scenario::Everyday).await;
    let link = portal.link_for(MAYA).await;
    let opened = (0..20).map(|_| {
        let (stranger, link) = (portal.stranger(), link.clone());
        tokio::spawn(async move { stranger.open(&link).await.status })
    });
    let mut let_in = 0;
    for status in opened.collect::<Vec<_>>() {
        let_in += usize::from(status.await.unwrap() == 303);
    }
    assert_eq!(let_in, 1);
}

#[tokio::test]
async fn a_link_is_good_for_five_minutes() {
    let portal = Portal::start(Scenario::Everyday).await;
    let (in_time, too_late) = (portal.link_for(MAYA).await, portal.link_for(MAYA).await);
    portal.clock.pass_minutes(4);
    assert_eq!(portal.stranger().open(&in_time).await.status, 303);
    portal.clock.pass_minutes(1);
    assert_eq!(portal.stranger().open(&too_late).await.status, 410);
}

#[tokio::test]
async fn tokens_are_stored_as_hashes_only() {
    let portal = Portal::start(Scenario::Everyday).await;
    let link = portal.link_for(MAYA).await;
    let customer = portal.sign_in(MAYA).await;
    let link_token = link.rsplit('/').next().unwrap();
    let (_, session_token) = customer.cookie.split_once('=').unwrap();
    for name in ["portal.db", "portal.db-wal"] {
        let bytes = std::fs::read(portal.folder.path().join(name)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(link_token) && !text.contains(session_token));
    }
}

#[tokio::test]
async fn a_link_is_asked_for_with_exactly_one_way_to_name_the_customer() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = &portal.upstream.customers().await[0];
    let (id, hash) = (&customer["id"], &customer["hash"]);
    let external = &customer["external_customer_id"];
    for body in [
        json!({"customer_id": id}),
        json!({"customer_id": id.to_string()}),
        json!({"external_customer_id": external}),
        json!({"email": MAYA}),
        json!({"hash": hash}),
    ] {
        let reply = portal.link(body.clone()).await;
        assert_eq!(reply.status, 201, "{body}: {}", reply.text);
        assert_eq!(reply.json()["url"], reply.json()["customer_portal_link"]);
        assert!(reply.json()["expires_at"].as_str().unwrap().ends_with('Z'));
    }
    for body in [
        json!({}),
        json!({"email": MAYA, "hash": hash}),
        json!({"email": " "}),
        json!({"customer_id": "1/2"}),
        json!({"email": MAYA, "admin": true}),
    ] {
        assert_eq!(portal.link(body.clone()).await.status, 400, "{body}");
    }
    assert_eq!(
        portal
            .link(json!({"email": "nobody@example.com"}))
            .await
            .status,
        404
    );
    assert_eq!(portal.link(json!({"customer_id": 1})).await.status, 404);
}

#[tokio::test]
async fn en_1_a_session_is_read_back_from_its_link_to_its_end() {
    let portal = Portal::start(Scenario::Everyday).await;
    let own = "https://shop.example/orders";
    let wanted = json!({"email": MAYA, "return_url": own, "on_behalf_of": " Brand Two "});
    let made = portal.link(wanted).await.json();
    assert_eq!(made["on_behalf_of"], "Brand Two");
    let nameless = json!({"email": MAYA, "on_behalf_of": "\u{7}"});
    assert_eq!(portal.link(nameless).await.status, 400);
    let path = format!("/portal/sessions/{}", made["id"].as_str().unwrap());
    let read = async || portal.as_merchant("GET", &path).await.json();
    for field in [
        "id",
        "object",
        "state",
        "customer_id",
        "created_at",
        "expires_at",
        "return_url",
    ] {
        assert_eq!(read().await[field], made[field], "{field}");
    }
    assert_eq!(
        (&made["state"], &made["return_url"]),
        (&json!("unopened"), &json!(own))
    );
    assert!(read().await["url"].is_null(), "the link is told once");

    let customer = crate::support::sign_in(&portal.origin, made["url"].as_str().unwrap()).await;
    assert_eq!(read().await["state"], "active");
    assert_ne!(read().await["expires_at"], made["expires_at"]);
    customer.send("DELETE", "/portal/api/session").await;
    assert_eq!(read().await["state"], "ended");
}

#[tokio::test]
async fn en_1_a_revoked_session_is_over_whether_its_link_was_opened_or_not() {
    let portal = Portal::start(Scenario::Everyday).await;
    let revoke = async |made: &serde_json::Value| {
        let path = format!("/portal/sessions/{}", made["id"].as_str().unwrap());
        let status = portal.as_merchant("DELETE", &path).await.status;
        (status, portal.as_merchant("GET", &path).await.problem())
    };
    let unopened = portal.link(json!({"email": MAYA})).await.json();
    assert_eq!(revoke(&unopened).await, (204, "not_found".to_owned()));
    let url = unopened["url"].as_str().unwrap();
    assert_eq!(portal.stranger().open(url).await.status, 410);

    let active = portal.link(json!({"email": MAYA})).await.json();
    let customer = crate::support::sign_in(&portal.origin, active["url"].as_str().unwrap()).await;
    assert_eq!(customer.get("/session").await.status, 200);
    assert_eq!(revoke(&active).await.0, 204);
    assert_eq!(customer.get("/session").await.problem(), "session_ended");
    assert_eq!(revoke(&active).await.0, 404);
}

#[tokio::test]
async fn en_1_a_session_is_told_and_revoked_for_the_merchants_secret_only() {
    let portal = Portal::start(Scenario::Everyday).await;
    let made = portal.link(json!({"email": MAYA})).await.json();
    let path = format!("/portal/sessions/{}", made["id"].as_str().unwrap());
    for method in ["GET", "DELETE"] {
        assert_eq!(
            portal.stranger().send(method, &path).await.status,
            401,
            "{method}"
        );
        assert_eq!(
            portal.customer().await.send(method, &path).await.status,
            401
        );
    }
    assert_eq!(
        portal.as_merchant("GET", &path).await.json()["state"],
        "unopened"
    );
}

#[tokio::test]
async fn en_1_each_way_not_to_find_a_customer_has_a_type_of_its_own() {
    let portal = Portal::start(Scenario::Everyday).await;
    for (body, status, kind) in [
        (
            json!({"customer_id": "gid://shopify/Customer/7"}),
            400,
            "malformed_customer_id",
        ),
        (json!({"customer_id": 1}), 404, "no_such_customer"),
        (
            json!({"external_customer_id": "nobody's"}),
            404,
            "no_such_customer",
        ),
        (
            json!({"email": "nobody@example.com"}),
            404,
            "no_such_customer",
        ),
    ] {
        let reply = portal.link(body.clone()).await;
        assert_eq!(
            (reply.status, reply.problem().as_str()),
            (status, kind),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_link_is_made_for_the_merchants_secret_only() {
    let portal = Portal::start(Scenario::Everyday).await;
    let asked = |secret: &str| {
        let request = portal.stranger().request("POST", "/portal/sessions");
        let request = request.header("authorization", secret.to_owned());
        crate::support::reply(request.json(&json!({"email": MAYA})))
    };
    for wrong in [
        "",
        "Bearer ",
        "Bearer wrong",
        "Basic merchant-secret-of-the-tests",
    ] {
        let reply = asked(wrong).await;
        assert_eq!(
            (reply.status, reply.problem().as_str()),
            (401, "wrong_secret")
        );
    }
    assert_eq!(portal.upstream.calls().await.len(), 0);
    assert_eq!(
        asked("Bearer merchant-secret-of-the-tests").await.status,
        201
    );
}

#[tokio::test]
async fn a_return_url_leads_to_a_listed_origin_only() {
    let portal = Portal::with(Scenario::Everyday, |config| {
        config.replace(
            "[merchant]",
            "[session]\nreturn_origins = [\"https://other.example\"]\n[merchant]",
        )
    })
    .await;
    let with = |url: &str| portal.link(json!({"email": MAYA, "return_url": url}));
    for good in [
        "https://shop.example/orders?tab=2",
        "https://other.example/",
    ] {
        assert_eq!(with(good).await.status, 201, "{good}");
    }
    for bad in [
        "https://evil.example/",
        "https://shop.example.evil.example/",
        "https://shop.example@evil.example/",
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https:\\\\evil.example",
        "https://shop.example/\r\nset-cookie: a=b",
        "https%3A%2F%2Fevil.example",
        "javascript:alert(1)",
    ] {
        assert_eq!(with(bad).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn the_way_back_is_the_one_that_the_shop_named_for_the_session() {
    let portal = Portal::start(Scenario::Everyday).await;
    let usual = portal.stranger().send("GET", "/portal/return").await;
    assert_eq!(usual.leads_to(), "https://shop.example/account");

    let own = "https://shop.example/orders";
    let reply = portal.link(json!({"email": MAYA, "return_url": own})).await;
    let link = reply.json()["url"].as_str().unwrap().to_owned();
    let customer = crate::support::sign_in(&portal.origin, &link).await;
    let session = customer.get("/session").await.json();
    assert_eq!(session["merchant"]["return_url"], own);
    assert_eq!(customer.send("GET", "/portal/return").await.leads_to(), own);
}

#[tokio::test]
async fn the_cookie_is_host_only_secure_and_out_of_reach_of_scripts() {
    let portal = Portal::start(Scenario::Everyday).await;
    let link = portal.link_for(MAYA).await;
    let opened = portal.stranger().open(&link).await;
    let cookie = opened.header("set-cookie");
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert!(pair.starts_with("__Host-portal="));
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax");
}

#[tokio::test]
async fn no_answer_of_the_api_holds_the_session_token() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let (_, token) = customer.cookie.split_once('=').unwrap();
    for path in crate::reads::paths() {
        assert!(!customer.get(path).await.text.contains(token), "{path}");
    }
}

#[tokio::test]
async fn a_new_session_ends_the_old_one_of_the_same_browser() {
    let portal = Portal::start(Scenario::Everyday).await;
    let before = portal.sign_in(MAYA).await;
    let link = portal.link_for(MAYA).await;
    let opened = before.open(&link).await;
    assert!(!opened.header("set-cookie").contains(&before.cookie));
    assert_eq!(before.get("/session").await.status, 401);
}

#[tokio::test]
async fn a_used_link_lets_the_one_stay_who_is_in_already() {
    let portal = Portal::start(Scenario::Everyday).await;
    let link = portal.link_for(MAYA).await;
    let customer = crate::support::sign_in(&portal.origin, &link).await;
    let again = customer.open(&link).await;
    assert_eq!(
        (again.leads_to(), again.header("set-cookie")),
        ("/portal/", "")
    );
}

#[tokio::test]
async fn a_session_ends_after_thirty_idle_minutes() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.sign_in(MAYA).await;
    for _ in 0..3 {
        portal.clock.pass_minutes(29);
        assert_eq!(customer.get("/session").await.status, 200);
    }
    portal.clock.pass_minutes(30);
    assert_eq!(customer.get("/session").await.problem(), "session_ended");
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_of_use() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.sign_in(MAYA).await;
    for _ in 0..35 {
        portal.clock.pass_minutes(20);
        assert_eq!(customer.get("/session").await.status, 200);
    }
    portal.clock.pass_minutes(20);
    assert_eq!(customer.get("/session").await.status, 401);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_expires_the_cookie() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.sign_in(MAYA).await;
    let reply = customer.send("DELETE", "/portal/api/session").await;
    assert_eq!(reply.status, 204);
    assert!(
        reply
            .header("set-cookie")
            .starts_with("__Host-portal=; Max-Age=0;")
    );
    assert_eq!(customer.get("/session").await.problem(), "session_ended");
}

#[tokio::test]
async fn s54_what_is_stored_under_a_shops_origin_is_cleared_only_where_it_is_the_portals_own() {
    let cleared = async |own: bool| {
        let portal = Portal::with(Scenario::Everyday, |config| {
            format!("own_origin = {own}\n{config}")
        });
        let customer = portal.await.customer().await;
        let reply = customer.send("DELETE", "/portal/api/session").await;
        let header = |name| reply.header(name).to_owned();
        (
            header("clear-site-data"),
            header("strict-transport-security"),
        )
    };
    assert_eq!(cleared(false).await, (String::new(), String::new()));
    let (clear, hsts) = cleared(true).await;
    assert_eq!(clear, "\"cache\", \"storage\"");
    assert_eq!(hsts, "max-age=63072000");
}

#[tokio::test]
async fn a_demonstration_may_hold_its_session_in_a_cookie_that_webkit_takes_from_loopback() {
    let portal = Portal::with(Scenario::Everyday, |config| {
        config.replace(
            "[merchant]",
            "[session]\nloopback_cookie = true\n[merchant]",
        )
    })
    .await;
    let opened = portal.stranger().open(&portal.link_for(MAYA).await).await;
    let (pair, attributes) = opened.header("set-cookie").split_once("; ").unwrap();
    assert!(pair.starts_with("loopback-portal="));
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax");

    let customer = Customer::new(&portal.origin, pair.to_owned());
    assert_eq!(customer.get("/session").await.status, 200);
    let left = customer.send("DELETE", "/portal/api/session").await;
    assert!(
        left.header("set-cookie")
            .starts_with("loopback-portal=; Max-Age=0;")
    );
    assert_eq!(customer.get("/session").await.status, 401);
}

/// A store in which two customers answer to the same name.
struct Twins;

impl Recharge for Twins {
    fn call(&self, _: Request) -> BoxFuture<'_, Result<Response, NoAnswer>> {
        let body = json!({"customers": [{"id": 4711}, {"id": 4712}]});
        Box::pin(std::future::ready(Ok(Response {
            status: 200,
            body: Some(body),
            retry_after_ms: None,
        })))
    }
}

#[tokio::test]
async fn a_name_that_several_customers_share_is_a_conflict_that_says_which() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let config = config(&upstream.url);
    let portal = Portal::over(upstream, config, |mut world| {
        world.upstream = Arc::new(Twins);
        world
    })
    .await;
    for body in [
        json!({"external_customer_id": "1"}),
        json!({"email": MAYA}),
        json!({"hash": "abc"}),
    ] {
        let reply = portal.link(body).await;
        assert_eq!(
            (reply.status, reply.problem().as_str()),
            (409, "several_customers")
        );
        let title = reply.json()["title"].to_string();
        assert!(title.contains("4711, 4712"), "{title}");
    }
}
