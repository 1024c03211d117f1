//! A path of the portal in letters, digits, `_` and `-` only.
//!
//! A page around the portal may hand its fragment to `document.querySelector` or to jQuery, which
//! take it for a selector: `#portal_subscriptions_27` is one, `#/portal/subscriptions/27` is not.

/// Writes `path`, as [`Route::href`](super::route::Route::href) makes it, with `slash` for each
/// `/`: `/history?state=refunded&q=a%2Fb` becomes `_history__state_refunded_q_a--2Fb`.
pub(super) fn encode(path: &str, slash: char) -> String {
    let bytes = path.trim_end_matches('/').as_bytes();
    let mut text = String::with_capacity(bytes.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        match byte {
            b'/' => text.push(slash),
            b'?' => text.push_str("__"),
            b'=' | b'&' => text.push('_'),
            b'%' => text.push_str("--"),
            // Before another one it would begin an escape.
            b'-' if next.is_ascii_alphanumeric() => text.push('-'),
            _ if byte.is_ascii_alphanumeric() => text.push(char::from(byte)),
            _ => {
                text.push_str("--");
                text.extend([byte >> 4, byte & 15].map(digit));
            }
        }
    }
    text
}

/// The path that [`encode`] has written with either slash.
pub(super) fn decode(text: &str) -> String {
    let mut path = String::with_capacity(text.len());
    // What the next `_` stands for; before the filter always a slash.
    let mut separators = ['/', '/'];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let doubled = letters.peek() == Some(&letter);
        path.push(match letter {
            '-' if doubled => {
                letters.next();
                '%'
            }
            '_' if doubled && separators[0] == '/' => {
                letters.next();
                separators = ['=', '&'];
                '?'
            }
            '_' => {
                separators.swap(0, 1);
                separators[1]
            }
            other => other,
        });
    }
    path
}

/// A hexadecimal digit.
fn digit(value: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(value)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::navigation::route::{Route, any_route};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn decode_is_the_inverse_of_encode(route in any_route()) {
            for slash in ['_', '/'] {
                let text = encode(&route.href(), slash);
                prop_assert_eq!(&Route::parse(&decode(&text)), &route, "{}", text);
            }
        }

        #[test]
        fn a_fragment_is_a_valid_selector(route in any_route()) {
            let text = encode(&route.href(), '_');
            let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
            prop_assert!(text.chars().all(is_name), "{}", text);
        }

        #[test]
        fn no_text_whatever_makes_decode_fail(text in ".{0,60}") {
            Route::parse(&decode(&text));
        }
    }

    #[test]
    fn a_filter_can_be_read_by_people() {
        let path = "/history?state=refunded&from=2026-11-02&q=a%C3%A9";
        let text = "_history__state_refunded_from_2026-11-02_q_a--C3--A9";
        assert_eq!(encode(path, '_'), text);
        assert_eq!(decode(text), path);
        assert_eq!(encode("/", '_'), "");
        assert_eq!(encode("/payment-methods/new", '/'), "/payment-methods/new");
    }
}
