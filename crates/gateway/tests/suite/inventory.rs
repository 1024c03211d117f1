//! The inventory of actions, docs/actions.md, is what the table says, and every action has an
//! end-to-end test: one tagged `@name_of_the_operation` in tests/*.spec.js. How a customer performs
//! it is in tests/support/actions.js.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use protocol::Operation;
use sandbox::Scenario;
use serde::Serialize;

use crate::world::World;

const HEAD: &str = "\
# Actions

Everything a customer may do. This page is generated from crates/gateway/src/actions and checked by
the tests; `UPDATE=1 cargo test -p gateway inventory` writes it anew.

An action's name is its switch in `[actions]` of the merchant's file. *Evidence* is what is looked
for upstream when the answer of a write was lost. *Stale* is what the browser reads again.
";

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An operation, or a kind of data, as it is written.
fn name(word: impl Serialize) -> String {
    let json = serde_json::to_value(word).unwrap();
    json.as_str().unwrap().to_owned()
}

/// The file and the title of the end-to-end test of an operation.
fn journey(operation: &str, specs: &[(String, String)]) -> Option<(String, String)> {
    let tag = format!("\"@{operation}\"");
    specs.iter().find_map(|(file, text)| {
        let before = &text[..text.find(&tag)?];
        let call = &before[before.rfind("test(")?..];
        let title = call.split(['"', '`']).nth(1)?;
        Some((file.clone(), title.to_owned()))
    })
}

fn specs() -> Vec<(String, String)> {
    let folder = std::fs::read_dir(project().join("tests")).unwrap();
    let mut specs: Vec<(String, String)> = folder
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".spec.js"))
        .map(|path| {
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            (file, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    specs.sort();
    specs
}

fn inventory() -> String {
    let specs = specs();
    let mut page = HEAD.to_owned();
    let mut without = Vec::new();
    for operation in Operation::ALL {
        let (row, own) = (gateway::row(*operation), name(operation));
        let (method, route) = operation.route();
        let list = |words: &[&str]| match words {
            [] => "none".to_owned(),
            words => words
                .iter()
                .map(|word| format!("`{word}`"))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let inverse = row
            .inverse
            .map_or("none".into(), |inverse| format!("`{}`", name(inverse)));
        let stale: Vec<String> = row.stale.iter().map(name).collect();
        let test = journey(&own, &specs);
        if test.is_none() {
            without.push(own.clone());
        }
        let (file, title) = test.unwrap_or_default();
        write!(
            page,
            "\n## `{own}`\n\n{} `{method} {route}`\n\n\
             - Upstream: {}\n- Evidence: {}\n- Inverse: {inverse}\n- Stale: {}\n\
             - Test: tests/{file}, “{title}”\n",
            operation.about(),
            list(row.writes),
            row.evidence.join("; then "),
            stale.join(", ").replace('_', " "),
        )
        .unwrap();
    }
    assert!(
        without.is_empty(),
        "no end-to-end test is tagged for these; write `test(\"…\", {{ tag: \"@name\" }}, …)`: {without:?}"
    );
    page
}

#[test]
fn the_inventory_of_actions_is_what_the_table_says() {
    let (path, page) = (project().join("docs/actions.md"), inventory());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let stands = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stands == page,
        "docs/actions.md is not what the table says: run `UPDATE=1 cargo test -p gateway inventory`"
    );
}

#[test]
fn the_browser_tests_perform_every_action() {
    let file = project().join("tests/support/actions.js");
    let steps = std::fs::read_to_string(file).unwrap();
    let names = Operation::ALL.iter().map(name);
    let missing: Vec<String> = names
        .filter(|name| !steps.contains(&format!("\n  {name}: {{")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The requests by which Recharge's guide to custom portals lets customers act.
const GUIDE_WRITES: [&str; 14] = [
    "POST /subscriptions",
    "POST /subscriptions/{id}/set_next_charge_date",
    "POST /charges/{id}/process",
    "POST /charges/{id}/skip",
    "POST /charges/{id}/unskip",
    "POST /charges/{id}/apply_discount",
    "PUT /addresses/{id}",
    "PUT /subscriptions/{id}",
    "POST /onetimes",
    "POST /subscriptions/{id}/cancel",
    "POST /subscriptions/{id}/change_address",
    "PUT /payment_methods/{id}",
    "POST /addresses",
    "POST /payment_methods",
];

#[test]
fn every_request_of_the_guide_is_an_action() {
    let made: Vec<&str> = Operation::ALL
        .iter()
        .flat_map(|operation| gateway::row(*operation).writes.iter().copied())
        .collect();
    let missing = |write: &&&str| !made.contains(write);
    let missing: Vec<_> = GUIDE_WRITES.iter().filter(missing).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The reads of the same guide: the customer, what they have, what comes, and what came.
#[tokio::test]
async fn every_read_of_the_guide_is_made() {
    let world = World::new(Scenario::Everyday);
    world.all_views().await;
    let log = world.log();
    for (path, with) in [
        ("/subscriptions", "customer_id="),
        ("/charges", "customer_id="),
        ("/charges", "status="),
        ("/payment_methods", "customer_id="),
        ("/addresses", "customer_id="),
        ("/customers/{id}/delivery_schedule", ""),
        ("/customers/{id}", ""),
        ("/orders/{id}", ""),
        ("/subscriptions/{id}", ""),
    ] {
        let is_it = |path: &str, called: &str| {
            let (mut wanted, mut words) = (path.split('/'), called.split('/'));
            std::iter::from_fn(|| Some((wanted.next(), words.next())))
                .take_while(|pair| *pair != (None, None))
                .all(|(wanted, word)| match wanted {
                    Some("{id}") => word.is_some_and(|word| word.parse::<u64>().is_ok()),
                    wanted => wanted == word,
                })
        };
        let called =
            |entry: &sandbox::LogEntry| is_it(path, &entry.path) && entry.query.contains(with);
        assert!(log.iter().any(called), "{path} {with}");
    }
}
