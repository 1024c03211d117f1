//! Which of the orders are shown, as part of an address.

use protocol::Date;

/// Which of the orders are shown; all of them by default.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HistoryFilter {
    /// Only those in this state, by its word; empty for any.
    pub state: String,
    /// Only those of this day or later.
    pub from: Option<Date>,
    /// Only those of this day or earlier.
    pub to: Option<Date>,
    /// Only those whose number or items have this text; empty for any.
    pub text: String,
}

impl HistoryFilter {
    /// Reads what stands behind the `?` of an address. What it does not know, or cannot be
    /// read, is left out.
    pub(super) fn parse(query: &str) -> HistoryFilter {
        let mut filter = HistoryFilter::default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(value) = decoded(value) else {
                continue;
            };
            match name {
                "state" => filter.state = value,
                "from" => filter.from = value.parse().ok(),
                "to" => filter.to = value.parse().ok(),
                "q" => filter.text = value,
                _ => {}
            }
        }
        filter
    }

    /// What stands behind the path, its `?` included; empty where all are shown.
    pub(super) fn query(&self) -> String {
        let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let pairs = [
            ("state", self.state.clone()),
            ("from", day(self.from)),
            ("to", day(self.to)),
            ("q", self.text.clone()),
        ];
        let mut query = String::new();
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(name);
            query.push('=');
            encode(value, &mut query);
        }
        query
    }
}

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// Adds a value, all that could mean something in an address escaped.
fn encode(value: &str, to: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                to.push(char::from(byte));
            }
            _ => {
                to.push('%');
                to.push(char::from(DIGITS[usize::from(byte >> 4)]));
                to.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }
}

/// The value behind its escapes; `None` where they make no text.
fn decoded(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        bytes.push(match (first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, left @ ..]) => {
                rest = left;
                digit(*high)? << 4 | digit(*low)?
            }
            _ => *first,
        });
    }
    String::from_utf8(bytes).ok()
}

fn digit(letter: u8) -> Option<u8> {
    let value = char::from(letter).to_digit(16)?;
    u8::try_from(value).ok()
}
