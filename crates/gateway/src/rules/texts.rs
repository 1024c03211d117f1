//! What a customer types, before any of it is written: text that nobody can see, or that changes
//! how the text around it is read, is refused at its field.

use protocol::{FieldError, FieldProblem, Intent};
use serde_json::Value;

/// Fields that have several lines.
const MULTI_LINE: &[&str] = &["comment", "message", "note", "value"];

/// Characters that are never drawn, beside controls and spaces: Unicode's property
/// `Default_Ignorable_Code_Point`, and the blank Braille pattern.
const INVISIBLE: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fff8}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// What is wrong with the length of a text: it has at most `longest` characters, and at least one
/// where it is required.
pub(crate) fn check_length(
    field: &str,
    text: &str,
    required: bool,
    longest: usize,
) -> Option<FieldError> {
    match text.trim().chars().count() {
        0 if required => Some(FieldError::new(field, FieldProblem::Required)),
        many if many > longest => Some(FieldError::too_long(field, longest)),
        _ => None,
    }
}

/// The fields of `intent` that hold such text, by the names under which forms know them.
pub(crate) fn problems(intent: &Intent) -> Vec<FieldError> {
    let mut found = Vec::new();
    let intent = serde_json::to_value(intent).unwrap_or_default();
    collect("", "", &intent, &mut found);
    found
}

/// `name` is the field's own, `shown` the one under which its form knows it.
fn collect(name: &str, shown: &str, value: &Value, found: &mut Vec<FieldError>) {
    match value {
        Value::Object(fields) => {
            // A property is known by the name that it gives itself.
            let own = fields.get("name").and_then(Value::as_str);
            for (name, value) in fields {
                let shown = own.filter(|_| name == "value").unwrap_or(name);
                collect(name, shown, value, found);
            }
        }
        Value::Array(items) => {
            let items = items.iter();
            items.for_each(|item| collect(name, shown, item, found));
        }
        Value::String(text) if !is_fit(text, MULTI_LINE.contains(&name)) => {
            found.push(FieldError::new(shown, FieldProblem::Characters));
        }
        _ => {}
    }
}

fn is_fit(text: &str, multi_line: bool) -> bool {
    let is_line = |c: char| multi_line && c == '\n';
    let is_visible = |c: char| !c.is_whitespace() && !is_invisible(c);
    let is_blank = text.chars().all(char::is_whitespace);
    !text.chars().any(|c| is_refused(c) && !is_line(c))
        && (is_blank || text.chars().any(is_visible))
}

/// Controls, line and paragraph separators, and what turns the direction of text around.
fn is_refused(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_invisible(c: char) -> bool {
    INVISIBLE
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s55_text_that_people_write_is_fit() {
        for text in [
            "",
            "  ",
            "Zoë O’Hara",
            "山田 太郎",
            "👩‍👩‍👧",
            "می‌خواهم",
            "א\u{200f}!",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        ] {
            assert!(is_fit(text, false), "{text:?}");
        }
        assert!(is_fit("Two\nlines", true));
    }

    #[test]
    fn s55_text_that_nobody_can_see_or_that_turns_around_is_not() {
        let texts = [
            "a\0b",
            "\u{1b}[31m",
            "a\u{9f}",
            "Two\nlines",
            "a\tb",
            "\u{202e}txt.exe",
            "\u{2066}a",
            "\u{200b}",
            " \u{3164} ",
            "\u{feff}\u{2060}",
            "\u{2800}",
            "a\u{2028}b",
        ];
        for text in texts {
            assert!(!is_fit(text, false), "{text:?}");
        }
        assert!(!is_fit("Two\r\nlines", true));
    }
}
