//! The language in which customers are written to, and the texts that the portal loads.

use serde_json::json;

use crate::support::{Portal, Reply, Scenario, Upstream, config, key, reply};

async fn texts(portal: &Portal, file: &str, headers: &[(&str, &str)]) -> Reply {
    let path = format!("/portal/texts/{file}");
    let mut request = portal.stranger().request("GET", &path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    reply(request).await
}

#[tokio::test]
async fn in1_the_portal_gets_the_texts_of_the_nearest_language() {
    let portal = Portal::start(Scenario::Everyday).await;
    for tag in ["de", "de-CH", "de_AT.UTF-8", "sv-SE,sv,de-DE,en"] {
        let reply = texts(&portal, &format!("{tag}.txt"), &[]).await;
        assert_eq!(reply.status, 200, "{tag}");
        assert_eq!(reply.header("content-language"), "de");
        assert!(reply.text.contains("Zurück zum Shop"));
        let known = [("if-none-match", reply.header("etag"))];
        let again = texts(&portal, &format!("{tag}.txt"), &known).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
    }
    for tag in ["en-GB", "en-GB,de", "sw", "garbage", "..%2f..%2fportal"] {
        let reply = texts(&portal, &format!("{tag}.txt"), &[]).await;
        assert_eq!((reply.status, reply.text.as_str()), (204, ""), "{tag}");
    }
}

#[tokio::test]
async fn cf5_the_language_of_the_session_comes_before_the_browsers() {
    let portal = Portal::start(Scenario::Everyday).await;
    let email = portal.upstream.customers().await[0]["email"].clone();
    let open = async |locale: &str| {
        let made = portal.link(json!({"email": email, "locale": locale})).await;
        let url = made.json()["url"].as_str().unwrap().to_owned();
        let page = reply(
            portal
                .stranger()
                .request("GET", &url[portal.origin.len()..]),
        )
        .await;
        let customer = crate::support::sign_in(&portal.origin, &url).await;
        let mine = customer.send("GET", "/portal/texts/en-US.txt").await;
        let name = mine.header("content-language").to_owned();
        (made.json()["locale"].clone(), page.text, mine.status, name)
    };
    let (kept, page, status, name) = open("de_CH").await;
    assert_eq!(
        (kept, status, name.as_str()),
        (json!("de-CH"), 200, "de-CH")
    );
    assert!(page.contains("<html lang=\"de\""), "{page}");
    let (kept, _, status, name) = open("en-GB").await;
    assert_eq!(
        (kept, status, name.as_str()),
        (json!("en-GB"), 204, "en-GB")
    );
    let (kept, _, status, name) = open("auto").await;
    assert_eq!((kept, status, name.as_str()), (json!(null), 204, "en"));

    for bad in ["sw", "", "de-<b>", "deutsch"] {
        let refused = portal.link(json!({"email": email, "locale": bad})).await;
        assert_eq!(refused.status, 400, "{bad}");
        assert!(
            refused.text.contains("Send one of ar, de, en"),
            "{}",
            refused.text
        );
    }
}

#[tokio::test]
async fn in1_a_file_of_the_merchant_changes_texts_without_a_build() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, texts: serde_json::Value| {
        std::fs::write(folder.path().join(name), texts.to_string()).unwrap();
    };
    put("en.json", json!({"nav.subscriptions": "My coffee"}));
    put(
        "sw.json",
        json!({"page.link_used.title": "Kiungo kimetumika"}),
    );
    let config = format!("texts_dir = {:?}\n{}", folder.path(), config(&upstream.url));
    let portal = Portal::over(upstream, config, |dependencies| dependencies).await;
    let english = texts(&portal, "en-US.txt", &[]).await;
    assert_eq!(english.status, 200);
    let own: Vec<&str> = english
        .text
        .lines()
        .skip(1)
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(own, ["My coffee"]);
    let unknown = portal.stranger().request("GET", "/portal/open/none");
    let page = reply(unknown.header("accept-language", "sw, en;q=0.5")).await;
    assert!(
        page.text.contains("<html lang=\"sw\" dir=\"ltr\">"),
        "{}",
        page.text
    );
    assert!(page.text.contains("Kiungo kimetumika"));
}

#[tokio::test]
async fn in1_the_page_of_the_portal_says_in_each_language_that_it_did_not_open() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(root.join("index.html"), folder.path().join("index.html")).unwrap();
    let upstream = Upstream::start(Scenario::Everyday).await;
    let config = config(&upstream.url).replacen(
        "portal_dir",
        &format!("portal_dir = {:?}\n#", folder.path()),
        1,
    );
    let portal = Portal::over(upstream, config, |dependencies| dependencies).await;
    let page = async |language: &str| {
        let request = portal.stranger().request("GET", "/portal/deliveries");
        reply(request.header("accept-language", language)).await
    };
    let english = page("en").await;
    let sources = root.join("src/i18n/translations");
    for file in std::fs::read_dir(sources).unwrap() {
        let path = file.unwrap().path();
        let tag = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let catalog = messages::read(&std::fs::read_to_string(&path).unwrap());
        let reply = page(&tag).await;
        assert!(reply.text.contains(&format!("<html lang=\"{tag}\"")));
        let mut varies = reply.headers.get_all("vary").iter();
        assert!(varies.any(|value| value == "accept-language"));
        for (key, text) in catalog
            .iter()
            .filter(|(key, _)| key.starts_with(messages::BOOT))
        {
            for piece in text.split(['{', '}']).step_by(2) {
                assert!(reply.text.contains(piece.trim()), "{tag}: {key}: {piece}");
            }
        }
        assert!(english.text.contains("<html lang=\"en\">"));
        assert!(!reply.text.contains("Try again"));
        assert_ne!(reply.header("etag"), english.header("etag"));
    }
}

#[tokio::test]
async fn in1_plain_pages_and_emails_are_in_the_language_of_the_customer() {
    let portal = Portal::start(Scenario::Everyday).await;
    let unknown = portal.stranger().request("GET", "/portal/open/none");
    let page = reply(unknown.header("accept-language", "ar-EG,ar;q=0.9,en;q=0.8")).await;
    assert!(
        page.text.contains("<html lang=\"ar\" dir=\"rtl\">"),
        "{}",
        page.text
    );

    let customer = portal.customer().await;
    let body = json!({"email": "maya@new.example"});
    let asking = customer.changing("POST", "/customer/email", &key(), &body);
    let asked = reply(asking.header("accept-language", "de-CH")).await;
    assert!(asked.is("done"), "{}", asked.text);
    assert!(portal.mail().contains("Ihr Code"), "{}", portal.mail());
}
