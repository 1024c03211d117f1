//! Every text for customers is in the message catalog: no sentence stands in the portal's sources,
//! and index.html says what the catalog says.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use proc_macro2::{Spacing, TokenStream, TokenTree};

use crate::process::root;

const CATALOG: &str = "src/i18n/en.json";
const PAGE: &str = "index.html";
/// What only designers see.
const NOT_FOR_CUSTOMERS: &str = "src/backend/mock";
/// Names of companies, which are the same in every language.
const NAMES: &[&str] = &["American Express", "Apple Pay", "Google Pay", "Shop Pay"];
/// Calls and macros whose text is for developers.
const FOR_DEVELOPERS: &[&str] = &[
    "assert",
    "assert_eq",
    "debug_assert",
    "expect",
    "panic",
    "unreachable",
];

/// Checks the portal's sources and index.html.
///
/// # Errors
/// Names each text that is not in the catalog.
pub(super) fn check() -> Result<()> {
    let mut wrong = Vec::new();
    sources(&root().join("src"), &mut wrong)?;
    let catalog = fs::read_to_string(root().join(CATALOG))?;
    let page = fs::read_to_string(root().join(PAGE))?;
    let (said, known) = (nodes(&page), pieces(&catalog));
    let lacks = said.difference(&known);
    wrong.extend(lacks.map(|text| format!("{PAGE}: {text:?} is not in {CATALOG}")));
    let unsaid = known.difference(&said);
    wrong.extend(unsaid.map(|text| format!("{CATALOG}: {text:?} is not in {PAGE}")));
    if !wrong.is_empty() {
        bail!("texts outside of the catalog:\n{}", wrong.join("\n"));
    }
    Ok(())
}

fn sources(folder: &Path, wrong: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.strip_prefix(root())?.display().to_string();
        if name.starts_with(NOT_FOR_CUSTOMERS) {
            continue;
        }
        if path.is_dir() {
            sources(&path, wrong)?;
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&path)?;
            let stream: TokenStream = text.parse().map_err(|error| anyhow!("{name}: {error}"))?;
            let found = sentences(stream);
            wrong.extend(found.into_iter().map(|text| format!("{name}: {text}")));
        }
    }
    Ok(())
}

/// The string literals that a customer might read.
fn sentences(stream: TokenStream) -> Vec<String> {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Literal(literal) if is_sentence(&literal.to_string()) => {
                found.push(literal.to_string());
            }
            TokenTree::Group(group) if !is_for_developers(&tokens[..at]) => {
                found.extend(sentences(group.stream()));
            }
            _ => {}
        }
    }
    found
}

/// Whether the group after these tokens is an attribute, a test, or a message for developers.
fn is_for_developers(before: &[TokenTree]) -> bool {
    let is_punct = |token: &TokenTree, sign: char| matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign && punct.spacing() == Spacing::Alone);
    match before {
        [.., TokenTree::Ident(word), bang] if is_punct(bang, '!') => {
            FOR_DEVELOPERS.contains(&word.to_string().as_str())
        }
        [.., hash, bang] if is_punct(bang, '!') => is_punct(hash, '#'),
        [.., TokenTree::Ident(module), TokenTree::Ident(name)] => {
            module == "mod" && name == "tests"
        }
        [.., TokenTree::Ident(word)] => FOR_DEVELOPERS.contains(&word.to_string().as_str()),
        [.., hash] => is_punct(hash, '#'),
        [] => false,
    }
}

/// Whether a literal reads as English: a capital word followed by another word.
fn is_sentence(literal: &str) -> bool {
    let Some(text) = literal.strip_prefix('"') else {
        return false;
    };
    if NAMES.contains(&text.trim_end_matches('"')) {
        return false;
    }
    let words: Vec<&str> = text.split([' ', '"']).collect();
    let is_word = |word: &str| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        letters > 1
            && word
                .chars()
                .all(|c| c.is_alphabetic() || "’',.?!…".contains(c))
    };
    words.windows(2).any(|pair| {
        let is_capital = pair[0].starts_with(|c: char| c.is_uppercase());
        is_capital && is_word(pair[0]) && is_word(pair[1])
    })
}

/// The texts of a page, between its tags.
fn nodes(page: &str) -> BTreeSet<String> {
    let after_tags = page.split('>').skip(1);
    let texts = after_tags.filter_map(|rest| rest.split('<').next());
    collected(texts)
}

/// The texts of the catalog for index.html, between their placeholders.
fn pieces(catalog: &str) -> BTreeSet<String> {
    let messages = messages::read(catalog);
    let messages = messages
        .iter()
        .filter(|(key, _)| key.starts_with(messages::BOOT));
    let pieces = messages.flat_map(|(_, text)| text.split('{'));
    collected(pieces.map(|piece| piece.split_once('}').map_or(piece, |(_, after)| after)))
}

fn collected<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let has_words = |text: &&str| text.contains(char::is_alphabetic);
    let texts = texts.map(str::trim).filter(has_words);
    texts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str) -> Vec<String> {
        sentences(code.parse().unwrap())
    }

    #[test]
    fn a_sentence_in_a_component_is_found_wherever_it_stands() {
        assert_eq!(
            found(r#"fn a() { view! { <p>{"Skip this delivery"}</p> } }"#).len(),
            1
        );
        assert_eq!(found(r#"let label = format!("Pay now {x}");"#).len(), 1);
    }

    #[test]
    fn names_and_what_is_for_developers_are_not() {
        for code in [
            r#"view! { <p class="stack stack-large" id="portal-main"/> }"#,
            r#"#[expect(dead_code, reason = "The browser keeps it")] fn a() {}"#,
            r#"value.expect("A value that is there")"#,
            r#"panic!("Nothing to show")"#,
            r#"/// Opens the form."#,
            r#"mod tests { const A: &str = "Two words"; }"#,
            r#"headers.set("Content-Type", "application/json");"#,
        ] {
            assert_eq!(found(code), Vec::<String>::new(), "{code}");
        }
    }

    #[test]
    fn the_texts_of_a_page_are_those_between_its_tags() {
        let page = "<h1>We failed</h1><p>Nothing changed. <a href=\"\">Try again</a>.</p>";
        let catalog = "{\n\"boot.a\": \"We failed\",\n\"boot.b\": \"Nothing changed. {retry}.\",\n\"boot.c\": \"Try again\"\n}";
        assert_eq!(nodes(page), pieces(catalog));
    }
}
