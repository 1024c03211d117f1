//! Licences of all crates, and the crates that must not be in the wasm.

use std::collections::{HashMap, HashSet};
use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{cargo, output, root};

pub(super) fn check() -> Result<()> {
    let rules: toml::Table = fs::read_to_string(root().join("deny.toml"))?.parse()?;
    let mut wrong = unlicensed(&rules, &metadata("")?)?;
    let in_wasm = metadata("--filter-platform wasm32-unknown-unknown")?;
    wrong.extend(banned(&rules, &in_wasm)?);
    if !wrong.is_empty() {
        bail!("deny.toml forbids:\n  {}", wrong.join("\n  "));
    }
    Ok(())
}

pub(crate) fn metadata(options: &str) -> Result<Value> {
    let text = output(&mut cargo(&format!(
        "metadata --format-version 1 --locked {options}"
    )))?;
    Ok(serde_json::from_str(&text)?)
}

/// The crates whose licence expression the allow list does not satisfy.
fn unlicensed(rules: &toml::Table, metadata: &Value) -> Result<Vec<String>> {
    let allowed: HashSet<&str> = rules["licenses"]["allow"]
        .as_array()
        .context("licenses.allow is a list")?
        .iter()
        .filter_map(toml::Value::as_str)
        .collect();
    let mut wrong = Vec::new();
    for package in list(&metadata["packages"]) {
        let (name, licence) = (text(&package["name"]), text(&package["license"]));
        let fine = spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX).is_ok_and(|given| {
            given.evaluate(|asked| {
                asked
                    .license
                    .id()
                    .is_some_and(|id| allowed.contains(id.name))
            })
        });
        if !fine {
            wrong.push(format!("the licence of {name}: {licence:?}"));
        }
    }
    Ok(wrong)
}

/// The edges of the portal's own dependency graph that lead to a banned crate.
fn banned(rules: &toml::Table, metadata: &Value) -> Result<Vec<String>> {
    let rules = bans(rules)?;
    let names: HashMap<&str, &str> = list(&metadata["packages"])
        .map(|package| (text(&package["id"]), text(&package["name"])))
        .collect();
    let nodes: HashMap<&str, &Value> = list(&metadata["resolve"]["nodes"])
        .map(|node| (text(&node["id"]), node))
        .collect();
    let portal = metadata["resolve"]["root"]
        .as_str()
        .context("the workspace has a root package")?;

    let (mut wrong, mut seen, mut open) = (Vec::new(), HashSet::new(), vec![portal]);
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        for dependency in list(&nodes[id]["deps"]).filter(|dependency| is_normal(dependency)) {
            let to = text(&dependency["pkg"]);
            let (from_name, to_name) = (names[id], names[to]);
            match rules.get(to_name) {
                Some(wrappers) if !wrappers.contains(&from_name) => {
                    wrong.push(format!("{to_name} in the wasm, by way of {from_name}"));
                }
                _ => open.push(to),
            }
        }
    }
    Ok(wrong)
}

/// Banned crates, each with the crates that may name it nevertheless.
fn bans(rules: &toml::Table) -> Result<HashMap<&str, Vec<&str>>> {
    let entries = rules["bans"]["deny"]
        .as_array()
        .context("bans.deny is a list")?;
    entries
        .iter()
        .map(|entry| {
            let name = entry["crate"].as_str().context("a ban names a crate")?;
            let wrappers = entry.get("wrappers").and_then(toml::Value::as_array);
            let wrappers = wrappers.into_iter().flatten();
            Ok((name, wrappers.filter_map(toml::Value::as_str).collect()))
        })
        .collect()
}

/// Whether a dependency ends in the program, as one for tests or build scripts does not.
fn is_normal(dependency: &Value) -> bool {
    list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null())
}

pub(crate) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rules() -> toml::Table {
        "[licenses]\nallow = ['MIT', 'Unicode-3.0']\n\
         [bans]\ndeny = [{ crate = 'url', wrappers = ['leptos'] }, { crate = 'chrono' }]"
            .parse()
            .unwrap()
    }

    fn graph(edges: &[(&str, &str, Value)]) -> Value {
        let names: HashSet<&str> = edges
            .iter()
            .flat_map(|(from, to, _)| [*from, *to])
            .collect();
        let packages: Vec<Value> = names
            .iter()
            .map(|name| json!({ "id": name, "name": name }))
            .collect();
        let nodes: Vec<Value> = names
            .iter()
            .map(|name| {
                let deps: Vec<Value> = edges
                    .iter()
                    .filter(|(from, ..)| from == name)
                    .map(|(_, to, kind)| json!({ "pkg": to, "dep_kinds": [{ "kind": kind }] }))
                    .collect();
                json!({ "id": name, "deps": deps })
            })
            .collect();
        json!({ "packages": packages, "resolve": { "root": "portal", "nodes": nodes } })
    }

    #[test]
    fn a_banned_crate_is_found_behind_another_crate() {
        let graph = graph(&[
            ("portal", "helper", Value::Null),
            ("helper", "chrono", Value::Null),
        ]);
        let wrong = banned(&rules(), &graph).unwrap();
        assert_eq!(wrong, ["chrono in the wasm, by way of helper"]);
    }

    #[test]
    fn a_ban_spares_wrappers_and_what_is_not_linked() {
        let graph = graph(&[
            ("portal", "leptos", Value::Null),
            ("leptos", "url", Value::Null),
            ("portal", "chrono", json!("dev")),
        ]);
        assert!(banned(&rules(), &graph).unwrap().is_empty());
    }

    #[test]
    fn a_licence_passes_by_any_allowed_alternative_and_every_needed_part() {
        let licensed = |licence: &str| {
            let metadata = json!({ "packages": [{ "name": "a", "license": licence }] });
            unlicensed(&rules(), &metadata).unwrap().is_empty()
        };
        assert!(licensed("MIT OR Apache-2.0"));
        assert!(licensed("Apache-2.0/MIT"));
        assert!(licensed("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!licensed("MIT AND GPL-3.0-only"));
        assert!(!licensed("GPL-3.0-only"));
        assert!(!licensed(""));
    }
}
