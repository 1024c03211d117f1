//! Reading the body of an answer, which is not always the JSON it should be.

use serde_json::Value;

/// Reads a body as JSON; `None` where it is none at all. What a strict reader stumbles over, a
/// byte-order mark, half a surrogate pair, `NaN` or a raw control character, costs the value
/// that it is in and nothing else.
pub fn read_body(body: &[u8]) -> Option<Value> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let strict = serde_json::from_slice(body);
    strict
        .or_else(|_| serde_json::from_str(&repaired(&String::from_utf8_lossy(body))))
        .ok()
}

/// The words of other languages for what JSON cannot say, the longest first.
const NO_NUMBERS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

fn repaired(text: &str) -> String {
    let mut repaired = String::with_capacity(text.len());
    let mut in_string = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let mut taken = first.len_utf8();
        match first {
            '"' => {
                in_string = !in_string;
                repaired.push('"');
            }
            '\\' if in_string => {
                taken = escape_len(rest);
                let escape = &rest[..taken];
                repaired.push_str(if is_lone_surrogate(escape) {
                    "\\ufffd"
                } else {
                    escape
                });
            }
            control if in_string && control.is_ascii_control() => repaired.push(' '),
            _ => match NO_NUMBERS.iter().find(|word| rest.starts_with(**word)) {
                Some(word) if !in_string => {
                    taken = word.len();
                    repaired.push_str("null");
                }
                _ => repaired.push(first),
            },
        }
        rest = &rest[taken..];
    }
    repaired
}

/// How many bytes an escape takes at the front of `text`: both halves of a surrogate pair.
fn escape_len(text: &str) -> usize {
    let is_half = |at: usize, halves: std::ops::Range<u16>| {
        unit(text.get(at..)).is_some_and(|unit| halves.contains(&unit))
    };
    match text[1..].chars().next() {
        Some('u') if is_half(0, 0xd800..0xdc00) && is_half(6, 0xdc00..0xe000) => 12,
        Some('u') if unit(Some(text)).is_some() => 6,
        Some(escaped) => 1 + escaped.len_utf8(),
        None => 1,
    }
}

fn is_lone_surrogate(escape: &str) -> bool {
    escape.len() == 6 && unit(Some(escape)).is_some_and(|unit| (0xd800..0xe000).contains(&unit))
}

/// The code unit that `\u` and four digits at the front of `text` stand for.
fn unit(text: Option<&str>) -> Option<u16> {
    let digits = text?.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}
