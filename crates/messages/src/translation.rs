//! Translations: checked against the English catalog, packed for the portal, and made up for
//! tests.

use std::collections::BTreeMap;
use std::fmt;

use crate::{CATEGORIES, Catalog, Message, Part, of_the_portal, parts, placeholders, plural_base};

/// The message that says whether the language is written from left to right, `ltr`, or from right
/// to left, `rtl`.
const DIRECTION: &str = "language.direction";

/// What is wrong with one line of a translation.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub text: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

/// Reads a translation of `english`, or a part of one. Each message may be missing; each that is
/// there must be one of the English catalog, with the same placeholders. Plural messages have the
/// forms that the language needs, `other` among them.
///
/// # Errors
/// Everything that is wrong with it.
pub fn translate(english: &Catalog, translation: &str) -> Result<Catalog, Vec<Mistake>> {
    let messages: Catalog = serde_json::from_str(translation).map_err(|error| {
        vec![Mistake {
            line: error.line(),
            text: format!("{error}; the file is one flat JSON object of texts"),
        }]
    })?;
    let mut mistakes = Vec::new();
    for (key, text) in &messages {
        let expected = expected_placeholders(english, &messages, key);
        if let Err(wrong) = expected.and_then(|expected| compare(key, text, &expected)) {
            let start = format!("\"{key}\"");
            let line = translation
                .lines()
                .position(|line| line.trim_start().starts_with(&start));
            mistakes.push(Mistake {
                line: line.unwrap_or_default() + 1,
                text: format!("{key}: {wrong}"),
            });
        }
    }
    if mistakes.is_empty() {
        Ok(messages)
    } else {
        Err(mistakes)
    }
}

/// The placeholders that a translation of the message must have.
fn expected_placeholders<'a>(
    english: &'a Catalog,
    translation: &Catalog,
    key: &str,
) -> Result<Vec<&'a str>, String> {
    let form = key.rsplit_once('.').filter(|(base, category)| {
        let is_group = plural_base(&format!("{base}.other"), english).is_some();
        is_group && CATEGORIES.contains(category)
    });
    let Some((base, category)) = form else {
        let text = english.get(key).ok_or("there is no such message")?;
        return placeholders(text);
    };
    let other = format!("{base}.other");
    if category != "other" && !translation.contains_key(&other) {
        return Err(format!("{other} is missing, which every language needs"));
    }
    placeholders(&english[&other])
}

/// Whether a translated text has the placeholders that it must have. A count may be in words:
/// “one item”.
fn compare(key: &str, text: &str, expected: &[&str]) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("it is empty; leave it out to show the English text".to_owned());
    }
    let in_mail = key.starts_with("mail.");
    if text
        .chars()
        .any(|c| c.is_control() && !(in_mail && c == '\n'))
    {
        return Err("it has a line break or another control character".to_owned());
    }
    if key == DIRECTION && !["ltr", "rtl"].contains(&text) {
        return Err("it is neither ltr nor rtl".to_owned());
    }
    let found = placeholders(text)?;
    let is_form = CATEGORIES
        .iter()
        .any(|category| key.ends_with(&format!(".{category}")));
    let may_count = |name: &str| is_form && name == "count";
    let lacks = |name: &&&str| !found.contains(*name) && !may_count(name);
    if let Some(name) = expected.iter().find(lacks) {
        return Err(format!("it lacks {{{name}}}"));
    }
    let is_new = |name: &&&str| !expected.contains(*name) && !may_count(name);
    match found.iter().find(is_new) {
        Some(name) => Err(format!("the English text has no {{{name}}}")),
        None => Ok(()),
    }
}

/// The keys that a translation lacks. A language need not have a form for one.
pub fn missing(english: &Catalog, translation: &Catalog) -> Vec<String> {
    let lacks = |key: &&String| match plural_base(key, english) {
        Some((base, _)) => !translation.contains_key(&format!("{base}.other")),
        None => !translation.contains_key(*key),
    };
    english.keys().filter(lacks).cloned().collect()
}

/// A translation as the portal reads it: the fingerprint of the English catalog, then a line for
/// each message, which is empty where the translation has none. Placeholders are numbered, and the
/// forms of a plural stand on one line: `one={0} item`, a tab, `other={0} items`.
pub fn lines(english: &Catalog, translation: &Catalog) -> String {
    let messages = of_the_portal(english);
    let mut lines = fingerprint(&messages);
    for message in &messages {
        let text = |category: &&'static str| {
            let key = format!("{}.{category}", message.key);
            Some((*category, translation.get(&key)?.as_str()))
        };
        let forms: BTreeMap<&str, &str> = if message.is_plural() {
            CATEGORIES.iter().filter_map(text).collect()
        } else {
            let plain = translation.get(message.key);
            plain.map(|text| ("", text.as_str())).into_iter().collect()
        };
        lines.push('\n');
        lines.push_str(&numbered(message, &forms));
    }
    lines
}

/// The messages of the portal that `is_wanted` by their keys, as a script reads them: each with its
/// number in [`lines`] and its English text, and the fingerprint of the catalog.
pub fn for_script(
    english: &Catalog,
    is_wanted: impl Fn(&str) -> bool,
) -> BTreeMap<String, serde_json::Value> {
    let messages = of_the_portal(english);
    let fingerprint = ("fingerprint".to_owned(), fingerprint(&messages).into());
    let wanted = messages
        .iter()
        .enumerate()
        .filter(|(_, message)| is_wanted(message.key));
    let texts = wanted.map(|(number, message)| {
        let text = numbered(message, &message.forms);
        (message.key.to_owned(), serde_json::json!([number, text]))
    });
    texts.chain([fingerprint]).collect()
}

/// The forms of a message with the numbers of its arguments in place of their names.
pub(crate) fn numbered(message: &Message<'_>, forms: &BTreeMap<&str, &str>) -> String {
    assert!(
        message.arguments.len() < 10,
        "{} has ten arguments",
        message.key
    );
    let number = |text: &str| -> String {
        let parts = parts(text).unwrap_or_default().into_iter();
        let written = parts.map(|part| match part {
            Part::Text(text) => text.to_owned(),
            Part::Placeholder(name) => {
                let place = message.arguments.iter().position(|known| *known == name);
                place.map_or(String::new(), |place| format!("{{{place}}}"))
            }
        });
        written.collect()
    };
    let forms: Vec<String> = forms
        .iter()
        .map(|(category, text)| match *category {
            "" => number(text),
            category => format!("{category}={}", number(text)),
        })
        .collect();
    forms.join("\t")
}

/// Sixteen digits that change with the keys and the placeholders of the messages, but not with
/// their words (FNV-1a, 64 bits).
pub(crate) fn fingerprint(messages: &[Message<'_>]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for message in messages {
        let words = std::iter::once(&message.key).chain(&message.arguments);
        for byte in words.flat_map(|word| word.bytes().chain([0])) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

/// The English catalog in letters with accents, 40 percent longer and between brackets: whatever
/// stands on a page without them is not in the catalog, and whatever is cut off would be in a
/// language with longer words.
pub fn pseudo(english: &Catalog) -> Catalog {
    let mut pseudo = english.clone();
    for (_, text) in pseudo.iter_mut().filter(|(key, _)| *key != DIRECTION) {
        let parts = parts(text).unwrap_or_default();
        let mut made = String::from("[");
        let mut letters = 0;
        for part in parts {
            match part {
                Part::Text(text) => {
                    letters += text.chars().count();
                    made.extend(text.chars().map(accented));
                }
                Part::Placeholder(name) => made.extend(["{", name, "}"]),
            }
        }
        let filling = "one two three four five six seven eight nine ten eleven twelve ";
        let more = filling.chars().cycle().take((letters * 2).div_ceil(5));
        made.push(' ');
        made.extend(more);
        *text = format!("{}]", made.trim_end());
    }
    pseudo
}

fn accented(letter: char) -> char {
    const PLAIN: &str = "aceinosuyACEINOSUY";
    const ACCENTED: &str = "áçéíñóšúýÁÇÉÍÑÓŠÚÝ";
    let place = PLAIN.chars().position(|plain| plain == letter);
    place
        .and_then(|place| ACCENTED.chars().nth(place))
        .unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    fn english() -> Catalog {
        read(
            r#"{
            "back": "Back to {shop}",
            "items.one": "{count} item for {name}",
            "items.other": "{count} items for {name}",
            "mail.code": "Your code is {code}"
            }"#,
        )
    }

    fn mistakes(translation: &str) -> Vec<String> {
        let mistakes = translate(&english(), translation).unwrap_err();
        mistakes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn in1_a_translation_is_packed_by_number_with_gaps_where_it_has_nothing() {
        let german =
            r#"{ "items.one": "Artikel für {name}", "items.other": "{count} Artikel für {name}" }"#;
        let german = translate(&english(), german).unwrap();
        let packed = lines(&english(), &german);
        let packed: Vec<&str> = packed.lines().collect();
        assert_eq!(packed.len(), 3);
        assert_eq!(packed[1], "");
        assert_eq!(packed[2], "one=Artikel für {1}\tother={0} Artikel für {1}");
    }

    #[test]
    fn in1_forms_that_english_does_not_have_are_taken() {
        let arabic = r#"{ "items.few": "{count} {name}", "items.other": "{count} {name}", "items.two": "{name}" }"#;
        let arabic = translate(&english(), arabic).unwrap();
        assert!(lines(&english(), &arabic).ends_with("few={0} {1}\tother={0} {1}\ttwo={1}"));
    }

    #[test]
    fn in1_a_mistake_is_named_with_its_line() {
        assert_eq!(
            mistakes("{\n\"back\": \"Zurück\",\n\"forward\": \"Zurück\"\n}"),
            [
                "line 2: back: it lacks {shop}",
                "line 3: forward: there is no such message"
            ]
        );
        assert_eq!(
            mistakes("{\n\"back\": \"{shop} {name}\"\n}"),
            ["line 2: back: the English text has no {name}"]
        );
        assert_eq!(
            mistakes("{\n\"items.few\": \"{count} {name}\"\n}"),
            ["line 2: items.few: items.other is missing, which every language needs"]
        );
        assert!(mistakes("{\n\"back\": 1\n}")[0].starts_with("line 2: invalid type"));
        assert!(mistakes("{\n\"back\": \"{shop\"\n}")[0].contains("does not end"));
        assert!(mistakes("{\n\"back\": \" \"\n}")[0].contains("empty"));
        assert!(mistakes("{\n\"back\": \"{shop}\\n\"\n}")[0].contains("line break"));
    }

    #[test]
    fn the_fingerprint_tells_other_messages_but_not_other_words() {
        let (one, mut other) = (english(), english());
        other.insert("back".to_owned(), "To {shop}".to_owned());
        let of = |catalog: &Catalog| fingerprint(&of_the_portal(catalog));
        assert_eq!(of(&one), of(&other));
        other.insert("back".to_owned(), "Back".to_owned());
        assert_ne!(of(&one), of(&other));
    }

    #[test]
    fn in1_the_pseudo_locale_is_longer_marked_and_a_translation() {
        let pseudo = pseudo(&english());
        assert_eq!(pseudo["back"], "[Báçk tó {shop} one]");
        let json = serde_json::to_string(&pseudo).unwrap();
        assert_eq!(translate(&english(), &json).unwrap(), pseudo);
    }
}
