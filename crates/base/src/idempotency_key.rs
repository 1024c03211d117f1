//! Keys by which a change that is sent twice is made once.

/// Reads an idempotency key, a UUID in any case, and returns it in lowercase; `None` for any other
/// text.
pub fn idempotency_key(text: &str) -> Option<String> {
    let is_uuid = text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    is_uuid.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_uuid_in_lowercase() {
        let key = "0A6F2C1E-8a7b-4c3d-9e2f-001122334455";
        assert_eq!(idempotency_key(key), Some(key.to_ascii_lowercase()));
        for other in [
            "",
            "0a6f2c1e",
            &key[1..],
            &key.replace('-', "0"),
            &key.replace('0', "g"),
        ] {
            assert_eq!(idempotency_key(other), None, "{other}");
        }
    }
}
