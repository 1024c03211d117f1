//! The support view: the shop's staff in a customer's portal.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::audit::{Full, lines};
use crate::support::{Customer, Portal, Scenario, Upstream, config, reply, sign_in};

const MAYA: &str = "maya.lindqvist@example.com";

fn with_support(config: String) -> String {
    // A table ends the keys of the top level.
    format!("{config}\n[support]\nact = [\"skip_delivery\"]\n")
}

fn looking_only(config: String) -> String {
    format!("{config}\n[support]\n")
}

async fn staff(portal: &Portal) -> Customer {
    let link = portal
        .link(json!({"email": MAYA, "staff": "agent-7"}))
        .await;
    assert_eq!(link.status, 201, "{link:?}");
    assert_eq!(link.json()["staff"], "agent-7");
    sign_in(&portal.origin, link.json()["url"].as_str().unwrap()).await
}

#[tokio::test]
async fn mt_1_s11_staff_open_a_portal_only_where_the_merchant_says_so() {
    let portal = Portal::start(Scenario::Everyday).await;
    let refused = portal
        .link(json!({"email": MAYA, "staff": "agent-7"}))
        .await;
    assert_eq!(refused.status, 400);
    assert!(
        refused.json()["title"]
            .as_str()
            .unwrap()
            .contains("[support]")
    );
    let portal = portal
        .restarted_as(|config| looking_only(config.to_owned()))
        .await;
    for wrong in [
        "",
        "agent 7",
        "agent\r\n7",
        "agent\u{202e}7",
        &"x".repeat(65),
    ] {
        let refused = portal.link(json!({"email": MAYA, "staff": wrong})).await;
        assert_eq!(refused.status, 400, "{wrong:?}");
        assert!(
            refused.json()["title"]
                .as_str()
                .unwrap()
                .contains("`staff`")
        );
    }
    let elsewhere = json!({"email": MAYA, "staff": "agent-7", "to": "hosted_portal"});
    assert_eq!(portal.link(elsewhere).await.status, 400);
    staff(&portal).await;
}

#[tokio::test]
async fn mt_1_s11_a_support_session_is_marked_and_read_only() {
    let news = "[[announcements]]\nid = \"news\"\ntext = \"Decaf is back\"\n";
    let with_news = |config| format!("{}\n{news}", looking_only(config));
    let portal = Portal::with(Scenario::Everyday, with_news).await;
    let (path, body) = portal.customer().await.next_skip().await;
    let agent = staff(&portal).await;
    let session = agent.get("/session").await.json();
    assert_eq!(
        (&session["staff"], &session["allowed"]),
        (&json!("agent-7"), &json!([]))
    );
    assert_eq!(agent.get("/overview").await.status, 200);

    let writes = portal.upstream.writes().await;
    let refused = agent.change("POST", &path, body.clone()).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (403, "switched_off")
    );
    for read in ["/payment_methods", "/export"] {
        assert_eq!(agent.get(read).await.problem(), "switched_off", "{read}");
    }
    let card = agent.change("POST", "/card_setups", json!({})).await;
    assert_eq!(card.problem(), "switched_off");
    let dismissed = agent
        .change("POST", "/dismissals", json!({"announcement": "news"}))
        .await;
    assert_eq!(dismissed.problem(), "switched_off");
    assert_eq!(
        session["announcement"],
        Value::Null,
        "what cannot be dismissed"
    );
    let email = agent
        .change("POST", "/customer/email", json!({"email": "a@b.example"}))
        .await;
    assert_eq!(email.status, 403, "{email:?}");
    assert_eq!(portal.upstream.writes().await, writes);

    let own = portal.customer().await.get("/session").await.json();
    assert_eq!(own["staff"], Value::Null);
    assert_eq!(own["announcement"]["id"], "news");
    assert!(own["allowed"].as_array().unwrap().len() > 20);
}

#[tokio::test]
async fn mt_1_s11_staff_act_where_the_merchant_permits_it_and_the_customer_sees_the_shop() {
    let portal = Portal::with(Scenario::Everyday, with_support).await;
    let customer = portal.customer().await;
    let agent = staff(&portal).await;
    assert_eq!(
        agent.get("/session").await.json()["allowed"],
        json!(["skip_delivery"])
    );
    let (path, body) = agent.next_skip().await;
    let done = agent.change("POST", &path, body.clone()).await;
    assert!(done.is("done"), "{done:?}");
    assert_eq!(
        done.json()["undo"],
        Value::Null,
        "taking it back is not permitted"
    );
    let back = agent
        .change("POST", &path.replace("/skip", "/unskip"), body)
        .await;
    assert_eq!(back.status, 403);

    let history = customer.get("/changes").await;
    assert_eq!(history.json()["changes"][0]["actor"], "shop");
    assert!(!history.text.contains("agent-7"));

    let lines = lines(&portal).await;
    let by_staff: Vec<String> = lines
        .iter()
        .filter(|line| line["actor"] == "staff:agent-7")
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap().to_owned();
            format!("{} {} {}", text("action"), text("object"), text("outcome"))
        })
        .collect();
    let object = done_object(&path);
    assert_eq!(
        by_staff,
        [
            "sign_in  done".to_owned(),
            "read /session done".to_owned(),
            "read /deliveries done".to_owned(),
            format!("skip_delivery {object} done"),
            format!(
                "unskip_delivery {} refused",
                path.replace("/skip", "/unskip")
            ),
        ]
    );
    let link = lines
        .iter()
        .find(|line| line["object"].as_str().unwrap().ends_with(" staff=agent-7"));
    assert_eq!(link.unwrap()["actor"], "shop");
}

/// What the log says a path of a delivery is about.
fn done_object(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    format!("address_id={} date={}", parts[2], parts[3])
}

#[tokio::test]
async fn mt_1_s11_a_support_session_ends_after_thirty_minutes_however_much_it_is_used() {
    let portal = Portal::with(Scenario::Everyday, looking_only).await;
    let link = portal
        .link(json!({"email": MAYA, "staff": "agent-7"}))
        .await
        .json();
    let agent = sign_in(&portal.origin, link["url"].as_str().unwrap()).await;
    for _ in 0..2 {
        portal.clock.pass_minutes(14);
        assert_eq!(agent.get("/session").await.status, 200);
    }
    let path = format!("/portal/sessions/{}", link["id"].as_str().unwrap());
    let session = portal.as_merchant("GET", &path).await.json();
    let at = |name: &str| {
        session[name]
            .as_str()
            .unwrap()
            .parse::<jiff::Timestamp>()
            .unwrap()
    };
    assert_eq!(session["state"], "active");
    assert!(at("expires_at").as_second() - at("used_at").as_second() <= 2 * 60 + 5);
    portal.clock.pass_minutes(2);
    assert_eq!(agent.get("/session").await.problem(), "session_ended");
    assert_eq!(
        portal.as_merchant("GET", &path).await.json()["state"],
        "ended"
    );
}

#[tokio::test]
async fn mt_1_s11_staff_do_not_reach_the_hosted_portal() {
    let hosted = "[hosted_portal]\nbase_url = \"https://hosted.example\"\n";
    let portal = Portal::with(Scenario::Everyday, |config| looking_only(config) + hosted).await;
    let link = portal
        .link(json!({"email": MAYA, "staff": "agent-7"}))
        .await
        .json();
    let changed = format!("{}?to=hosted_portal", link["url"].as_str().unwrap());
    let opened = portal.stranger().open(&changed).await;
    assert_eq!(opened.leads_to(), "/portal/");
    let agent = portal.stranger().with_cookies_of(&opened);
    let request = agent
        .request("POST", "/manage")
        .header("origin", &portal.origin);
    assert_eq!(reply(request).await.status, 403);
}

#[tokio::test]
async fn mt_1_s11_what_staff_do_is_not_answered_unless_it_is_recorded() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let config = looking_only(config(&upstream.url));
    let portal = Portal::over(upstream, config, |world| world).await;
    let agent = staff(&portal).await;
    let customer = portal.customer().await;
    let portal = portal
        .restarted_with(|mut world| {
            world.audit_log = Arc::new(Full);
            world
        })
        .await;
    let refused = agent.at(&portal.origin).get("/overview").await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (503, "unavailable")
    );
    assert!(!refused.text.contains("deliver"), "{refused:?}");
    assert_eq!(
        customer.at(&portal.origin).get("/overview").await.status,
        200
    );
}
