//! The messages that customers read, and their translations.
//!
//! A build script makes a typed function of each message of the English catalog, so that a missing
//! message or a forgotten placeholder is a compile error and not a gap on somebody's page:
//! `"skip_delivery.title": "Skip {date}"` becomes `skip_delivery_title(date: &str) -> String`.
//! Keys that end in plural categories (`items.one`, `items.other`) become one function that takes
//! the count first; `{count}` in their text is that number as the locale writes it.
//!
//! A translation is a file of the same form. [`translate`] checks it against the English catalog;
//! [`lines`] packs it for the portal.

mod code;
mod translation;

use std::collections::BTreeMap;

pub use code::{of_portal, of_server};
pub use translation::{Mistake, for_script, lines, missing, pseudo, translate};

/// The messages of one language by their keys.
pub type Catalog = BTreeMap<String, String>;

/// The prefixes of the messages that only the middleware writes: into mails, and onto pages
/// without a script.
const SERVER: [&str; 2] = ["mail.", "page."];

/// The prefix of the messages that stand in index.html.
pub const BOOT: &str = "boot.";

/// The plural categories of CLDR, as `Intl.PluralRules` names them.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The messages of a catalog by their keys: one flat object of strings, one on each line.
///
/// # Panics
/// Where it is none.
pub fn read(catalog: &str) -> Catalog {
    let messages: Catalog =
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

/// One message of the English catalog.
pub(crate) struct Message<'a> {
    /// Its key, without a plural category.
    pub(crate) key: &'a str,
    /// Its text by plural category; a message that does not depend on a number has one, without
    /// a name.
    pub(crate) forms: BTreeMap<&'a str, &'a str>,
    /// The names of its placeholders, in the order in which its function takes them.
    pub(crate) arguments: Vec<&'a str>,
}

impl Message<'_> {
    pub(crate) fn is_plural(&self) -> bool {
        self.forms.contains_key("other")
    }
}

/// The messages of the portal, in the order that their numbers have.
///
/// # Panics
/// Where one is not well-formed, or a plural form lacks a placeholder.
pub(crate) fn of_the_portal(catalog: &Catalog) -> Vec<Message<'_>> {
    let keys = catalog.keys().filter(|key| !is_of_server(key));
    let keys = keys.filter(|key| !key.starts_with(BOOT));
    let messages = keys.filter_map(|key| match plural_base(key, catalog) {
        None => Some(plain(key, &catalog[key])),
        Some((base, "other")) => Some(plural(base, catalog)),
        Some(_) => None,
    });
    messages.collect()
}

/// The key without its plural category, if it is one form of several.
pub(crate) fn plural_base<'a>(key: &'a str, catalog: &Catalog) -> Option<(&'a str, &'a str)> {
    let (base, category) = key.rsplit_once('.')?;
    let several = ["one", "other"]
        .iter()
        .all(|category| catalog.contains_key(&format!("{base}.{category}")));
    (several && CATEGORIES.contains(&category)).then_some((base, category))
}

fn plain<'a>(key: &'a str, text: &'a str) -> Message<'a> {
    Message {
        key,
        forms: BTreeMap::from([("", text)]),
        arguments: placeholders(text).unwrap_or_else(|wrong| panic!("{key}: {wrong}")),
    }
}

fn plural<'a>(base: &'a str, catalog: &'a Catalog) -> Message<'a> {
    let form = |category: &'static str| {
        let text = catalog.get(&format!("{base}.{category}"))?;
        Some((category, text.as_str()))
    };
    let forms: BTreeMap<&str, &str> = CATEGORIES.into_iter().filter_map(form).collect();
    let of = |text: &'a str| placeholders(text).unwrap_or_else(|wrong| panic!("{base}: {wrong}"));
    let mut arguments: Vec<&str> = forms.values().flat_map(|text| of(text)).collect();
    arguments.retain(|name| *name != "count");
    arguments.sort_unstable();
    arguments.dedup();
    for (category, text) in &forms {
        let present = of(text);
        for name in &arguments {
            assert!(present.contains(name), "{base}.{category} lacks {{{name}}}");
        }
    }
    arguments.insert(0, "count");
    Message {
        key: base,
        forms,
        arguments,
    }
}

/// A stretch of text, or the name of what stands in its place.
pub(crate) enum Part<'a> {
    /// As it stands.
    Text(&'a str),
    /// The name of a value.
    Placeholder(&'a str),
}

/// The names of the placeholders in a text, sorted, each once.
///
/// # Errors
/// What is wrong with one.
pub(crate) fn placeholders(text: &str) -> Result<Vec<&str>, String> {
    let parts = parts(text)?.into_iter();
    let mut names: Vec<&str> = parts
        .filter_map(|part| match part {
            Part::Placeholder(name) => Some(name),
            Part::Text(_) => None,
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// A text by its parts.
///
/// # Errors
/// What is wrong with a placeholder.
pub(crate) fn parts(text: &str) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after
            .split_once('}')
            .ok_or("a placeholder does not end; write it as {name}")?;
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            return Err(format!("{{{name}}} is not a placeholder"));
        }
        parts.push(Part::Text(before));
        parts.push(Part::Placeholder(name));
        rest = after;
    }
    parts.push(Part::Text(rest));
    let closes = |part: &Part<'_>| matches!(part, Part::Text(text) if text.contains('}'));
    if parts.iter().any(closes) {
        return Err("there is a } without a { before it".to_owned());
    }
    parts.retain(|part| !matches!(part, Part::Text("")));
    Ok(parts)
}
