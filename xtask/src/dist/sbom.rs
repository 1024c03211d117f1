//! The bills of materials: which crates are in what a merchant deploys, as CycloneDX.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::process::{cargo, output, root};

/// Something that ships, and how cargo is asked for the crates in it.
struct Shipped {
    name: &'static str,
    options: &'static str,
}

const SHIPPED: [Shipped; 2] = [
    Shipped {
        name: "perennial",
        options: "-p middleware --features embed-portal",
    },
    Shipped {
        name: "portal",
        options: "-p perennial --features split --target wasm32-unknown-unknown",
    },
];

/// A crate as cargo names it; ordered by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Crate {
    name: String,
    version: String,
    licence: String,
}

/// Writes a bill for each thing that ships into `folder`, and returns where they are. They hold
/// no time and no number of their own, so that the same lock file gives the same bills.
///
/// # Errors
/// Where cargo does not say what there is.
pub(super) fn write(folder: &Path) -> Result<Vec<PathBuf>> {
    let write = |shipped: &Shipped| {
        let file = folder.join(format!("{}.cdx.json", shipped.name));
        fs::write(&file, serde_json::to_string_pretty(&bill(shipped)?)?)?;
        Ok(file)
    };
    SHIPPED.iter().map(write).collect()
}

fn bill(shipped: &Shipped) -> Result<Value> {
    let sums = checksums(&fs::read_to_string(root().join("Cargo.lock"))?)?;
    let components: Vec<Value> = crates(shipped)?
        .into_iter()
        .map(|one| {
            let sum = sums.get(&(one.name.clone(), one.version.clone()));
            component(one, sum)
        })
        .collect();
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": {
            "type": "application",
            "name": shipped.name,
            "version": env!("CARGO_PKG_VERSION"),
        } },
        "components": components,
    }))
}

/// The crates of the normal dependency tree, also those of the workspace: what only tests and
/// build scripts use is not among them.
fn crates(shipped: &Shipped) -> Result<BTreeSet<Crate>> {
    let listed = output(
        cargo("tree --locked --edges normal --prefix none")
            .args(["--format", "{p}\t{l}"])
            .args(shipped.options.split_whitespace()),
    )?;
    listed.lines().map(named).collect()
}

/// Reads `ring v0.17.14\tApache-2.0 AND ISC`; a path or a note may follow the version.
fn named(line: &str) -> Result<Crate> {
    let line = line.trim_end_matches(" (*)");
    let (package, licence) = line.split_once('\t').context("cargo tree has no tab")?;
    let mut words = package.split(' ');
    let mut word = || {
        words
            .next()
            .with_context(|| format!("cargo tree says {line}"))
    };
    Ok(Crate {
        name: word()?.to_owned(),
        version: word()?.trim_start_matches('v').to_owned(),
        // How it was written before there were expressions.
        licence: licence.replace('/', " OR "),
    })
}

/// The checksums of the lock file, by name and version; our own crates have none.
fn checksums(lock: &str) -> Result<BTreeMap<(String, String), String>> {
    let lock: toml::Table = lock.parse()?;
    let packages = lock["package"]
        .as_array()
        .context("the lock has packages")?;
    let entry = |package: &toml::Value| {
        let text = |key: &str| Some(package.get(key)?.as_str()?.to_owned());
        Some(((text("name")?, text("version")?), text("checksum")?))
    };
    Ok(packages.iter().filter_map(entry).collect())
}

fn component(one: Crate, checksum: Option<&String>) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": format!("{}@{}", one.name, one.version),
        "name": one.name,
        "version": one.version,
        "licenses": [{ "expression": one.licence }],
    });
    if let Some(checksum) = checksum {
        component["purl"] = format!("pkg:cargo/{}@{}", one.name, one.version).into();
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    component
}

#[cfg(test)]
mod tests {
    use super::super::bundle::files;
    use super::*;
    use crate::policy::{list, metadata, text};

    /// What every crate needs to run, by its name and version: neither what is for tests or builds only, nor
    /// what a feature or another platform adds.
    fn needs() -> BTreeMap<String, Vec<String>> {
        let metadata = metadata("--all-features").unwrap();
        let needed = |package: &Value| {
            list(&package["dependencies"])
                .filter(|dependency| {
                    dependency["kind"].is_null()
                        && dependency["target"].is_null()
                        && dependency["optional"] == false
                })
                .map(|dependency| text(&dependency["name"]).to_owned())
                .collect()
        };
        let name =
            |package: &Value| format!("{}@{}", text(&package["name"]), text(&package["version"]));
        list(&metadata["packages"])
            .map(|package| (name(package), needed(package)))
            .collect()
    }

    #[test]
    fn s45_what_ships_is_built_from_the_locked_versions() {
        let mut builds = 0;
        for file in files(&root().join("xtask/src")).unwrap() {
            let source = fs::read_to_string(file).unwrap();
            let commands = source.lines().map(str::trim).filter(|line| {
                ["build", "rustc"]
                    .iter()
                    .any(|word| line.contains(&format!("\"{word} -")))
            });
            for command in commands {
                assert!(command.contains(" --locked "), "{command}");
                builds += 1;
            }
        }
        assert!(builds >= 4, "only {builds} were found");
    }

    #[test]
    fn s45_the_bills_name_what_ships_with_version_and_licence_and_nothing_else() {
        let needs = needs();
        for (shipped, inside, outside) in [
            (
                &SHIPPED[0],
                [
                    "axum",
                    "gateway",
                    "include_dir",
                    "libsqlite3-sys",
                    "sandbox",
                ],
                ["proptest", "cc", "leptos", "nextest", "wasm-bindgen"],
            ),
            (
                &SHIPPED[1],
                ["leptos", "protocol", "perennial", "wasm-bindgen", "web-sys"],
                ["sandbox", "gateway", "proptest", "middleware", "tokio"],
            ),
        ] {
            let bill = bill(shipped).unwrap();
            let names: BTreeSet<&str> = list(&bill["components"])
                .map(|component| text(&component["name"]))
                .collect();
            for name in inside {
                assert!(names.contains(name), "{} without {name}", shipped.name);
            }
            for name in outside {
                assert!(!names.contains(name), "{} with {name}", shipped.name);
            }
            for component in list(&bill["components"]) {
                let name = text(&component["name"]);
                let licence = text(&component["licenses"][0]["expression"]);
                assert!(!licence.is_empty() && !licence.contains('/'), "{component}");
                assert!(text(&component["version"]).contains('.'), "{component}");
                let is_ours = name == "perennial" || root().join("crates").join(name).exists();
                assert_eq!(component.get("hashes").is_none(), is_ours, "{name}");
                for needed in &needs[text(&component["bom-ref"])] {
                    assert!(names.contains(&**needed), "{name} needs {needed}");
                }
            }
        }
    }
}
