//! Signing in with a code or a link that is sent to an email address.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base::BoxFuture;
use recharge::{NoAnswer, Recharge, Request, Response};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{Customer, Effect, Portal, Reply, Scenario, Upstream, config, reply};

const MAYA: &str = "maya.lindqvist@example.com";
const NOBODY: &str = "nobody.at.all@example.com";

/// What scanners of mail say they are; they follow links with GET and HEAD.
const SCANNERS: [&str; 3] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) SafeLinks/1.0 (Microsoft Defender for Office 365)",
    "Mozilla/5.0 (compatible; ProofpointURLDefense/1.0)",
    "BarracudaCentral/1.0 LinkProtect",
];

fn with_login(config: String) -> String {
    config.replace("[mail]", "[login]\nenabled = true\n[mail]")
}

async fn portal(scenario: Scenario) -> Portal {
    Portal::with(scenario, with_login).await
}

/// Sends a form of the login page, as a page of the portal does.
async fn send(browser: &Customer, path: &str, fields: &[(&str, &str)]) -> Reply {
    send_saying(browser, path, fields, &[]).await
}

/// The same with further headers.
async fn send_saying(
    browser: &Customer,
    path: &str,
    fields: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Reply {
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = browser
        .request("POST", path)
        .header("origin", &browser.origin)
        .header("content-type", "application/x-www-form-urlencoded");
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    reply(request.body(form)).await
}

/// The browser that has asked for a code to `email`.
async fn asking(portal: &Portal, email: &str) -> Customer {
    let stranger = portal.stranger();
    let asked = send(&stranger, "/portal/login", &[("email", email)]).await;
    assert_eq!(asked.leads_to(), "/portal/login/code");
    stranger.with_cookies_of(&asked)
}

/// An email with a code and a link.
struct Invitation {
    text: String,
    code: String,
    link: String,
}

/// The latest email, which is another one than `before`.
async fn mail_after(portal: &Portal, before: &str) -> Invitation {
    for _ in 0..400 {
        let text = portal.mail();
        if !text.is_empty() && text != before {
            // Long lines are sent as quoted-printable.
            let text = text.replace("\r\n", "\n").replace("=\n", "");
            let after = |start: &str| {
                let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("{text}"));
                rest.split_whitespace().next().unwrap().to_owned()
            };
            let (code, link) = (after("Your code is "), after("choose \"Sign in\":\n"));
            return Invitation { text, code, link };
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no email has come");
}

/// A browser that has asked for a code, and the email.
async fn invited(portal: &Portal, email: &str) -> (Customer, Invitation) {
    let before = portal.mail();
    let browser = asking(portal, email).await;
    (browser, mail_after(portal, &before).await)
}

async fn enter(browser: &Customer, code: &str) -> Reply {
    send(browser, "/portal/login/code", &[("code", code)]).await
}

/// The path of an email's link.
fn path_of(portal: &Portal, invitation: &Invitation) -> String {
    invitation
        .link
        .strip_prefix(&portal.origin)
        .unwrap()
        .to_owned()
}

fn signs_in(reply: &Reply) -> bool {
    let mut cookies = reply.headers.get_all("set-cookie").iter();
    cookies.any(|cookie| cookie.to_str().unwrap().starts_with("__Host-portal="))
}

/// The email address of whoever an answer has signed in.
async fn who(browser: &Customer, signed_in: &Reply) -> Value {
    assert!(signs_in(signed_in), "{signed_in:?}");
    let customer = browser.with_cookies_of(signed_in);
    customer.get("/customer").await.json()["email"].clone()
}

/// A code of the same form that is not the right one.
fn wrong(code: &str) -> String {
    let other = if code.starts_with('A') { 'B' } else { 'A' };
    format!("{other}{}", &code[1..])
}

#[tokio::test]
async fn en_2_a_code_from_the_email_signs_in_however_it_is_typed() {
    let portal = portal(Scenario::Everyday).await;
    let shown = portal.stranger().send("GET", "/portal/login").await;
    assert_eq!(shown.status, 200);
    for part in [
        "<label for=\"email\">",
        "autocomplete=\"email\"",
        "inputmode=\"email\"",
        "Alder &amp; &lt;Finch&gt;",
    ] {
        assert!(shown.text.contains(part), "{part}: {}", shown.text);
    }
    assert!(!shown.text.contains("<script"));

    let (browser, mail) = invited(&portal, MAYA).await;
    assert!(mail.text.contains(&format!("To: {MAYA}")), "{}", mail.text);
    let page = browser.send("GET", "/portal/login/code").await;
    assert!(page.text.contains("autocomplete=\"one-time-code\""));
    assert!(page.text.contains(MAYA));
    let code = mail.code.to_ascii_lowercase();
    let typed = format!(" {} - {} ", &code[..3], &code[3..]);
    let entered = enter(&browser, &typed).await;
    assert_eq!(entered.leads_to(), "/portal/");
    assert_eq!(who(&browser, &entered).await, MAYA);
}

#[tokio::test]
async fn en_2_there_is_no_login_page_unless_it_is_switched_on() {
    let portal = Portal::start(Scenario::Everyday).await;
    let stranger = portal.stranger();
    for path in [
        "/portal/login",
        "/portal/login/code",
        "/portal/login/account",
        "/portal/login/link/0",
    ] {
        assert_eq!(stranger.send("GET", path).await.status, 404, "{path}");
        let sent = send(&stranger, path, &[("email", MAYA)]).await;
        assert_eq!(sent.status, 404, "{path}");
    }
    let unknown = stranger.send("GET", "/portal/open/none").await;
    assert!(!unknown.text.contains("/portal/login"));
    assert_eq!(
        stranger.send("GET", "/portal/return").await.leads_to(),
        "https://shop.example/account"
    );
}

#[tokio::test]
async fn s6_a_code_works_once_and_a_double_press_gets_in_for_a_minute() {
    let portal = portal(Scenario::Everyday).await;
    let (browser, mail) = invited(&portal, MAYA).await;
    let (one, other) = tokio::join!(enter(&browser, &mail.code), enter(&browser, &mail.code));
    assert!(signs_in(&one) && signs_in(&other), "{one:?} {other:?}");
    assert_eq!(one.header("set-cookie"), other.header("set-cookie"));
    let path = path_of(&portal, &mail);
    assert_eq!(portal.stranger().send("GET", &path).await.status, 410);
    assert!(!signs_in(&send(&portal.stranger(), &path, &[]).await));
    portal.clock.pass_minutes(2);
    let late = enter(&browser, &mail.code).await;
    assert_eq!((late.status, signs_in(&late)), (410, false));
}

#[tokio::test]
async fn s6_a_code_counts_only_in_the_browser_that_asked_for_it() {
    let portal = portal(Scenario::Everyday).await;
    let (mine, mail) = invited(&portal, MAYA).await;
    let (other, theirs) = invited(&portal, MAYA).await;
    let tried = enter(&other, &mail.code).await;
    assert!(tried.status == 422 && !signs_in(&tried));
    let without = enter(&portal.stranger(), &mail.code).await;
    assert_eq!(without.leads_to(), "/portal/login");
    let mut invented = portal.stranger();
    invented.cookie = format!("__Host-portal-login={:064}", 7);
    assert_eq!(
        enter(&invented, &mail.code).await.leads_to(),
        "/portal/login"
    );
    // Neither has used up the other's.
    assert!(signs_in(&enter(&mine, &mail.code).await));
    assert!(signs_in(&enter(&other, &theirs.code).await));
}

#[tokio::test]
async fn s6_the_sixth_try_is_refused_even_with_the_right_code() {
    let portal = portal(Scenario::Everyday).await;
    let (browser, mail) = invited(&portal, MAYA).await;
    let wrong = wrong(&mail.code);
    for left in ["4", "3", "2", "1"] {
        let tried = enter(&browser, &wrong).await;
        assert_eq!(tried.status, 422);
        assert!(tried.text.contains(&format!("Tries left: {left}.")));
        let field = format!("value=\"{wrong}\" aria-describedby=\"code-hint code-error\"");
        assert!(tried.text.contains(&field), "{}", tried.text);
        assert!(tried.text.contains("aria-invalid=\"true\""));
    }
    // What cannot be a code is no try.
    let short = enter(&browser, "7K").await;
    assert!(short.text.contains("Enter the 6 letters and numbers"));
    let fifth = enter(&browser, &wrong).await;
    assert_eq!(fifth.status, 410);
    assert!(fifth.text.contains("Send a new code"));
    let rule =
        format!("allows 5 tries, and expires after 10 min. We can send a new one to {MAYA}.");
    assert!(fifth.text.contains(&rule), "{}", fifth.text);
    let sixth = enter(&browser, &mail.code).await;
    assert_eq!((sixth.status, signs_in(&sixth)), (410, false));

    // Its page sends another one, to the same address.
    assert!(fifth.text.contains(&format!("value=\"{MAYA}\"")));
    let before = portal.mail();
    let asked = send(&browser, "/portal/login", &[("email", MAYA)]).await;
    let again = browser.with_cookies_of(&asked);
    let new = mail_after(&portal, &before).await;
    assert!(signs_in(&enter(&again, &new.code).await));
}

#[tokio::test]
async fn s6_of_twenty_tries_at_once_five_are_compared() {
    let portal = Portal::with(Scenario::Everyday, |config| {
        with_login(config).replace(
            "enabled = true",
            "enabled = true\nrequests_per_minute = 100",
        )
    })
    .await;
    let (browser, mail) = invited(&portal, MAYA).await;
    let tries = (0..20).map(|_| {
        let (browser, wrong) = (browser.clone(), wrong(&mail.code));
        tokio::spawn(async move { enter(&browser, &wrong).await })
    });
    let mut compared = 0;
    for tried in tries.collect::<Vec<_>>() {
        let tried = tried.await.unwrap();
        assert!(!signs_in(&tried));
        compared += usize::from(tried.text.contains("Tries left"));
    }
    // The fifth says that there are none.
    assert_eq!(compared, 4);
    assert!(!signs_in(&enter(&browser, &mail.code).await));
}

#[tokio::test]
async fn s6_a_code_and_a_link_are_good_for_ten_minutes() {
    let portal = portal(Scenario::Everyday).await;
    let (in_time, mail) = invited(&portal, MAYA).await;
    portal.clock.pass_minutes(9);
    assert!(signs_in(&enter(&in_time, &mail.code).await));

    let (late, mail) = invited(&portal, MAYA).await;
    portal.clock.pass_minutes(10);
    let refused = enter(&late, &mail.code).await;
    assert_eq!((refused.status, signs_in(&refused)), (410, false));
    let shown = late.send("GET", "/portal/login/code").await;
    assert_eq!(shown.status, 410);
    let path = path_of(&portal, &mail);
    assert_eq!(portal.stranger().send("GET", &path).await.status, 410);
    assert!(!signs_in(&send(&late, &path, &[]).await));
    portal.sweep().await;
    assert_eq!(
        late.send("GET", "/portal/login/code").await.leads_to(),
        "/portal/login"
    );
}

#[tokio::test]
async fn s6_a_clock_that_is_set_back_ends_codes_and_links() {
    let portal = portal(Scenario::Everyday).await;
    portal.clock.pass_minutes(30);
    let (browser, mail) = invited(&portal, MAYA).await;
    portal.clock.pass_minutes(-5);
    let tried = enter(&browser, &mail.code).await;
    assert!(!signs_in(&tried), "{tried:?}");
    let path = path_of(&portal, &mail);
    assert!(!signs_in(&send(&portal.stranger(), &path, &[]).await));
}

#[tokio::test]
async fn s6_a_restart_ends_no_login() {
    let portal = portal(Scenario::Everyday).await;
    let (browser, mail) = invited(&portal, MAYA).await;
    let portal = portal.restarted().await;
    let browser = Customer::new(&portal.origin, browser.cookie);
    assert!(signs_in(&enter(&browser, &mail.code).await));
}

#[tokio::test]
async fn s6_the_database_alone_does_not_tell_a_code_a_link_or_a_browser() {
    let portal = portal(Scenario::Everyday).await;
    let (browser, mail) = invited(&portal, MAYA).await;
    let (_, cookie) = browser.cookie.split_once('=').unwrap();
    let token = mail.link.rsplit('/').next().unwrap();
    let unkeyed = Sha256::digest(&mail.code);
    for name in ["portal.db", "portal.db-wal"] {
        let bytes = std::fs::read(portal.folder.path().join(name)).unwrap();
        let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        for secret in [mail.code.as_bytes(), cookie.as_bytes(), token.as_bytes()] {
            assert!(!holds(secret), "{name}");
        }
        assert!(!holds(&unkeyed), "{name}");
    }
    assert!(mail.code.len() == 6 && token.len() == 64);
}

#[tokio::test]
async fn en_2_nothing_but_the_button_uses_the_link_up() {
    let portal = portal(Scenario::Everyday).await;
    let (_, mail) = invited(&portal, MAYA).await;
    let path = path_of(&portal, &mail);
    let prefetch = [
        ("sec-purpose", "prefetch"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    for method in ["GET", "HEAD"] {
        for scanner in SCANNERS {
            let request = portal.stranger().request(method, &path);
            let seen = reply(request.header("user-agent", scanner)).await;
            assert_eq!((seen.status, signs_in(&seen)), (200, false), "{scanner}");
        }
        let request = portal.stranger().request(method, &path);
        let request = prefetch.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        let seen = reply(request).await;
        assert_eq!((seen.status, signs_in(&seen)), (200, false));
        let gone_to = portal.stranger().go_to(&path).await;
        assert_eq!((gone_to.status, signs_in(&gone_to)), (200, false));
    }
    // A form of another site, or of no site, is no press of the button.
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "none"),
        ("user-agent", SCANNERS[0]),
    ] {
        let request = portal.stranger().request("POST", &path);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let refused = reply(request.header(name, value)).await;
        assert_eq!((refused.status, signs_in(&refused)), (403, false), "{name}");
    }
    let browser = portal.stranger();
    let page = browser.go_to(&path).await;
    let browser = browser.with_cookies_of(&page);
    let pressed = send(&browser, &path, &[]).await;
    assert_eq!(who(&browser, &pressed).await, MAYA);
    // Twice in this browser it leads into the same session, in others nowhere.
    let again = send(&browser, &path, &[]).await;
    assert_eq!(again.header("set-cookie"), pressed.header("set-cookie"));
    let replayed = send(&portal.stranger(), &path, &[]).await;
    assert_eq!((replayed.status, signs_in(&replayed)), (410, false));
}

#[tokio::test]
async fn en_2_a_link_signs_in_the_browser_that_presses_it_and_says_that_another_one_asked() {
    let portal = portal(Scenario::Everyday).await;
    let (asked, mail) = invited(&portal, MAYA).await;
    let path = path_of(&portal, &mail);
    let own = asked.send("GET", &path).await;
    assert!(own.text.contains(&format!("Sign in as {MAYA}")));
    assert!(own.text.contains("requested less than 1 min ago"));
    assert!(!own.text.contains("another browser"));

    portal.clock.pass_minutes(3);
    let phone = portal.stranger();
    let page = phone.go_to(&path).await;
    assert!(
        page.text
            .contains("requested in another browser or on another device")
    );
    assert!(page.text.contains("requested less than 4 min ago"));
    let phone = phone.with_cookies_of(&page);
    let pressed = send(&phone, &path, &[]).await;
    assert_eq!(who(&phone, &pressed).await, MAYA);
    // The one that asked gets nothing by it, nor has the code any use.
    let waiting = asked.send("GET", "/portal/login/code").await;
    assert_eq!((waiting.status, signs_in(&waiting)), (410, false));
    let tried = enter(&asked, &mail.code).await;
    assert_eq!((tried.status, signs_in(&tried)), (410, false));
}

#[tokio::test]
async fn en_2_signing_in_says_that_it_replaces_a_session_and_ends_it() {
    let portal = portal(Scenario::TwoCustomers).await;
    let customers = portal.upstream.customers().await;
    let email = |customer: usize| customers[customer]["email"].as_str().unwrap();
    let first = portal.sign_in(email(0)).await;
    let form = first.send("GET", "/portal/login").await;
    assert!(form.text.contains("Signing in here signs you out of it"));
    assert!(form.text.contains("href=\"/portal/\""));

    let (_, mail) = invited(&portal, email(1)).await;
    let path = path_of(&portal, &mail);
    let page = first.go_to(&path).await;
    assert!(page.text.contains("Signing in here signs you out of it"));
    let browser = first.with_cookies_of(&page);
    let pressed = send(&browser, &path, &[]).await;
    assert_eq!(who(&browser, &pressed).await, email(1));
    assert_eq!(first.get("/session").await.status, 401);
}

/// What anybody can see of an answer; what is random or the time is left out.
fn seen(reply: &Reply, email: &str) -> (u16, String, Vec<String>) {
    let unlike = |name: &str| ["date", "x-request-id", "set-cookie"].contains(&name);
    let headers = reply.headers.iter();
    let headers = headers.filter(|(name, _)| !unlike(name.as_str()));
    let headers = headers.map(|(name, value)| format!("{name}: {value:?}"));
    let text = reply.text.replace(email, "{email}");
    // The length of the address is in the length of the page.
    let headers = headers.filter(|header| !header.starts_with("content-length"));
    (reply.status, text, headers.collect())
}

#[tokio::test]
async fn s7_s57_known_and_unknown_addresses_get_the_same_answers_and_mail_goes_to_known_ones() {
    let portal = portal(Scenario::Everyday).await;
    let mut all = Vec::new();
    for email in [NOBODY, MAYA] {
        let stranger = portal.stranger();
        let asked = send(&stranger, "/portal/login", &[("email", email)]).await;
        let browser = stranger.with_cookies_of(&asked);
        let cookie = browser.cookie.replace(|c: char| c.is_ascii_hexdigit(), "");
        let page = browser.send("GET", "/portal/login/code").await;
        let mut answers = vec![seen(&asked, email), seen(&page, email)];
        for _ in 0..6 {
            answers.push(seen(&enter(&browser, "000000").await, email));
        }
        all.push((answers, cookie));
        // The lookup comes after the answer, and nobody is written to whom the store does not know.
        let looked_up = async || portal.upstream.count("GET /customers ").await;
        while looked_up().await < all.len() {
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(portal.mail().is_empty(), email == NOBODY);
    }
    assert_eq!(all[0], all[1]);
}

#[tokio::test]
async fn s7_no_answer_waits_for_the_store() {
    let portal = portal(Scenario::Everyday).await;
    let slow = Effect::Delay(4_000);
    portal.upstream.fault("GET", "/customers", slow, 2).await;
    for email in [NOBODY, MAYA] {
        let started = Instant::now();
        asking(&portal, email).await;
        assert!(started.elapsed() < Duration::from_secs(2), "{email}");
    }
    assert_eq!(portal.mail(), "");
    mail_after(&portal, "").await;
}

#[tokio::test]
async fn s7_a_store_that_fails_changes_no_answer_and_is_asked_again() {
    let portal = portal(Scenario::Everyday).await;
    let broken = Effect::Status(500);
    portal.upstream.fault("GET", "/customers", broken, 3).await;
    let (browser, mail) = invited(&portal, MAYA).await;
    portal.upstream.fault("GET", "/customers", broken, 3).await;
    let failed = enter(&browser, &mail.code).await;
    assert_eq!(failed.status, 503);
    assert!(failed.text.contains("Your code and link still work"));
    assert!(!failed.header("retry-after").is_empty());
    assert!(signs_in(&enter(&browser, &mail.code).await));
}

#[tokio::test]
async fn s7_mail_goes_to_the_address_that_the_store_has_and_to_no_lookalike() {
    let portal = portal(Scenario::Everyday).await;
    let (_, mail) = invited(&portal, " Maya.Lindqvist@EXAMPLE.com ").await;
    assert!(mail.text.contains(&format!("To: {MAYA}")), "{}", mail.text);
    // A dotless i, which some comparisons take for an i.
    let before = portal.mail();
    asking(&portal, "maya.l\u{131}ndqvist@example.com").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(portal.mail(), before);
}

#[tokio::test]
async fn en_2_what_is_no_address_is_shown_again_with_what_is_wrong() {
    let portal = portal(Scenario::Everyday).await;
    for typed in [
        "",
        "maya",
        "maya@",
        "a@b@c",
        "\"><script>alert(1)</script>@x",
        "maya@example.com\r\nBcc: eve@evil.example",
    ] {
        let fields = [("email", typed), ("to", "/deliveries")];
        let page = send(&portal.stranger(), "/portal/login", &fields).await;
        assert_eq!(page.status, 422, "{typed}");
        assert!(page.text.contains("id=\"email-error\""));
        assert!(page.text.contains("aria-describedby=\"email-error\""));
        assert!(page.text.contains("name=\"to\" value=\"/deliveries\""));
        assert!(!page.text.contains("<script"), "{}", page.text);
    }
    let long = "a".repeat(5_000);
    let fields = [("email", long.as_str())];
    let refused = send(&portal.stranger(), "/portal/login", &fields).await;
    assert_eq!(refused.status, 413);
    let request = portal.stranger().request("POST", "/portal/login");
    let request = request.header("origin", &portal.origin).body("{}");
    assert_eq!(reply(request).await.status, 400);
    assert_eq!(portal.upstream.count("GET /customers").await, 0);
}

#[tokio::test]
async fn s57_no_form_of_another_site_is_taken() {
    let portal = portal(Scenario::Everyday).await;
    let (browser, mail) = invited(&portal, MAYA).await;
    let sent = portal.mail();
    for (path, field, value) in [
        ("/portal/login", "email", MAYA),
        ("/portal/login/code", "code", mail.code.as_str()),
        ("/portal/login/account", "account", "1"),
    ] {
        for origin in ["https://evil.example", "null"] {
            let request = browser.request("POST", path).header("origin", origin);
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let refused = reply(request.body(format!("{field}={value}"))).await;
            assert_eq!((refused.status, signs_in(&refused)), (403, false), "{path}");
        }
    }
    assert_eq!(portal.mail(), sent);
    assert!(signs_in(&enter(&browser, &mail.code).await));
}

/// Whether a form was one too many: then a page says when to send it again.
fn is_limited(reply: &Reply) -> bool {
    if reply.status != 429 {
        return false;
    }
    let seconds: u32 = reply.header("retry-after").parse().unwrap();
    let minutes = seconds.div_ceil(60);
    assert!(seconds > 0 && reply.text.contains(&format!("Try again in {minutes} min.")));
    true
}

#[tokio::test]
async fn s23_codes_for_one_address_are_limited_whether_it_is_known_or_not() {
    let portal = portal(Scenario::Everyday).await;
    for email in [MAYA, NOBODY] {
        for typed in [email, email, &email.to_uppercase(), email, email] {
            asking(&portal, typed).await;
        }
        let fields = [("email", email)];
        let sixth = send(&portal.stranger(), "/portal/login", &fields).await;
        assert!(is_limited(&sixth), "{email}");
    }
    portal.clock.pass_minutes(7);
    asking(&portal, MAYA).await;
}

#[tokio::test]
async fn s23_codes_for_one_browser_are_limited() {
    let portal = portal(Scenario::Everyday).await;
    let browser = asking(&portal, "n0@example.com").await;
    for n in 1..=5 {
        let email = format!("n{n}@example.com");
        let asked = send(&browser, "/portal/login", &[("email", &email)]).await;
        assert_eq!(asked.status, 303, "{n}");
    }
    let fields = [("email", "n6@example.com")];
    assert!(is_limited(&send(&browser, "/portal/login", &fields).await));
    asking(&portal, "n6@example.com").await;
}

#[tokio::test]
async fn s23_forms_of_one_client_are_limited_behind_the_proxy() {
    let portal = Portal::with(Scenario::Everyday, |config| {
        format!("trusted_proxies = [\"127.0.0.1\"]\n{}", with_login(config))
    })
    .await;
    let (browser, mail) = invited(&portal, MAYA).await;
    let from = |client: &'static str, code: String| {
        let browser = browser.clone();
        async move {
            let headers = [("x-forwarded-for", client)];
            let fields = [("code", code.as_str())];
            send_saying(&browser, "/portal/login/code", &fields, &headers).await
        }
    };
    let mut limited = 0;
    for _ in 0..40 {
        let tried = from("203.0.113.5", "7".to_owned()).await;
        limited += usize::from(is_limited(&tried));
    }
    assert!((15..=20).contains(&limited), "{limited}");
    let entered = from("203.0.113.6", mail.code.clone()).await;
    assert!(signs_in(&entered));
}

#[tokio::test]
async fn en_2_a_login_leads_to_a_page_of_the_portal_and_nowhere_else() {
    let portal = portal(Scenario::Everyday).await;
    let form = portal.stranger();
    let form = form.send("GET", "/portal/login?to=/subscriptions/27").await;
    assert!(
        form.text
            .contains("name=\"to\" value=\"/subscriptions/27\"")
    );
    for (to, expected) in [
        ("/subscriptions/27", "/portal/subscriptions/27"),
        ("https://evil.example", "/portal/"),
        ("//evil.example", "/portal/"),
    ] {
        let (stranger, before) = (portal.stranger(), portal.mail());
        let fields = [("email", MAYA), ("to", to)];
        let asked = send(&stranger, "/portal/login", &fields).await;
        let browser = stranger.with_cookies_of(&asked);
        let mail = mail_after(&portal, &before).await;
        assert_eq!(enter(&browser, &mail.code).await.leads_to(), expected);
    }
}

#[tokio::test]
async fn en_2_where_a_session_has_ended_the_login_page_is_offered() {
    let portal = portal(Scenario::Everyday).await;
    let stranger = portal.stranger();
    let spent = stranger.send("GET", "/portal/open/none").await;
    assert!(spent.text.contains("href=\"/portal/login\""));
    let back = stranger.send("GET", "/portal/return").await;
    assert_eq!(back.leads_to(), "/portal/login");
    let customer = portal.customer().await;
    let back = customer.send("GET", "/portal/return").await;
    assert_eq!(back.leads_to(), "https://shop.example/account");
    let merchant = customer.get("/session").await.json()["merchant"].clone();
    assert_eq!(
        merchant["login_url"],
        format!("{}/portal/login", portal.origin)
    );
}

#[tokio::test]
async fn en_2_pages_and_emails_are_in_the_language_of_the_browser() {
    let portal = portal(Scenario::Everyday).await;
    let german = [("accept-language", "de-CH")];
    let fields = [("email", MAYA)];
    let asked = send_saying(&portal.stranger(), "/portal/login", &fields, &german).await;
    assert_eq!(asked.status, 303);
    while !portal.mail().contains("Ihr Code lautet") {
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let fields = [("email", "maya")];
    let arabic = [("accept-language", "ar")];
    let page = send_saying(&portal.stranger(), "/portal/login", &fields, &arabic).await;
    assert!(page.text.contains("dir=\"rtl\"") && page.text.contains("البريد الإلكتروني"));
}

/// A store in which everybody has the same email address.
struct OneAddress {
    store: Arc<dyn Recharge>,
    email: &'static str,
}

impl Recharge for OneAddress {
    fn call(&self, mut request: Request) -> BoxFuture<'_, Result<Response, NoAnswer>> {
        Box::pin(async move {
            let is_lookup =
                |(name, value): &(&str, String)| *name == "email" && value == self.email;
            if !request.query.iter().any(is_lookup) {
                return self.store.call(request).await;
            }
            request.query.clear();
            let mut response = self.store.call(request).await?;
            let body = response.body.as_mut();
            let customers = body.and_then(|body| body["customers"].as_array_mut());
            for customer in customers.into_iter().flatten() {
                customer["email"] = self.email.into();
            }
            Ok(response)
        })
    }
}

/// A portal in whose store two customers share an address.
async fn shared(email: &'static str) -> Portal {
    let upstream = Upstream::start(Scenario::TwoCustomers).await;
    let config = with_login(config(&upstream.url));
    Portal::over(upstream, config, |mut world| {
        world.upstream = Arc::new(OneAddress {
            store: world.upstream,
            email,
        });
        world
    })
    .await
}

#[tokio::test]
async fn en_12_customers_who_share_an_address_are_offered_a_choice_after_it_is_proven() {
    const BOTH: &str = "family@example.com";
    let portal = shared(BOTH).await;
    let customers = portal.upstream.customers().await;
    let ids: Vec<String> = (0..2).map(|n| customers[n]["id"].to_string()).collect();

    let (browser, mail) = invited(&portal, BOTH).await;
    let early = browser.send("GET", "/portal/login/account").await;
    assert_eq!(early.leads_to(), "/portal/login");
    let early = [("account", ids[0].as_str())];
    let early = send(&browser, "/portal/login/account", &early).await;
    assert_eq!(early.leads_to(), "/portal/login");

    let proven = enter(&browser, &mail.code).await;
    assert_eq!(proven.leads_to(), "/portal/login/account");
    assert!(!signs_in(&proven));
    let page = browser.send("GET", "/portal/login/account").await;
    for part in ["Astrid · Seattle · Customer since ", "Kwame · Chicago · "] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    for secret in [
        "Holm",
        "Boateng",
        "Ballard",
        "98107",
        "60611",
        "astrid.holm",
    ] {
        assert!(!page.text.contains(secret), "{secret}: {}", page.text);
    }
    // The choice is this browser's, and of these accounts.
    let fields = [("account", ids[1].as_str())];
    let other = send(&portal.stranger(), "/portal/login/account", &fields).await;
    assert_eq!(other.leads_to(), "/portal/login");
    for not_theirs in ["1", "", "x"] {
        let fields = [("account", not_theirs)];
        let refused = send(&browser, "/portal/login/account", &fields).await;
        assert_eq!(refused.leads_to(), "/portal/login/account");
    }
    let chosen = send(&browser, "/portal/login/account", &fields).await;
    let first = browser.with_cookies_of(&chosen);
    let session = first.get("/session").await.json();
    assert_eq!(session["customer_id"].to_string(), ids[1]);
    // It is made once: going back in history does not open the other account.
    let fields = [("account", ids[0].as_str())];
    portal.clock.pass_minutes(2);
    let again = send(&browser, "/portal/login/account", &fields).await;
    assert!(!signs_in(&again));
    assert_eq!(first.get("/session").await.status, 200);

    // Proving the address anew switches, and ends the first session.
    let before = portal.mail();
    let asked = send(&first, "/portal/login", &[("email", BOTH)]).await;
    let switching = first.with_cookies_of(&asked);
    let mail = mail_after(&portal, &before).await;
    enter(&switching, &mail.code).await;
    let chosen = send(&switching, "/portal/login/account", &fields).await;
    let second = switching.with_cookies_of(&chosen);
    let session = second.get("/session").await.json();
    assert_eq!(session["customer_id"].to_string(), ids[0]);
    assert_eq!(first.get("/session").await.status, 401);
}

#[tokio::test]
async fn en_12_a_link_pressed_in_another_browser_lets_that_one_choose() {
    const BOTH: &str = "family@example.com";
    let portal = shared(BOTH).await;
    let (asked, mail) = invited(&portal, BOTH).await;
    let path = path_of(&portal, &mail);
    let phone = portal.stranger();
    let phone = phone.with_cookies_of(&phone.go_to(&path).await);
    let pressed = send(&phone, &path, &[]).await;
    assert_eq!(pressed.leads_to(), "/portal/login/account");
    let phone = phone.with_cookies_of(&pressed);
    assert_eq!(phone.send("GET", "/portal/login/account").await.status, 200);
    // Neither the browser that asked nor a second press gets the choice.
    let other = asked.send("GET", "/portal/login/account").await;
    assert_eq!(other.leads_to(), "/portal/login");
    assert_eq!(enter(&asked, &mail.code).await.status, 410);
    let again = send(&portal.stranger(), &path, &[]).await;
    assert_eq!(again.status, 410);
    let customers = portal.upstream.customers().await;
    let id = customers[0]["id"].to_string();
    let fields = [("account", id.as_str())];
    assert!(signs_in(
        &send(&phone, "/portal/login/account", &fields).await
    ));
}

#[tokio::test]
async fn en_2_a_listed_configuration_has_a_login_page_of_its_own() {
    let portal = Portal::with(Scenario::Everyday, |config| {
        let listed = "enabled = true\nconfigurations = [\"wholesale\"]";
        let config = with_login(config).replace("enabled = true", listed);
        format!(
            "{config}\n[configurations.wholesale.merchant]\nname = \"Alder Wholesale\"\n\
             [configurations.retail.merchant]\nname = \"Alder Retail\"\n"
        )
    })
    .await;
    let stranger = portal.stranger();
    let unknown = "/portal/login/retail";
    assert_eq!(stranger.send("GET", unknown).await.status, 404);
    let sent = send(&stranger, unknown, &[("email", MAYA)]).await;
    assert_eq!(sent.status, 404);

    let path = "/portal/login/wholesale";
    let form = stranger.send("GET", path).await;
    assert!(form.text.contains("you use at Alder Wholesale"));
    assert!(form.text.contains(&format!("action=\"{path}\"")));
    let asked = send(&stranger, path, &[("email", MAYA)]).await;
    let browser = stranger.with_cookies_of(&asked);
    let mail = mail_after(&portal, "").await;
    assert!(
        mail.text
            .contains("Subject: Your sign-in code for Alder Wholesale")
    );
    let entered = enter(&browser, &mail.code).await;
    let customer = browser.with_cookies_of(&entered);
    let session = customer.get("/session").await.json();
    assert_eq!(session["merchant"]["name"], "Alder Wholesale");
}
