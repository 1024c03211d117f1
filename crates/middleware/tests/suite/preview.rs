//! `perennial preview`: the merchant's file over invented customers.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::{Customer, Scenario, Upstream, config, reply};

/// A preview of a file; it ends with this.
struct Preview {
    origin: String,
    child: Child,
}

impl Preview {
    fn start(folder: &Path, config: &str) -> Preview {
        let file = folder.join("portal.toml");
        std::fs::write(&file, config).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_perennial"))
            .args(["preview", "--listen", "127.0.0.1:0", "--config"])
            .arg(&file)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let origin = line.strip_prefix("open ").unwrap();
        let origin = origin.split("/ in").next().unwrap().to_owned();
        Preview { origin, child }
    }

    async fn page(&self, query: &str) -> String {
        let somebody = Customer::new(&self.origin, String::new());
        reply(somebody.request("GET", &format!("/?{query}")))
            .await
            .text
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address that the page frames.
fn framed(page: &str) -> &str {
    let (_, rest) = page.split_once("<iframe").expect(page);
    let (_, rest) = rest.split_once("src=\"").unwrap();
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn cf_7_a_preview_shows_each_kind_of_customer_and_why_an_action_is_off() {
    let store = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "{}\n[configurations.strict.actions]\nskip_delivery = false\n",
        config(&store.url)
    );
    let preview = Preview::start(folder.path(), &text);
    let page = preview
        .page("customer=dunning&configuration=strict&language=de")
        .await;
    assert!(page.contains("<option selected>dunning</option>"), "{page}");
    assert!(page.contains("<option selected>strict</option>"), "{page}");
    assert!(page.contains("strict: the session names it"), "{page}");
    let line = text.lines().count();
    let why = format!("portal.toml:{line}: skip_delivery = false");
    assert!(page.contains(&why), "{why}: {page}");

    let link = framed(&page);
    let (origin, _) = link.split_at(link.find("/portal/").unwrap());
    let customer = crate::support::sign_in(origin, link).await;
    let session = customer.get("/session").await.json();
    let allowed = session["allowed"].as_array().unwrap();
    assert!(!allowed.iter().any(|action| action == "skip_delivery"));
    let overview = customer.get("/overview").await.json();
    assert_eq!(
        overview["warnings"][0].as_object().unwrap().len(),
        1,
        "{overview}"
    );
    assert_eq!(
        store.calls().await.len(),
        0,
        "the merchant's own store is left alone"
    );
}

#[tokio::test]
async fn cf_7_a_preview_follows_the_file_and_says_what_is_wrong_in_it() {
    let store = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let preview = Preview::start(folder.path(), &config(&store.url));
    assert!(
        preview.page("").await.contains("<p>None.</p>") || preview.page("").await.contains("<dl>")
    );
    let file = folder.path().join("portal.toml");
    std::fs::write(&file, config(&store.url).replace("currency", "money")).unwrap();
    let page = preview.page("").await;
    assert!(page.contains("This can't be shown"), "{page}");
    assert!(page.contains("money"), "{page}");
}
