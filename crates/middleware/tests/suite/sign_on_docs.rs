//! What the pages of the docs on signing in say is so: their configurations are read, their commands
//! are run, and their programs sign customers in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use middleware::Config;
use tempfile::TempDir;

use crate::customer_account::issuer::Issuer;
use crate::jwt::{external_id, signs_in};
use crate::support::{Customer, Program, Scenario, Upstream};

const ORIGIN: &str = "https://account.shop.example";

/// The text of a file of the repository.
fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).unwrap()
}

/// The fenced blocks of a page in their order, each with its language, without its indentation.
fn blocks(page: &str) -> Vec<(String, String)> {
    let text = read(page);
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.trim_start().strip_prefix("```") else {
            continue;
        };
        let indent = line.len() - line.trim_start().len();
        let body = lines.by_ref().take_while(|line| line.trim() != "```");
        let body = body.map(|line| line.get(indent..).unwrap_or_default().to_owned() + "\n");
        blocks.push((language.to_owned(), body.collect()));
    }
    blocks
}

fn blocks_of(page: &str, language: &str) -> Vec<String> {
    let blocks = blocks(page).into_iter();
    let found = blocks.filter(|(name, _)| name == language);
    found.map(|(_, block)| block).collect()
}

/// Runs a command of the docs in `folder`, and says what it prints.
fn run(folder: &Path, command: &str, variables: &BTreeMap<&str, &str>) -> String {
    let built = PathBuf::from(env!("CARGO_BIN_EXE_perennial"));
    let mut path = vec![built.parent().unwrap().to_owned()];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let output = Command::new("sh")
        .args(["-euc", command])
        .current_dir(folder)
        .env("PATH", std::env::join_paths(path).unwrap())
        .envs(variables)
        .output()
        .unwrap();
    assert!(output.status.success(), "{command}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// A configuration of the docs over a store of the tests.
fn over(upstream: &Upstream, config: &str) -> String {
    let portal = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/portal");
    let config = config.replace(&format!("public_origin = \"{ORIGIN}\"\n"), "");
    let config = config.replace(
        "[upstream]\n",
        &format!("[upstream]\nbase_url = \"{}\"\n", upstream.url),
    );
    format!("listen = \"127.0.0.1:0\"\nportal_dir = {portal:?}\n{config}")
}

#[test]
fn en_4_every_configuration_of_the_sign_on_pages_is_read() {
    let folder = tempfile::tempdir().unwrap();
    for key in blocks_of("docs/sign-on/jwt.md", "sh")
        .iter()
        .filter(|sh| sh.contains("openssl"))
    {
        run(folder.path(), key, &BTreeMap::new());
    }
    let rsa = r#"{"keys": [{"kty": "RSA", "kid": "1", "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw", "e": "AQAB"}]}"#;
    std::fs::write(folder.path().join("jwks.json"), rsa).unwrap();
    let base = read("examples/portal.toml");
    for (page, fragments) in [
        ("docs/sign-on/jwt.md", 3),
        ("docs/sign-on/shopify-app-proxy.md", 1),
        ("docs/sign-on/shopify-customer-account.md", 3),
    ] {
        // The other file that is TOML is Shopify's.
        let tables = blocks_of(page, "toml");
        let tables: Vec<_> = tables
            .iter()
            .filter(|text| !text.contains("subpath"))
            .collect();
        assert_eq!(tables.len(), fragments, "{page}");
        for table in tables {
            let config = Config::parse(&format!("{base}\n{table}"), page, folder.path()).unwrap();
            let methods = config.sign_on;
            let on = [
                methods.jwt.is_some(),
                methods.app_proxy.is_some(),
                methods.customer_account.is_some(),
            ];
            assert_eq!(on.iter().filter(|on| **on).count(), 1, "{page}: {table}");
        }
    }
}

#[test]
fn en_4_the_pages_show_the_examples_as_they_are() {
    for (page, example) in [
        ("docs/sign-on/jwt.md", "examples/sign-on/sign.mjs"),
        ("docs/sign-on/jwt.md", "examples/sign-on/sign.py"),
        (
            "docs/sign-on/shopify-app-proxy.md",
            "examples/sign-on/account-link.liquid",
        ),
    ] {
        let shown = blocks(page);
        assert!(
            shown.iter().any(|(_, block)| *block == read(example)),
            "{example}"
        );
    }
    let app: toml::Table = read("examples/sign-on/shopify.app.toml").parse().unwrap();
    let shown = blocks_of("docs/sign-on/shopify-app-proxy.md", "toml");
    assert!(
        shown
            .iter()
            .any(|block| block.parse::<toml::Table>().unwrap() == app)
    );
    assert_eq!(
        app["app_proxy"]["url"].as_str(),
        Some(&*format!("{ORIGIN}/portal/app-proxy"))
    );
}

/// Signs a customer in with a program of the docs, where what runs it is installed.
async fn signs_in_with(program: &str, file: &str, keys: &str, table: usize) {
    if !is_installed(program) {
        return;
    }
    let upstream = Upstream::start(Scenario::TwoCustomers).await;
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), keys, &BTreeMap::new());
    let example = folder.path().join(file);
    std::fs::write(example, read(&format!("examples/sign-on/{file}"))).unwrap();
    let table = &blocks_of("docs/sign-on/jwt.md", "toml")[table];
    let config = format!("{}\n{table}", crate::support::config(&upstream.url));
    let server = Program::start_with(folder.path(), &upstream, &config);
    let id = external_id(&upstream, 1).await;
    let printed = run(
        folder.path(),
        &format!("{program} {file} {id}"),
        &BTreeMap::new(),
    );
    let path = printed.trim().strip_prefix(ORIGIN).unwrap();
    let browser = Customer::new(&server.origin, String::new());
    let answer = browser.go_to(path).await;
    let opened = browser.open(answer.leads_to()).await;
    assert!(signs_in(&opened), "{program}: {opened:?}");
    let customer = browser.with_cookies_of(&opened).get("/customer").await;
    assert_eq!(
        customer.json()["email"],
        upstream.customers().await[1]["email"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn en_4_the_example_for_node_signs_a_customer_in() {
    let keys = &blocks_of("docs/sign-on/jwt.md", "sh")[0];
    signs_in_with("node", "sign.mjs", keys, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn en_4_the_example_for_python_signs_a_customer_in() {
    signs_in_with("python3", "sign.py", "openssl rand -hex 32 > jwt-secret", 2).await;
}

/// The folder of a merchant who follows docs/merchants.md.
struct Merchant {
    folder: TempDir,
    upstream: Upstream,
    issuer: Issuer,
    email: String,
    id: String,
}

impl Merchant {
    /// A text of the page with this merchant's own values.
    fn own(&self, text: &str) -> String {
        text.replace("you@shop.example", &self.email)
            .replace("5624561795145", &self.id)
            .replace("https://your-shop.myshopify.com", &self.issuer.origin)
    }

    fn run(&self, command: &str) -> String {
        let token = [("RECHARGE_TOKEN", &*self.upstream.token)];
        run(self.folder.path(), &self.own(command), &token.into())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_who_follows_the_page_gets_from_nothing_to_live() {
    let upstream = Upstream::start(Scenario::TwoCustomers).await;
    let customers = upstream.customers().await;
    let merchant = Merchant {
        folder: tempfile::tempdir().unwrap(),
        issuer: Issuer::start().await,
        email: customers[0]["email"].as_str().unwrap().to_owned(),
        id: external_id(&upstream, 0).await,
        upstream,
    };
    let folder = merchant.folder.path();
    let mut config = String::new();
    let mut server: Option<Program> = None;
    let mut said = Vec::new();
    for (language, block) in blocks("docs/merchants.md") {
        match &*language {
            "toml" => {
                config.push_str(&merchant.own(&block));
                config.push('\n');
                if block.contains("[mail]") {
                    std::fs::write(folder.join("secrets/mail"), "password").unwrap();
                }
                if block.contains("[app_proxy]") {
                    std::fs::write(folder.join("secrets/app-proxy"), "app-secret-of-the-tests")
                        .unwrap();
                }
                let text = over(&merchant.upstream, &config);
                std::fs::write(folder.join("portal.toml"), &text).unwrap();
                // "Start the server again."
                if let Some(before) = &mut server {
                    before.kill();
                    server = Some(Program::start_with(folder, &merchant.upstream, &text));
                }
            }
            "sh" if block.contains("perennial serve") => {
                let text = over(&merchant.upstream, &config);
                server = Some(Program::start_with(folder, &merchant.upstream, &text));
            }
            "sh" if block.contains("curl") && !is_installed("curl") => {}
            "sh" => {
                let origin = server.as_ref().map_or(ORIGIN, |server| &server.origin);
                said.push(merchant.run(&block.replace(ORIGIN, origin)));
            }
            _ => {}
        }
    }
    let said = said.join("\n");
    let server = server.unwrap();
    if is_installed("curl") {
        for expected in [
            "app_proxy_parameters",
            "jwt_missing",
            "303 http://127.0.0.1:",
            "\"unopened\"",
            "200\n",
        ] {
            assert!(said.contains(expected), "{expected}: {said}");
        }
        assert_eq!(said.matches("\"url\":").count(), 2, "{said}");
        let (_, link) = said.rsplit_once("\"url\":\"").unwrap();
        let (link, _) = link.split_once('"').unwrap();
        let browser = Customer::new(&server.origin, String::new());
        // The server was started again since, on another port.
        let path = &link[link.find("/portal/open/").unwrap()..];
        let opened = browser.open(&format!("{}{path}", server.origin)).await;
        assert!(signs_in(&opened), "{opened:?}");
    }
}
