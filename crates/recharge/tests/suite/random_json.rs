//! JSON made of bytes that a fuzzer chooses.

use serde_json::{Map, Value};

/// The values nest as deep as this at most.
const DEEPEST: usize = 6;

/// Makes JSON of `bytes`, which it uses up, with `words` for names and for some of the texts.
pub(crate) fn json_of(bytes: &mut &[u8], words: &[String]) -> Value {
    value(bytes, words, DEEPEST)
}

/// The next byte; 0 where there are no more.
pub(crate) fn next(bytes: &mut &[u8]) -> usize {
    let Some((first, rest)) = bytes.split_first() else {
        return 0;
    };
    *bytes = rest;
    usize::from(*first)
}

/// All names and texts in `value`.
pub(crate) fn words_in(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| {
            words.push(name.clone());
            words_in(inner, words);
        }),
        Value::Array(items) => items.iter().for_each(|item| words_in(item, words)),
        Value::String(text) => words.push(text.clone()),
        _ => {}
    }
}

fn value(bytes: &mut &[u8], words: &[String], depth: usize) -> Value {
    let leaves = 7;
    match next(bytes) % if depth == 0 { leaves } else { leaves + 5 } {
        0 => Value::Null,
        1 => Value::Bool(next(bytes).is_multiple_of(2)),
        2 => Value::from(next(bytes)),
        3 => Value::from(i64::MIN >> next(bytes).min(63)),
        4 => Value::from(f64::from_bits(u64::from_le_bytes(
            [(); 8].map(|()| next(bytes) as u8),
        ))),
        5 => {
            let length = next(bytes).min(bytes.len());
            let (text, rest) = bytes.split_at(length);
            *bytes = rest;
            Value::from(String::from_utf8_lossy(text))
        }
        6 => Value::from(word(bytes, words)),
        7 | 8 => (0..next(bytes) % 5)
            .map(|_| value(bytes, words, depth - 1))
            .collect(),
        _ => {
            let count = next(bytes) % 12;
            let fields = (0..count).map(|_| {
                let name = word(bytes, words);
                (name, value(bytes, words, depth - 1))
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
    }
}

fn word(bytes: &mut &[u8], words: &[String]) -> String {
    let at = next(bytes) | next(bytes) << 8;
    words
        .get(at % words.len().max(1))
        .cloned()
        .unwrap_or_default()
}
