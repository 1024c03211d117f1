//! The merchant's own texts in several languages.

use protocol::view::Translated;

use crate::config::error::ConfigError;
use crate::config::source::Source;
use crate::config::spanned::Spanned;
use crate::config::tables::TextTable;

/// The texts of `table`: `text` in the shop's language and, under the tags of languages, the same
/// in others. What is not among `others` or a language is an unknown key.
pub(super) fn texts(
    source: &Source<'_>,
    table: &Spanned<TextTable>,
    others: &[&str],
) -> Result<Translated, ConfigError> {
    let Some(text) = table.as_ref().get("text") else {
        let hint = "write it like text = \"Too much\"";
        return Err(source.wrong(table, "the text is missing", hint));
    };
    let mut translations = Vec::new();
    for (key, value) in table.as_ref() {
        if value.as_ref().trim().is_empty() {
            let message = format!("{key} is empty");
            return Err(source.wrong(value, message, "write something, or take it out"));
        }
        if key == "text" || others.contains(&key.as_str()) {
            continue;
        }
        if !is_language(key) {
            let hint = format!(
                "there are: text, {}, and languages like de or pt-BR",
                others.join(", ")
            );
            return Err(source.wrong(value, format!("unknown key `{key}`"), &hint));
        }
        translations.push((key.clone(), value.as_ref().clone()));
    }
    Ok(Translated {
        text: text.as_ref().clone(),
        translations,
    })
}

/// Whether `tag` is a language of two letters, perhaps with a script or a region.
fn is_language(tag: &str) -> bool {
    let (language, rest) = tag.split_once('-').unwrap_or((tag, "Latn"));
    let is_subtag = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    language.len() == 2
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && rest.split('-').all(is_subtag)
}

/// The id of `table`.
pub(super) fn id(source: &Source<'_>, table: &Spanned<TextTable>) -> Result<String, ConfigError> {
    let hint = "write it like id = \"too_much\"";
    let Some(id) = table.as_ref().get("id") else {
        return Err(source.wrong(table, "the id is missing", hint));
    };
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !(1..=50).contains(&id.as_ref().len()) || !id.as_ref().chars().all(is_plain) {
        let message = "not an id: 1 to 50 of a to z, 0 to 9 and _";
        return Err(source.wrong(id, message, hint));
    }
    Ok(id.as_ref().clone())
}
