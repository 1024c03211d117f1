//! The store over real HTTP: tokens, versions, rate limit, faults, pages.
use reqwest::{Client, Method, Response, StatusCode};
use sandbox::{Scenario, server};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[path = "http/hosted.rs"]
mod hosted;

/// A server of its own for one test, ended when dropped.
struct Served {
    base: String,
    client: Client,
    _stop: oneshot::Sender<()>,
}

impl Served {
    async fn start() -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        // The workspace's programs speak TLS, and so the shared client wants to know by what.
        let _ = rustls::crypto::ring::default_provider().install_default();
        tokio::spawn(server::serve(listener, Scenario::Everyday, async {
            let _ = stopped.await;
        }));
        Served {
            base,
            client: Client::new(),
            _stop: stop,
        }
    }

    fn request(&self, token: &str, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .header("X-Recharge-Access-Token", token)
            .header("X-Recharge-Version", "2021-11")
    }

    async fn get(&self, token: &str, path: &str) -> Response {
        self.request(token, Method::GET, path).send().await.unwrap()
    }

    async fn json(&self, token: &str, path: &str) -> Value {
        self.get(token, path).await.json().await.unwrap()
    }

    async fn admin(&self, token: &str, path: &str, body: Value) -> Value {
        let sent = self
            .request(token, Method::POST, &format!("/_sandbox/{path}"))
            .json(&body)
            .send()
            .await;
        sent.unwrap().json().await.unwrap()
    }

    /// The id of the first row of a list.
    async fn first(&self, token: &str, path: &str, plural: &str) -> String {
        self.json(token, path).await[plural][0]["id"].to_string()
    }
}

#[tokio::test]
async fn without_a_token_or_with_a_wrong_one_nothing_is_shown() {
    let served = Served::start().await;
    let bare = served
        .client
        .get(format!("{}/customers", served.base))
        .send()
        .await
        .unwrap();
    assert_eq!(bare.status(), StatusCode::UNAUTHORIZED);
    for token in ["", "invalid"] {
        let refused = served.get(token, "/customers").await;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
        assert!(refused.headers().contains_key("x-recharge-limit"));
        assert_eq!(
            refused.json::<Value>().await.unwrap(),
            json!({"error": "bad authentication"})
        );
    }
}

#[tokio::test]
async fn the_version_may_be_missing_but_not_unknown() {
    let served = Served::start().await;
    let send = |version: Option<&'static str>| {
        let mut request = served
            .client
            .get(format!("{}/store", served.base))
            .header("X-Recharge-Access-Token", "t");
        if let Some(version) = version {
            request = request.header("X-Recharge-Version", version);
        }
        async move { request.send().await.unwrap() }
    };
    let missing = send(None).await;
    assert_eq!(
        (missing.status(), &missing.headers()["x-recharge-version"]),
        (StatusCode::OK, &"2021-11".parse().unwrap())
    );
    assert_eq!(send(Some("2021-11")).await.status(), StatusCode::OK);
    for unknown in ["2031-01", "2021-01"] {
        let refused = send(Some(unknown)).await;
        assert_eq!(refused.status(), StatusCode::UPGRADE_REQUIRED, "{unknown}");
        assert!(refused.headers().contains_key("x-recharge-limit"));
    }
}

#[tokio::test]
async fn every_token_is_a_store_and_a_bucket_of_its_own() {
    let served = Served::start().await;
    let mut last = None;
    for _ in 0..60 {
        let answer = served.get("busy", "/store").await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            last = Some(answer);
            break;
        }
    }
    let refused = last.expect("40 calls fit, the 60th does not");
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(refused.headers()["x-recharge-limit"], "40/40");
    let other = served.get("calm", "/store").await;
    assert_eq!(
        (other.status(), &other.headers()["x-recharge-limit"]),
        (StatusCode::OK, &"1/40".parse().unwrap())
    );
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused() {
    let served = Served::start().await;
    for body in ["[]", "not json", "\"text\""] {
        let sent = served
            .request("t", Method::POST, "/onetimes")
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(sent.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{body}");
    }
}

#[tokio::test]
async fn cursors_lead_to_the_end_and_back() {
    let served = Served::start().await;
    let ids = |page: &Value| -> Vec<u64> {
        page["orders"]
            .as_array()
            .unwrap()
            .iter()
            .map(|order| order["id"].as_u64().unwrap())
            .collect()
    };
    let all = ids(&served.json("t", "/orders?limit=250").await);
    let mut page = served.json("t", "/orders?limit=7").await;
    assert!(page["previous_cursor"].is_null());
    let (mut seen, mut pages) = (ids(&page), vec![ids(&page)]);
    while let Some(cursor) = page["next_cursor"].as_str() {
        page = served
            .json("t", &format!("/orders?limit=7&cursor={cursor}"))
            .await;
        seen.extend(ids(&page));
        pages.push(ids(&page));
    }
    assert_eq!(seen, all);
    let back = page["previous_cursor"].as_str().unwrap();
    assert_eq!(
        ids(&served
            .json("t", &format!("/orders?limit=7&cursor={back}"))
            .await),
        pages[pages.len() - 2]
    );
    assert_eq!(
        served.get("t", "/orders?limit=251").await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn a_cursor_keeps_its_filters() {
    let served = Served::start().await;
    let path = "/charges?status=queued&sort_by=scheduled_at-asc&limit=1";
    let mut page = served.json("t", path).await;
    let mut found = 0;
    loop {
        let charges = page["charges"].as_array().unwrap();
        assert!(charges.iter().all(|charge| charge["status"] == "queued"));
        found += charges.len();
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        page = served
            .json("t", &format!("/charges?limit=1&cursor={cursor}"))
            .await;
    }
    assert_eq!(
        found,
        served.json("t", "/charges?status=queued").await["charges"]
            .as_array()
            .unwrap()
            .len()
    );
}

#[tokio::test]
async fn a_cursor_keeps_what_is_included_and_pages_have_numbers_too() {
    let served = Served::start().await;
    let first = served
        .json("t", "/subscriptions/?limit=2&include=address")
        .await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = served
        .json("t", &format!("/subscriptions?limit=2&cursor={cursor}"))
        .await;
    for page in [&first, &second] {
        assert!(page["subscriptions"][0]["include"]["address"]["id"].is_u64());
    }
    let numbered = served
        .json("t", "/subscriptions?limit=2&page=2&include=address")
        .await;
    assert_eq!(numbered["subscriptions"], second["subscriptions"]);
    let beyond = served.get("t", "/subscriptions?page=101").await;
    assert_eq!(beyond.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_answer_lost_before_had_no_effect_and_one_lost_after_had() {
    let served = Served::start().await;
    for (effect, writes) in [("lose_before", 0), ("lose_after", 1)] {
        let charge = served
            .first(effect, "/charges?status=queued&limit=1", "charges")
            .await;
        let fault = json!({"method": "POST", "path": "/charges/{id}/skip", "effect": effect});
        served.admin(effect, "faults", fault).await;
        let skip = || {
            served
                .request(effect, Method::POST, &format!("/charges/{charge}/skip"))
                .json(&json!({}))
        };
        let broken = skip()
            .send()
            .await
            .expect_err("the connection breaks without a word");
        assert!(broken.status().is_none());
        let log = served.json(effect, "/_sandbox/log").await;
        let lost = log.as_array().unwrap().last().unwrap();
        assert_eq!(
            (&lost["is_lost"], &lost["wrote"]),
            (&json!(true), &json!(writes == 1))
        );
        let status =
            served.json(effect, &format!("/charges/{charge}")).await["charge"]["status"].clone();
        assert_eq!(status, if writes == 1 { "skipped" } else { "queued" });
        // The fault was for one call only.
        let again = skip().send().await.unwrap().status().as_u16();
        assert_eq!(again, if writes == 1 { 422 } else { 200 });
    }
}

#[tokio::test]
async fn faults_answer_with_any_status_or_with_html() {
    let served = Served::start().await;
    let faults = json!([
        {"path": "/orders*", "effect": {"status": 503}, "times": 2},
        {"path": "/orders*", "effect": {"status": 429}},
        {"path": "/orders*", "effect": "not_json"},
    ]);
    served.admin("t", "faults", faults).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(served.get("t", "/orders").await.status().as_u16());
    }
    assert_eq!(statuses, [503, 503, 429]);
    let html = served.get("t", "/orders").await;
    assert_eq!(html.headers()["content-type"], "text/html; charset=utf-8");
    assert!(html.text().await.unwrap().starts_with("<!doctype html>"));
    assert_eq!(served.get("t", "/orders").await.status(), StatusCode::OK);
    assert_eq!(served.json("t", "/_sandbox/faults").await, json!([]));
}

#[tokio::test]
async fn two_writes_to_one_address_at_once_conflict() {
    let served = Served::start().await;
    let subscription =
        served.json("t", "/subscriptions?status=active").await["subscriptions"][0].clone();
    let fault = json!({"method": "PUT", "path": "/subscriptions/{id}", "effect": {"delay": 400}});
    served.admin("t", "faults", fault).await;
    let put =
        |path: String, body: Value| served.request("t", Method::PUT, &path).json(&body).send();
    let slow = put(
        format!("/subscriptions/{}", subscription["id"]),
        json!({"quantity": 3}),
    );
    let slow = tokio::spawn(slow);
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    let path = format!("/addresses/{}", subscription["address_id"]);
    let meanwhile = put(path.clone(), json!({"order_note": "Ring twice"}))
        .await
        .unwrap();
    assert_eq!(meanwhile.status(), StatusCode::CONFLICT);
    assert_eq!(slow.await.unwrap().unwrap().status(), StatusCode::OK);
    assert_eq!(
        put(path, json!({"order_note": "Ring twice"}))
            .await
            .unwrap()
            .status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_clock_moves_and_a_scenario_begins_anew() {
    let served = Served::start().await;
    let before = served.json("t", "/orders?limit=1").await["orders"][0]["id"].clone();
    served
        .admin("t", "clock", json!({"advance_ms": 4 * 86_400_000_i64}))
        .await;
    let after = served.json("t", "/orders?limit=1").await["orders"][0]["id"].clone();
    assert!(
        after.as_u64() > before.as_u64(),
        "the delivery three days ahead was paid"
    );
    let begun = served
        .admin("t", "scenario", json!({"scenario": "two-customers"}))
        .await;
    assert_eq!(begun["customers"].as_array().unwrap().len(), 2);
    assert_eq!(
        served.json("t", "/_sandbox/customers").await,
        begun["customers"]
    );
    let unknown = served
        .admin("t", "scenario", json!({"scenario": "nowhere"}))
        .await;
    assert!(unknown["error"].as_str().unwrap().contains("everyday"));
}

#[tokio::test]
async fn the_older_version_is_spoken_where_the_newer_has_no_call() {
    let served = Served::start().await;
    let old = |path: &str| {
        let request = served.client.get(format!("{}{path}", served.base));
        let request = request.header("X-Recharge-Access-Token", "old");
        request.header("X-Recharge-Version", "2021-01").send()
    };
    let settings = old("/shop/settings").await.unwrap();
    assert_eq!(settings.status(), StatusCode::OK);
    assert_eq!(settings.headers()["x-recharge-version"], "2021-01");
    let refused = old("/subscriptions").await.unwrap();
    assert_eq!(refused.status(), StatusCode::UPGRADE_REQUIRED);
}

#[tokio::test]
async fn settings_that_are_not_named_stay_as_they_are() {
    let served = Served::start().await;
    let first = served
        .admin("set", "settings", json!({"recalculate_next_charge": true}))
        .await;
    assert_eq!(first["process"], "at_once");
    let second = served
        .admin("set", "settings", json!({"process": "off"}))
        .await;
    assert_eq!(
        (&second["process"], &second["recalculate_next_charge"]),
        (&json!("off"), &json!(true))
    );
    let wrong = served
        .admin("set", "settings", json!({"proces": "off"}))
        .await;
    assert!(wrong["error"].as_str().unwrap().contains("proces"));
}

#[tokio::test]
async fn old_clients_ask_for_the_token_and_the_root_in_their_own_version() {
    let served = Served::start().await;
    for path in ["/token_information", "/"] {
        let asked = served
            .client
            .get(format!("{}{path}", served.base))
            .header("X-Recharge-Access-Token", "a")
            .header("X-Recharge-Version", "2021-01");
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
    }
}
