//! The designers' frame around the portal: what it knows from the sources, and `dist/preview`, a
//! folder that works at any path of any static host.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::bundle::{BASE, Bundle, copy_folder, files};
use super::texts;
use crate::process::{root, target};

/// What index.html calls the script that prepares the portal's page.
pub(super) const PAGE: &str = "preview/page.js";

/// Where the frame finds the portal, in its own sources.
const PORTAL: &str = "data-portal=\"../\"";

/// Adds the frame to the bundle over mock data, and returns the name of [`PAGE`] there.
pub(super) fn add(bundle: &Bundle) -> Result<String> {
    for file in files(&root().join("web/preview"))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("preview/{name}");
        if name != PAGE {
            bundle.write(&name, &fs::read(file)?)?;
        }
    }
    bundle.write("preview/preview.json", data()?.as_bytes())?;
    let page = fs::read(root().join("web").join(PAGE))?;
    let (hashed, _) = bundle.write_hashed("page.js", &page)?;
    Ok(hashed)
}

/// Where [`write_site`] leaves the folder for static hosts.
pub(super) fn site() -> PathBuf {
    target().join("dist/preview")
}

/// Writes the folder for static hosts: the frame, and in `portal/` the bundle over mock data, whose
/// files name each other by relative paths.
pub(super) fn write_site(bundle: &Path) -> Result<()> {
    let site = site();
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    let portal = site.join("portal");
    copy_folder(bundle, &portal)?;
    copy_folder(&portal.join("preview"), &site)?;
    fs::remove_dir_all(portal.join("preview"))?;
    edit(&site.join("index.html"), |frame| {
        ensure!(frame.contains(PORTAL), "the frame names no portal");
        Ok(frame.replace(PORTAL, "data-portal=\"portal/\""))
    })?;
    // What `data-` attributes name is corrected by the page's script, as it runs.
    edit(&portal.join("index.html"), |page| {
        let page = ["href", "src"].iter().fold(page, |page, attribute| {
            page.replace(
                &format!(" {attribute}=\"{BASE}"),
                &format!(" {attribute}=\""),
            )
        });
        Ok(page)
    })?;
    let quoted = format!("\"{BASE}");
    for file in files(&portal.join("assets"))? {
        let is_script = file.extension().is_some_and(|extension| extension == "js");
        let is_page = fs::read(&file)?.starts_with(&fs::read(root().join("web").join(PAGE))?);
        if is_script && !is_page {
            edit(&file, |script| {
                Ok(script.replace(&quoted, "globalThis.portalBase+\"/"))
            })?;
        }
    }
    Ok(())
}

fn edit(file: &Path, change: impl FnOnce(String) -> Result<String>) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(fs::write(file, change(text)?)?)
}

/// What the frame knows from the sources, as JSON: scenarios, states, languages, theme files, design
/// tokens, and the pairs of colors whose contrast is checked.
///
/// # Errors
/// Where a source cannot be read.
pub(crate) fn data() -> Result<String> {
    let read = |path: &str| fs::read_to_string(root().join(path)).context(path.to_owned());
    let scenarios = read("crates/sandbox/src/scenario.rs")?;
    let states = read("src/backend/mock/state.rs")?;
    let data = json!({
        "scenarios": variants(&scenarios, "Scenario"),
        "states": variants(&states, "State"),
        "languages": languages()?,
        "themes": themes()?,
        "tokens": tokens(&styles()?),
        "pairs": pairs()?,
    });
    Ok(data.to_string())
}

/// The variants of an enum, by the names that its sources give them, with their documentation.
fn variants(source: &str, name: &str) -> Vec<Value> {
    let body = source.split(&format!("enum {name} {{")).nth(1);
    let body = body
        .and_then(|rest| rest.split("\n}").next())
        .unwrap_or_default();
    let (mut found, mut about) = (Vec::new(), Vec::new());
    for line in body.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("/// ") {
            about.push(text);
        } else if let Some(variant) = line.strip_suffix(',') {
            let start = format!("{name}::{variant} => \"");
            let named = source.split(&start).nth(1);
            if let Some(named) = named.and_then(|rest| rest.split('"').next()) {
                found.push(json!({ "name": named, "about": about.join(" ") }));
            }
            about.clear();
        }
    }
    found
}

/// The languages that the portal's words are there in, English first.
fn languages() -> Result<Vec<Value>> {
    let mut found = vec![language(texts::ENGLISH, "en")?];
    for (name, _) in texts::files()? {
        let tag = name.trim_start_matches("texts/").trim_end_matches(".txt");
        found.push(language(
            &format!("{}/{tag}.json", texts::TRANSLATIONS),
            tag,
        )?);
    }
    Ok(found)
}

/// A language with its own name and its direction. The one of made-up texts has no catalog.
fn language(catalog: &str, tag: &str) -> Result<Value> {
    let catalog = fs::read_to_string(root().join(catalog)).unwrap_or_else(|_| "{}".into());
    let catalog: Value = serde_json::from_str(&catalog)?;
    let text = |key: &str, otherwise: &str| catalog[key].as_str().unwrap_or(otherwise).to_owned();
    let name = text("language.name", &format!("Pseudo ({tag})"));
    let dir = text("language.direction", "ltr");
    Ok(json!({ "tag": tag, "name": name, "dir": dir }))
}

/// The theme files of `examples/themes`, by their names without the extension.
fn themes() -> Result<Vec<Value>> {
    let folder = root().join("examples/themes");
    let mut found: Vec<PathBuf> = Vec::new();
    if folder.exists() {
        found = files(&folder)?;
        found.retain(|file| {
            let extension = file.extension().unwrap_or_default();
            extension == "css" || extension == "toml"
        });
        found.sort();
        // The same theme in another notation.
        found.dedup_by(|later, first| later.file_stem() == first.file_stem());
    }
    let theme = |file: PathBuf| {
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Ok(json!({ "name": name, "text": fs::read_to_string(file)? }))
    };
    found.into_iter().map(theme).collect()
}

/// All styles of the portal, the tokens first.
fn styles() -> Result<String> {
    let mut sources = files(&root().join("style"))?;
    sources.retain(|file| file.extension().is_some_and(|extension| extension == "css"));
    sources.sort_by_key(|file| (!file.ends_with("tokens.css"), file.clone()));
    let texts: Result<Vec<String>, _> = sources.iter().map(fs::read_to_string).collect();
    Ok(texts?.concat())
}

/// The design tokens that a theme may set, with the values that they have without one.
fn tokens(css: &str) -> Vec<Value> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for rest in css.split("var(--portal-").skip(1) {
        let Some((name, rest)) = rest.split_once(',') else {
            continue;
        };
        let mut depth = 1;
        let end = rest.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        let initial = rest[..end.unwrap_or_default()].split_whitespace();
        let initial = initial.collect::<Vec<_>>().join(" ");
        if !name.contains(')') && found.iter().all(|(known, _)| *known != name) {
            found.push((name, initial));
        }
    }
    let token = |(name, initial)| json!({ "name": format!("--portal-{name}"), "initial": initial });
    found.into_iter().map(token).collect()
}

/// The pairs of colors that are seen together, and the contrast that each needs.
fn pairs() -> Result<Value> {
    let file = root().join("style/contrast.json");
    Ok(serde_json::from_str(&fs::read_to_string(file)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Value {
        serde_json::from_str(&data().unwrap()).unwrap()
    }

    #[test]
    fn every_scenario_and_state_has_a_name_and_a_description() {
        let data = known();
        for (list, source) in [
            (
                "scenarios",
                include_str!("../../../crates/sandbox/src/scenario.rs"),
            ),
            ("states", include_str!("../../../src/backend/mock/state.rs")),
        ] {
            let entries = data[list].as_array().unwrap();
            assert!(
                source.contains(&format!("; {}] = [", entries.len())),
                "{list}"
            );
            for entry in entries {
                assert!(!entry["about"].as_str().unwrap().is_empty(), "{entry}");
            }
        }
        assert_eq!(data["scenarios"][0]["name"], "everyday");
        assert_eq!(data["states"][0]["name"], "ready");
    }

    #[test]
    fn english_is_the_first_language() {
        assert_eq!(known()["languages"][0]["tag"], "en");
    }

    #[test]
    fn a_token_is_what_a_theme_may_set_with_its_whole_initial_value() {
        let css = "--a: var(--portal-accent, oklch(0.4 0.1 calc(1 + 2)));\n\
                   --b: min(8px, var(--portal-radius, 12px)); --c: var(--portal-accent);";
        let tokens = tokens(css);
        assert_eq!(
            tokens,
            [
                json!({ "name": "--portal-accent", "initial": "oklch(0.4 0.1 calc(1 + 2))" }),
                json!({ "name": "--portal-radius", "initial": "12px" }),
            ]
        );
    }
}
