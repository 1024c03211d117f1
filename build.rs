//! Turns `src/i18n/en.json` into one typed function per key, so that a missing string or
//! a forgotten placeholder is a compile error and not a gap on somebody's page.
//!
//! `"skip.title": "Skip {date}"` becomes `skip_title(date: &str) -> String`. Keys that
//! end in plural categories (`items.one`, `items.other`) become one function that takes
//! the count first; `{count}` in their text is that number as the locale writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const CATALOGUE: &str = "src/i18n/en.json";

/// The plural categories of CLDR, as `Intl.PluralRules` names them.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A stretch of text, or the name of what stands in its place.
enum Part {
    Text(String),
    Placeholder(String),
}

fn main() {
    println!("cargo:rerun-if-changed={CATALOGUE}");
    let text = fs::read_to_string(CATALOGUE).expect("the catalogue is readable");
    let catalogue: BTreeMap<String, String> =
        serde_json::from_str(&text).expect("the catalogue is one flat object of strings");
    let lines = text
        .lines()
        .filter(|line| line.trim_start().starts_with('"'))
        .count();
    assert_eq!(
        lines,
        catalogue.len(),
        "a key stands twice in {CATALOGUE}, or two on a line"
    );

    let mut code = String::new();
    for (key, message) in &catalogue {
        match plural_base(key, &catalogue) {
            None => plain(&mut code, key, message),
            Some((base, "other")) => plural(&mut code, base, &catalogue),
            Some(_) => {}
        }
    }
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("messages.rs"), code).expect("OUT_DIR is writable");
}

/// The key without its plural category, if it is one form of several.
fn plural_base<'a>(
    key: &'a str,
    catalogue: &BTreeMap<String, String>,
) -> Option<(&'a str, &'a str)> {
    let (base, category) = key.rsplit_once('.')?;
    let several = ["one", "other"]
        .iter()
        .all(|c| catalogue.contains_key(&format!("{base}.{c}")));
    (several && CATEGORIES.contains(&category)).then_some((base, category))
}

/// A function for a message with one form.
fn plain(code: &mut String, key: &str, message: &str) {
    let parts = parse(key, message);
    let arguments = placeholders(&parts);
    document(code, message);
    if arguments.is_empty() {
        let _ = writeln!(
            code,
            "pub fn {}() -> &'static str {{ {message:?} }}",
            name(key)
        );
    } else {
        let _ = writeln!(
            code,
            "pub fn {}({}) -> String {{ {} }}",
            name(key),
            signature(&arguments),
            expression(&parts)
        );
    }
}

/// A function for a message that depends on a number.
fn plural(code: &mut String, base: &str, catalogue: &BTreeMap<String, String>) {
    let forms: Vec<(&str, Vec<Part>)> = CATEGORIES
        .iter()
        .filter_map(|category| {
            let key = format!("{base}.{category}");
            catalogue
                .get(&key)
                .map(|message| (*category, parse(&key, message)))
        })
        .collect();
    let arguments: BTreeSet<&str> = forms
        .iter()
        .flat_map(|(_, parts)| placeholders(parts))
        .filter(|argument| *argument != "count")
        .collect();
    for (category, parts) in &forms {
        let present = placeholders(parts);
        for argument in &arguments {
            assert!(
                present.contains(argument),
                "{base}.{category} lacks {{{argument}}}"
            );
        }
    }

    document(code, &catalogue[&format!("{base}.other")]);
    let comma = if arguments.is_empty() { "" } else { ", " };
    let _ = writeln!(
        code,
        "pub fn {}(count: usize{comma}{}) -> String {{\n    let category = super::format::plural(count);\n    let count = &*super::format::integer(count);\n    let _ = count;\n    match &*category {{",
        name(base),
        signature(&arguments)
    );
    for (category, parts) in &forms {
        let pattern = if *category == "other" {
            "_".to_owned()
        } else {
            format!("{category:?}")
        };
        let _ = writeln!(code, "        {pattern} => {},", expression(parts));
    }
    code.push_str("    }\n}\n");
}

/// The English text is the function's documentation.
fn document(code: &mut String, message: &str) {
    let _ = writeln!(code, "#[doc = {:?}]", format!("\u{201c}{message}\u{201d}"));
}

fn name(key: &str) -> String {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '_';
    assert!(
        key.chars().all(legal),
        "key {key:?} has a character other than a-z, 0-9, . and _"
    );
    key.replace('.', "_")
}

fn signature(arguments: &BTreeSet<&str>) -> String {
    arguments
        .iter()
        .map(|a| format!("{a}: &str"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn expression(parts: &[Part]) -> String {
    let items: Vec<String> = parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => format!("{text:?}"),
            Part::Placeholder(name) => name.clone(),
        })
        .collect();
    format!("[{}].concat()", items.join(", "))
}

fn placeholders(parts: &[Part]) -> BTreeSet<&str> {
    parts
        .iter()
        .filter_map(|part| match part {
            Part::Placeholder(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
        .collect()
}

fn parse(key: &str, message: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = message;
    while let Some((text, after)) = rest.split_once('{') {
        let (name, after) = after
            .split_once('}')
            .unwrap_or_else(|| panic!("{key}: a placeholder does not end"));
        assert!(
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
            "{key}: {{{name}}} is no placeholder"
        );
        if !text.is_empty() {
            parts.push(Part::Text(text.to_owned()));
        }
        parts.push(Part::Placeholder(name.to_owned()));
        rest = after;
    }
    assert!(!rest.contains('}'), "{key}: a brace ends what never began");
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    parts
}
