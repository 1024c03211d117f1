//! The ids in the names of the tests, and what docs/features.md says about each.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Result, bail};

use super::promises;
use crate::process::{output, program, root};

/// Checks that every id in a title is defined, and that every feature has a test.
///
/// # Errors
/// Names each id that lacks its definition or its test.
pub(super) fn check() -> Result<()> {
    let features = fs::read_to_string(root().join("docs/features.md"))?;
    let security = fs::read_to_string(root().join("docs/security.md"))?;
    let features: BTreeSet<&str> = features.lines().filter_map(defined).collect();
    let rows: BTreeSet<&str> = promises::rows(&security).map(|(row, _)| row).collect();
    let mut tested = BTreeSet::new();
    let mut wrong = Vec::new();
    for file in output(program("git").args(["ls-files", "tests/*.spec.js"]))?.lines() {
        let source = fs::read_to_string(root().join(file))?;
        for id in ids(&source) {
            let row = id.strip_prefix("S-");
            if !row.map_or(features.contains(id), |row| rows.contains(row)) {
                wrong.push(format!("{id}: in {file}, but not defined"));
            }
            tested.insert(id.to_owned());
        }
    }
    for file in output(program("git").args(["ls-files", "crates/*.rs"]))?.lines() {
        let source = fs::read_to_string(root().join(file))?;
        tested.extend(
            source
                .lines()
                .filter_map(function)
                .flat_map(ids_of_function),
        );
    }
    let untested = features.iter().filter(|&&id| !tested.contains(id));
    wrong.extend(untested.map(|id| format!("{id}: defined, but in no test's title")));
    if !wrong.is_empty() {
        bail!(
            "docs/features.md and the tests differ:\n  {}",
            wrong.join("\n  ")
        );
    }
    Ok(())
}

/// The id that a line of docs/features.md defines.
fn defined(line: &str) -> Option<&str> {
    let (id, _) = line.strip_prefix("- **")?.split_once("**: ")?;
    Some(id)
}

/// The ids at the start of the titles in `source`, which end with a colon.
fn ids(source: &str) -> impl Iterator<Item = &str> {
    let titles = source
        .split(['"', '`'])
        .filter_map(|text| text.split_once(": "));
    let titles = titles.filter(|(start, _)| start.split(' ').all(is_id));
    titles.flat_map(|(start, _)| start.split(' '))
}

/// The name of the function that a line begins.
fn function(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let (_, rest) = line
        .split_once("fn ")
        .filter(|(before, _)| matches!(*before, "" | "async "))?;
    rest.split('(').next()
}

/// The ids at the start of a test's name, such as `EN-8` and `DS-4` in `en_8_ds4_a_link`.
fn ids_of_function(name: &str) -> Vec<String> {
    let mut words = name.split('_');
    let mut ids = Vec::new();
    while let Some(word) = words.next() {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = match &word[letters.len()..] {
            "" => words.next().unwrap_or_default(),
            digits => digits,
        };
        if letters.is_empty() || letters.len() > 2 || number.parse::<u32>().is_err() {
            break;
        }
        ids.push(format!("{}-{number}", letters.to_ascii_uppercase()));
    }
    ids
}

/// Whether a word has the form of an id, such as `DS-5`.
fn is_id(word: &str) -> bool {
    word.split_once('-').is_some_and(|(area, number)| {
        let is_area = !area.is_empty() && area.bytes().all(|byte| byte.is_ascii_uppercase());
        is_area && number.parse::<u32>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_from_titles_and_definitions() {
        let source = r#"test("DS-4 S-7: a title", …); name: "AD-3: another"; "note: none"; test(`IN-1: ${tag}`)"#;
        let found: Vec<_> = ids(source).collect();
        assert_eq!(found, ["DS-4", "S-7", "AD-3", "IN-1"]);
        assert_eq!(defined("- **DS-4**: A delivery …"), Some("DS-4"));
        assert_eq!(defined("- another list"), None);
        let line = "    async fn en_8_ds4_s17_a_link_makes_a_change() {";
        let found = function(line).map(ids_of_function);
        assert_eq!(found.unwrap(), ["EN-8", "DS-4", "S-17"]);
        assert_eq!(ids_of_function("a_link_is_made"), [""; 0]);
    }
}
