//! Whether a webhook comes from Recharge.

use axum::http::HeaderMap;
use base::hex;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The current signature: `t=1767225600,v1=` and 64 hexadecimal digits.
const CURRENT: &str = "x-recharge-webhook-signature";
/// The older signature: 64 hexadecimal digits, of no HMAC in spite of the name.
const OLDER: &str = "x-recharge-hmac-sha256";
/// Recharge tries for so long, seconds; what was signed before is refused.
const WINDOW: i64 = 48 * 3_600;

/// Whether `secret`, the API client secret, has signed `body`, no longer ago than Recharge tries to
/// deliver. Without the current signature the older one counts, which has no time: a repeat of it is
/// known by its id.
pub(crate) fn is_genuine(secret: &str, headers: &HeaderMap, body: &[u8], now_ms: i64) -> bool {
    let text = |name| {
        let value = headers.get(name)?;
        Some(value.to_str().unwrap_or_default())
    };
    match text(CURRENT) {
        Some(signed) => is_current(secret, signed, body, now_ms),
        None => text(OLDER).is_some_and(|given| is_same(given, &plain_digest(secret, body))),
    }
}

/// Parts are found by their names, as more versions may follow.
fn is_current(secret: &str, signed: &str, body: &[u8], now_ms: i64) -> bool {
    let part = |name: &str| {
        let parts = signed
            .split(',')
            .filter_map(|part| part.trim().split_once('='));
        let mut named = parts.filter(|(known, _)| *known == name);
        // What is there twice is not from Recharge.
        match (named.next(), named.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    };
    let (Some(time), Some(digest)) = (part("t"), part("v1")) else {
        return false;
    };
    let is_recent = |seconds: i64| (now_ms / 1_000).saturating_sub(seconds).abs() <= WINDOW;
    time.parse().is_ok_and(is_recent) && is_same(digest, &hmac(secret, time, body))
}

fn hmac(secret: &str, time: &str, body: &[u8]) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    hex(&mac.finalize().into_bytes())
}

fn plain_digest(secret: &str, body: &[u8]) -> String {
    hex(&Sha256::new()
        .chain_update(secret)
        .chain_update(body)
        .finalize())
}

fn is_same(given: &str, right: &str) -> bool {
    !right.is_empty() && bool::from(given.as_bytes().ct_eq(right.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_demo_4471";
    const BODY: &[u8] = br#"{"subscription":{"id":880001,"status":"active"}}"#;
    const OLD: &str = "33cc1807ed9bd1a0cb0b0a8c986c5debce202e8377973d08d71248fda4b2ba52";
    const NEW: &str = "d053ddc589f8be2bc8c93a62b5bbcaf9886073df2bef88372891ae58953106bc";
    const AT_MS: i64 = 1_767_225_600_000;

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        let all = all
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        all.collect()
    }

    fn is_good(all: &[(&'static str, &str)], body: &[u8], now_ms: i64) -> bool {
        is_genuine(SECRET, &headers(all), body, now_ms)
    }

    #[test]
    fn s44_both_signatures_are_those_of_the_vectors() {
        assert!(is_good(&[(OLDER, OLD)], BODY, AT_MS));
        let signed = format!("t=1767225600,v1={NEW}");
        assert!(is_good(&[(CURRENT, &signed)], BODY, AT_MS));
        // Versions to come are passed over, and the order of the parts says nothing.
        let later = format!("v2=00, v1={NEW}, t=1767225600");
        assert!(is_good(&[(CURRENT, &later)], BODY, AT_MS));
    }

    #[test]
    fn s44_wrong_signatures_are_refused() {
        let right = format!("t=1767225600,v1={NEW}");
        let refused = |all: &[(&'static str, &str)]| !is_good(all, BODY, AT_MS);
        assert!(refused(&[]));
        assert!(refused(&[(OLDER, "")]));
        assert!(refused(&[(OLDER, NEW)]));
        // As an HMAC over the body alone would begin, and in capitals.
        assert!(refused(&[(OLDER, "8f0fc8b9")]));
        assert!(refused(&[(OLDER, &OLD.to_uppercase())]));
        assert!(refused(&[(CURRENT, &format!("t=1767225601,v1={NEW}"))]));
        assert!(refused(&[(CURRENT, &format!("v1={NEW}"))]));
        assert!(refused(&[(CURRENT, "t=1767225600")]));
        assert!(refused(&[(CURRENT, &format!("t=1767225600,v1={OLD}"))]));
        assert!(refused(&[(CURRENT, &format!("{right},v1={NEW}"))]));
        // The older one makes up for no current one that is wrong.
        assert!(refused(&[(CURRENT, "t=1767225600,v1=00"), (OLDER, OLD)]));
        let other = br#"{"subscription":{"id":880001,"status":"Active"}}"#;
        assert!(!is_good(&[(CURRENT, &right)], other, AT_MS));
        assert!(!is_good(&[(OLDER, OLD)], other, AT_MS));
    }

    #[test]
    fn nw_3_a_signature_is_good_for_the_two_days_of_upstreams_tries() {
        let signed = format!("t=1767225600,v1={NEW}");
        let good = |seconds: i64| is_good(&[(CURRENT, &signed)], BODY, AT_MS + seconds * 1_000);
        assert!(good(0) && good(172_800) && good(-172_800));
        assert!(!good(172_801) && !good(-172_801));
    }
}
