//! Turns the message catalog into one typed function per key, so that a missing string or a
//! forgotten placeholder is a compile error and not a gap on somebody's page. For build scripts.
//!
//! `"skip_delivery.title": "Skip {date}"` becomes `skip_delivery_title(date: &str) -> String`.
//! Keys that end in plural categories (`items.one`, `items.other`) become one function that takes
//! the count first; `{count}` in their text is that number as the locale writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The prefixes of the messages that only the middleware writes: into mails, and onto pages
/// without a script.
const SERVER: [&str; 2] = ["mail.", "page."];

/// The prefix of the messages that stand in index.html.
pub const BOOT: &str = "boot.";

/// The plural categories of CLDR, as `Intl.PluralRules` names them.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A stretch of text, or the name of what stands in its place.
enum Part {
    Text(String),
    Placeholder(String),
}

/// The messages of a catalog by their keys: one flat object of strings, one on each line.
///
/// # Panics
/// Where it is none.
pub fn read(catalog: &str) -> BTreeMap<String, String> {
    let messages: BTreeMap<String, String> =
        serde_json::from_str(catalog).expect("the catalog is one flat object of strings");
    let is_message = |line: &&str| line.trim_start().starts_with('"');
    let lines = catalog.lines().filter(is_message).count();
    assert_eq!(
        lines,
        messages.len(),
        "a key stands twice in the catalog, or two on a line"
    );
    messages
}

/// Whether the middleware shows the message.
fn is_of_server(key: &str) -> bool {
    SERVER.iter().any(|prefix| key.starts_with(prefix))
}

/// The functions of the portal. Those of several plural forms call `super::intl`.
///
/// # Panics
/// Where a message is not well-formed.
pub fn of_portal(catalog: &str) -> String {
    let mut messages = read(catalog);
    messages.retain(|key, _| !is_of_server(key) && !key.starts_with(BOOT));
    let mut code = String::new();
    for (key, message) in &messages {
        match plural_base(key, &messages) {
            None => plain(&mut code, key, message),
            Some((base, "other")) => plural(&mut code, base, &messages),
            Some(_) => {}
        }
    }
    code
}

/// The functions of the middleware, each of which makes a `Text`.
///
/// # Panics
/// Where a message is not well-formed.
pub fn of_server(catalog: &str) -> String {
    let mut code = String::new();
    for (key, message) in read(catalog) {
        if is_of_server(&key) {
            let parts = parse(&key, &message);
            document(&mut code, &message);
            let _ = writeln!(
                code,
                "pub(crate) fn {}({}) -> Text {{ Text({}) }}",
                name(&key),
                signature(&placeholders(&parts)),
                expression(&parts)
            );
        }
    }
    code
}

/// The key without its plural category, if it is one form of several.
fn plural_base<'a>(
    key: &'a str,
    messages: &BTreeMap<String, String>,
) -> Option<(&'a str, &'a str)> {
    let (base, category) = key.rsplit_once('.')?;
    let several = ["one", "other"]
        .iter()
        .all(|c| messages.contains_key(&format!("{base}.{c}")));
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
fn plural(code: &mut String, base: &str, messages: &BTreeMap<String, String>) {
    let forms: Vec<(&str, Vec<Part>)> = CATEGORIES
        .iter()
        .filter_map(|category| {
            let key = format!("{base}.{category}");
            messages
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

    document(code, &messages[&format!("{base}.other")]);
    let comma = if arguments.is_empty() { "" } else { ", " };
    let _ = writeln!(
        code,
        "pub fn {}(count: usize{comma}{}) -> String {{\n    let category = super::intl::plural(count);\n    let count = &*super::intl::integer(count);\n    let _ = count;\n    match &*category {{",
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

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOG: &str = r#"{
        "boot.failed": "We couldn't open this page",
        "items.one": "{count} item",
        "items.other": "{count} items",
        "mail.code": "Your code is {code}",
        "skip.title": "Skip {date}"
    }"#;

    #[test]
    fn each_program_gets_the_functions_of_its_own_messages() {
        let portal = of_portal(CATALOG);
        assert!(portal.contains("pub fn skip_title(date: &str) -> String"));
        assert!(portal.contains("pub fn items(count: usize)"));
        assert_eq!(portal.matches("pub fn").count(), 2);
        let server = of_server(CATALOG);
        assert!(server.contains("pub(crate) fn mail_code(code: &str) -> Text"));
        assert_eq!(server.matches("pub(crate) fn").count(), 1);
    }

    #[test]
    #[should_panic(expected = "a placeholder does not end")]
    fn a_placeholder_that_does_not_end_fails_the_build() {
        of_portal("{\n\"a\": \"Skip {date\"\n}");
    }

    #[test]
    #[should_panic(expected = "a key stands twice")]
    fn a_key_that_stands_twice_fails_the_build() {
        read("{\n\"a\": \"one\",\n\"a\": \"two\"\n}");
    }
}
