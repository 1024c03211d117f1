//! Links in messages that make one change.

use serde_json::{Value, json};

use crate::audit::lines;
use crate::support::{Portal, Program, Reply, Scenario, Upstream, call, reply};

const MAYA: &str = "maya.lindqvist@example.com";

/// What looks at links in mail before a person does.
const SCANNERS: [(&str, &str); 5] = [
    (
        "user-agent",
        "Mozilla/5.0 (compatible; Proofpoint URL Defense)",
    ),
    ("user-agent", "Barracuda Sentinel (EE)"),
    (
        "user-agent",
        "Mozilla/5.0 (Windows NT 10.0) BingPreview/1.0b",
    ),
    ("sec-purpose", "prefetch;prerender"),
    ("purpose", "prefetch"),
];

/// A link that skips Maya's next delivery, and what it was asked for with.
async fn skip(portal: &Portal) -> (String, Value) {
    let customer = portal.sign_in(MAYA).await;
    let (path, body) = customer.next_skip().await;
    let parts: Vec<&str> = path.split('/').collect();
    let request = json!({
        "email": MAYA,
        "action": "skip_delivery",
        "object": {"address_id": parts[2], "date": parts[3]},
        "body": body,
    });
    let made = portal.post_as_merchant("/portal/links", &request).await;
    assert_eq!(made.status, 201, "{}", made.text);
    (path_of(portal, &made), request)
}

fn path_of(portal: &Portal, made: &Reply) -> String {
    made.json()["url"].as_str().unwrap()[portal.origin.len()..].to_owned()
}

#[tokio::test]
async fn en_8_a_press_makes_the_change_once_and_another_says_so() {
    let portal = Portal::start(Scenario::Everyday).await;
    let (path, _) = skip(&portal).await;
    let page = portal.stranger().send("GET", &path).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Skip this delivery?"), "{}", page.text);
    assert!(
        page.text.contains("<dt>No longer scheduled</dt>"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("<script"));
    assert!(page.header("set-cookie").is_empty(), "it signs nobody in");
    let before = portal.upstream.writes().await;

    let done = portal.stranger().send("POST", &path).await;
    assert!(done.text.contains("Skipped a delivery"), "{}", done.text);
    let after = portal.upstream.writes().await;
    assert!(after > before);
    for method in ["POST", "GET", "POST"] {
        let again = portal.stranger().send(method, &path).await;
        assert!(again.text.contains("Already done"), "{}", again.text);
    }
    assert_eq!(portal.upstream.writes().await, after);
}

#[tokio::test]
async fn cu_9_mt_2_a_change_by_a_link_says_so_in_the_history_and_in_the_audit_log() {
    let portal = Portal::start(Scenario::Everyday).await;
    let (path, _) = skip(&portal).await;
    portal.stranger().send("POST", &path).await;
    let history = portal.sign_in(MAYA).await.get("/changes").await.json();
    assert_eq!(history["changes"][0]["actor"], "link");
    let lines = lines(&portal).await;
    let by_link: Vec<&Value> = lines
        .iter()
        .filter(|line| line["actor"] == "link")
        .collect();
    assert_eq!(by_link.len(), 1, "{lines:?}");
    assert_eq!(by_link[0]["action"], "skip_delivery");
    assert_eq!(by_link[0]["outcome"], "done");
}

#[tokio::test]
async fn en_8_of_ten_presses_at_once_one_is_carried_out() {
    let portal = Portal::start(Scenario::Everyday).await;
    let (path, _) = skip(&portal).await;
    let before = portal.upstream.writes().await;
    let presses: Vec<_> = (0..10)
        .map(|_| {
            let (stranger, path) = (portal.stranger(), path.clone());
            tokio::spawn(async move { stranger.send("POST", &path).await.status })
        })
        .collect();
    for press in presses {
        assert!(press.await.unwrap() < 300);
    }
    assert_eq!(portal.upstream.writes().await, before + 1);
}

#[tokio::test]
async fn en_8_s17_whoever_only_looks_changes_nothing() {
    let portal = Portal::start(Scenario::Everyday).await;
    let (path, _) = skip(&portal).await;
    let before = portal.upstream.writes().await;
    for method in ["GET", "HEAD"] {
        for (name, value) in SCANNERS {
            let request = portal.stranger().request(method, &path);
            assert_eq!(reply(request.header(name, value)).await.status, 200);
        }
    }
    assert_eq!(portal.upstream.writes().await, before);
    let done = portal.stranger().send("POST", &path).await;
    assert!(
        done.text.contains("Skipped a delivery"),
        "the link is as good as before"
    );
}

#[tokio::test]
async fn en_8_a_link_gives_access_to_nothing_else() {
    let portal = Portal::start(Scenario::Everyday).await;
    let (path, _) = skip(&portal).await;
    let token = path.rsplit('/').next().unwrap();
    let opened = portal
        .stranger()
        .send("GET", &format!("/portal/open/{token}"))
        .await;
    assert_eq!(opened.status, 410);
    let with = |name: &str, value: String| {
        reply(
            portal
                .stranger()
                .request("GET", "/portal/api/session")
                .header(name, value),
        )
    };
    assert_eq!(
        with("cookie", format!("__Host-portal={token}"))
            .await
            .status,
        401
    );
    assert_eq!(
        with("authorization", format!("Bearer {token}"))
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn en_8_an_expired_link_and_one_that_never_was_are_the_same_to_their_reader() {
    let portal = Portal::start(Scenario::Everyday).await;
    let (path, mut request) = skip(&portal).await;
    request["expires_in_hours"] = json!(1);
    let short = portal.post_as_merchant("/portal/links", &request).await;
    let short = path_of(&portal, &short);
    portal.clock.pass_minutes(61);
    let expired = portal.stranger().send("POST", &short).await;
    let unknown = portal.stranger().send("POST", "/portal/do/0123").await;
    assert_eq!((expired.status, unknown.status), (410, 410));
    assert_eq!(expired.text, unknown.text);
    assert_eq!(
        portal.stranger().send("GET", &path).await.status,
        200,
        "a week is usual"
    );
}

#[tokio::test]
async fn en_8_a_link_is_made_only_for_what_is_the_customers_and_allowed() {
    let portal = Portal::with(Scenario::Everyday, |config| {
        format!("{config}\n[actions]\nunskip_delivery = false\n")
    })
    .await;
    let (_, good) = skip(&portal).await;
    let with = |field: &str, value: Value| {
        let mut request = good.clone();
        request[field] = value;
        let portal = &portal;
        async move { portal.post_as_merchant("/portal/links", &request).await }
    };
    let foreign = with("object", json!({"address_id": 1, "date": "2027-01-01"})).await;
    assert_eq!(foreign.status, 404, "{}", foreign.text);
    for (field, value, says) in [
        (
            "action",
            json!("add_payment_method"),
            "`action` must be one of skip_delivery",
        ),
        ("action", json!("fly"), "`action` must be one of"),
        (
            "object",
            json!({"address_id": 1}),
            "`object.date` is missing",
        ),
        (
            "object",
            json!({"address_id": 1, "date": "soon"}),
            "`object` does not fill",
        ),
        (
            "object",
            json!({"address_id": 1, "date": "2027-01-01", "a": 1}),
            "`object.a` is not in",
        ),
        (
            "body",
            json!({"amount": 1}),
            "`body`: unknown field `amount`",
        ),
        (
            "expires_in_hours",
            json!(0),
            "`expires_in_hours` must be from 1 to 720",
        ),
        (
            "return_url",
            json!("https://evil.example/"),
            "return_origins",
        ),
        ("admin", json!(true), "unknown field `admin`"),
    ] {
        let refused = with(field, value).await;
        assert_eq!(refused.status, 400, "{field}: {}", refused.text);
        assert!(refused.text.contains(says), "{field}: {}", refused.text);
    }
    let mut off = good.clone();
    off["action"] = json!("unskip_delivery");
    let off = portal.post_as_merchant("/portal/links", &off).await;
    assert_eq!(off.problem(), "switched_off", "{}", off.text);
    let unsigned = reply(
        portal
            .stranger()
            .request("POST", "/portal/links")
            .json(&good),
    )
    .await;
    assert_eq!(unsigned.status, 401);
}

#[tokio::test]
async fn en_8_what_cannot_be_done_any_more_says_why_and_changes_nothing() {
    let portal = Portal::start(Scenario::Everyday).await;
    let (path, _) = skip(&portal).await;
    let (twin, _) = skip(&portal).await;
    assert_eq!(portal.stranger().send("POST", &path).await.status, 200);
    let before = portal.upstream.writes().await;
    let page = portal.stranger().send("GET", &twin).await;
    let pressed = portal.stranger().send("POST", &twin).await;
    assert!(
        pressed.text.contains("Nothing was changed") || pressed.text.contains("Skipped"),
        "{}",
        pressed.text
    );
    assert!(page.status < 500 && pressed.status < 500);
    assert_eq!(portal.upstream.writes().await, before);
}

#[tokio::test]
async fn en_8_the_page_is_in_the_language_of_the_link() {
    let portal = Portal::start(Scenario::Everyday).await;
    let (_, mut request) = skip(&portal).await;
    request["locale"] = json!("de-CH");
    let made = portal.post_as_merchant("/portal/links", &request).await;
    let page = portal
        .stranger()
        .send("GET", &path_of(&portal, &made))
        .await;
    assert!(
        page.text.contains("Diese Lieferung überspringen?"),
        "{}",
        page.text
    );
    assert!(page.text.contains("<html lang=\"de\""));
}

#[tokio::test]
async fn en_14_a_failed_payment_is_made_by_a_link_that_shows_the_amount_and_the_masked_card_only() {
    let portal = Portal::with(Scenario::Dunning, |config| {
        let payments = "tokeniser = \"sandbox\"\norigin = \"http://127.0.0.1:8401\"";
        format!("{config}\n[payments]\n{payments}\n")
    })
    .await;
    let customer = portal.customer().await;
    let schedule = customer.get("/deliveries").await.json();
    let mut deliveries = schedule["deliveries"].as_array().unwrap().iter();
    let failed = deliveries
        .find(|delivery| delivery["state"] == "failed")
        .unwrap();
    let id = customer.get("/session").await.json()["customer_id"].clone();
    let made = portal
        .post_as_merchant(
            "/portal/links",
            &json!({
                "customer_id": id,
                "action": "process_delivery",
                "object": failed["key"],
            }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    let path = path_of(&portal, &made);
    let page = portal.stranger().send("GET", &path).await.text;
    let amount = failed["due"]["amount"].as_str().unwrap();
    assert!(page.contains(&format!("<dd>{amount} ")), "{page}");
    assert!(
        page.contains(failed["payment"]["last4"].as_str().unwrap()),
        "{page}"
    );
    let (street, person) = (
        &failed["address"]["street"],
        &portal.upstream.customers().await[0],
    );
    let name = customer.get("/session").await.json()["first_name"].clone();
    for private in [street, &person["email"], &name] {
        let private = private.as_str().unwrap();
        assert!(!private.is_empty() && !page.contains(private), "{page}");
    }
    let declined = portal.stranger().send("POST", &path).await;
    assert!(
        declined.text.contains("The payment was declined"),
        "{}",
        declined.text
    );
    let card = json!({
        "token": "pm_mastercard_5100_1",
        "address_ids": [failed["key"]["address_id"]],
        "retry_charges": false,
    });
    let added = customer.change("POST", "/payment_methods", card).await;
    assert!(added.is("done"), "{added:?}");
    let paid = portal.stranger().send("POST", &path).await;
    assert!(paid.text.contains("Paid for a delivery"), "{}", paid.text);
    let again = portal.stranger().send("GET", &path).await;
    assert!(again.text.contains("Already done"));
}

#[tokio::test]
async fn en_14_a_failed_payment_is_made_by_link_with_another_card_of_the_customer_and_of_nobody_else()
 {
    let portal = Portal::with(Scenario::Dunning, |config| {
        let payments = "tokeniser = \"sandbox\"\norigin = \"http://127.0.0.1:8401\"";
        format!("{config}\n[payments]\n{payments}\n")
    })
    .await;
    let customer = portal.customer().await;
    let schedule = customer.get("/deliveries").await.json();
    let mut deliveries = schedule["deliveries"].as_array().unwrap().iter();
    let failed = deliveries.find(|delivery| delivery["state"] == "failed");
    let failed = failed.unwrap();
    let card = json!({
        "token": "pm_mastercard_5100_1", "address_ids": [], "retry_charges": false,
    });
    assert!(
        customer
            .change("POST", "/payment_methods", card)
            .await
            .is("done")
    );
    let methods = customer.get("/payment_methods").await.json()["methods"].clone();
    let mut methods = methods.as_array().unwrap().iter();
    let added = methods.find(|method| method["line"]["last4"] == "5100");
    let added = added.unwrap()["line"]["id"].clone();
    let wanted = json!({
        "customer_id": customer.get("/session").await.json()["customer_id"],
        "action": "process_delivery",
        "object": failed["key"],
    });
    let made = portal.post_as_merchant("/portal/links", &wanted).await;
    let path = path_of(&portal, &made);
    let page = portal.stranger().send("GET", &path).await.text;
    assert!(page.contains("Pay with Mastercard 5100"), "{page}");
    let field = format!("name=\"payment_method_id\" value=\"{added}\"");
    assert!(page.contains(&field), "{page}");
    let press = async |id: String| {
        let stranger = portal.stranger();
        let request = stranger
            .request("POST", &path)
            .header("origin", &portal.origin);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        reply(request.body(format!("payment_method_id={id}"))).await
    };
    for wrong in ["1", "x", "-1", ""] {
        let refused = press(wrong.to_owned()).await;
        assert!([400, 409].contains(&refused.status), "{wrong}: {refused:?}");
    }
    assert_eq!(portal.upstream.count("POST /charges").await, 0);
    let paid = press(added.to_string()).await;
    assert!(paid.text.contains("Paid for a delivery"), "{}", paid.text);
    assert_eq!(portal.upstream.count("POST /charges").await, 1);
    let again = press(added.to_string()).await;
    assert!(again.text.contains("Already done"));
}

// The store has to answer while the test waits for the program.
#[tokio::test(flavor = "multi_thread")]
async fn en_8_the_program_makes_a_link_by_the_running_server_and_says_why_not() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &upstream);
    let customer = program.customer(&upstream).await;
    let (path, body) = customer.next_skip().await;
    let parts: Vec<&str> = path.split('/').collect();
    let id = upstream.customers().await[0]["id"].to_string();
    let (address, date) = (
        format!("address_id={}", parts[2]),
        format!("date={}", parts[3]),
    );
    let mut words = vec!["link", "--server", &program.origin, "--customer", &id];
    words.extend([
        "--action",
        "skip_delivery",
        "--object",
        &address,
        "--object",
        &date,
    ]);
    let body = body.to_string();
    words.extend(["--body", &body]);
    let url = program.run(&words);
    let page = customer
        .send("GET", url.trim().strip_prefix(&program.origin).unwrap())
        .await;
    assert!(page.text.contains("Skip this delivery?"), "{}", page.text);

    words[6] = "fly";
    let refused = call(&words, &folder.path().join("portal.toml"));
    let why = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success());
    assert!(
        why.contains("`action` must be one of skip_delivery"),
        "{why}"
    );
}
