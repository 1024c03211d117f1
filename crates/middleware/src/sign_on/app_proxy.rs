//! A request through Shopify's app proxy.
//!
//! Shopify signs the parameters by joining them without anything in between. So a signed request
//! with a parameter of the visitor's choice can be cut into other parameters, another customer's
//! id among them, that have the same signature. That cannot be done to the four parameters that
//! Shopify itself adds, as long as none of their values may hold a `=`: each pair has exactly one.
//! So a request with any other parameter signs nobody in.

use std::collections::BTreeMap;

use base::hex;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::refusal::Refusal;
use crate::config::{AppProxyConfig, Secrets};

/// How old a request may be, and how far ahead Shopify's clock, milliseconds.
const WINDOW_MS: i64 = 90_000;
/// The parameter with the signature of the others.
const SIGNATURE: &str = "signature";
/// The folders of a shop in which Shopify puts an app.
const PREFIXES: [&str; 4] = ["/apps/", "/a/", "/community/", "/tools/"];

const PARAMETERS: Refusal = Refusal::malformed(
    "app_proxy_parameters",
    "The request must have `shop`, `logged_in_customer_id`, `path_prefix`, `timestamp` and \
     `signature`, each once, and nothing else.",
);
const WRONG_SIGNATURE: Refusal = Refusal::unproven(
    "app_proxy_signature",
    "The signature is not by app_proxy.secret_file.",
);
const TOO_OLD: Refusal = Refusal::unproven(
    "app_proxy_timestamp",
    "The request was signed more than 90 seconds ago, or one of the clocks is wrong.",
);
const WRONG_SHOP: Refusal =
    Refusal::unproven("app_proxy_shop", "The request is not from app_proxy.shop.");

/// The request was used before.
pub(crate) const REPLAYED: Refusal = Refusal::unproven(
    "app_proxy_replayed",
    "This request has signed a customer in before. Each visit of the shop's page makes a new one.",
);

/// Checks requests through the app proxy of one shop.
pub(crate) struct Verifier {
    shop: String,
    secret: SecretString,
}

/// A visit of the shop's page, as Shopify vouches for it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    /// The customer's id at Shopify; `None` where nobody is signed in to the shop.
    pub(crate) customer: Option<String>,
    /// The page's path in the shop, such as `/apps/subscriptions`.
    pub(crate) path: String,
    /// Names the one use that the request is good for.
    pub(crate) usage: String,
    /// Until when it is good, milliseconds since 1970.
    pub(crate) expires_ms: i64,
}

impl Verifier {
    /// A verifier as `config` says; `None` without the secret that it names.
    pub(crate) fn new(config: &AppProxyConfig, secrets: &Secrets) -> Option<Verifier> {
        Some(Verifier {
            shop: config.shop.clone(),
            secret: secrets.others.get(&config.secret)?.clone(),
        })
    }

    /// The address of `path` in the shop.
    pub(crate) fn in_shop(&self, path: &str) -> String {
        format!("https://{}{path}", self.shop)
    }

    /// The visit that the query string of a request shows at `now_ms`. Whether it was used before
    /// is not checked here.
    ///
    /// # Errors
    /// Why it is refused.
    pub(crate) fn verify(&self, query: &str, now_ms: i64) -> Result<Visit, Refusal> {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let values = values.entry(name.into_owned()).or_default();
            values.push(value.into_owned());
        }
        let given = values.remove(SIGNATURE).ok_or(PARAMETERS)?;
        let [given] = given.as_slice() else {
            return Err(PARAMETERS);
        };
        let expected = signature(self.secret.expose_secret(), &values);
        if !bool::from(expected.as_bytes().ct_eq(given.as_bytes())) {
            return Err(WRONG_SIGNATURE);
        }
        let mut once = |name| match values.remove(name).as_deref() {
            Some([only]) => Ok(only.clone()),
            _ => Err(PARAMETERS),
        };
        let shop = once("shop")?;
        let customer = once("logged_in_customer_id")?;
        let path = once("path_prefix")?;
        let timestamp = once("timestamp")?;
        let known = is_path(&path) && is_digits(&timestamp) && !shop.contains('=');
        if !(values.is_empty() && known && (customer.is_empty() || is_digits(&customer))) {
            return Err(PARAMETERS);
        }
        if shop != self.shop {
            return Err(WRONG_SHOP);
        }
        let signed_ms = timestamp.parse::<i64>().ok();
        let signed_ms = signed_ms.and_then(|seconds| seconds.checked_mul(1000));
        let age = |signed_ms: &i64| now_ms.saturating_sub(*signed_ms);
        let signed_ms = signed_ms
            .filter(|signed_ms| (-WINDOW_MS..=WINDOW_MS).contains(&age(signed_ms)))
            .ok_or(TOO_OLD)?;
        Ok(Visit {
            customer: (!customer.is_empty()).then_some(customer),
            path,
            usage: format!("app_proxy {expected}"),
            expires_ms: signed_ms + WINDOW_MS,
        })
    }
}

/// The HMAC-SHA256 of the parameters as `name=value`, repeated ones as `name=value,value`, sorted
/// and joined without anything in between; in hexadecimal.
fn signature(secret: &str, values: &BTreeMap<String, Vec<String>>) -> String {
    let pairs = values.iter();
    let mut pairs: Vec<String> = pairs
        .map(|(name, values)| format!("{name}={}", values.join(",")))
        .collect();
    pairs.sort();
    // Any length of key is taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(pairs.concat().as_bytes());
    hex(&mac.finalize().into_bytes())
}

fn is_digits(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a path is one that Shopify gives to an app.
fn is_path(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let names = PREFIXES
        .iter()
        .filter_map(|prefix| path.strip_prefix(prefix));
    let mut names = names.filter(|name| (1..=100).contains(&name.len()));
    names.any(|name| name.chars().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_790_000_000_000;
    const SHOP: &str = "alder.myshopify.com";
    const SECRET: &str = "app-secret-of-the-tests";

    fn verifier() -> Verifier {
        Verifier {
            shop: SHOP.to_owned(),
            secret: SECRET.into(),
        }
    }

    fn verify(query: &str) -> Result<Visit, Refusal> {
        verifier().verify(query, NOW_MS)
    }

    /// What Shopify adds for customer 207119551.
    fn usual() -> Vec<(&'static str, String)> {
        vec![
            ("shop", SHOP.to_owned()),
            ("logged_in_customer_id", "207119551".to_owned()),
            ("path_prefix", "/apps/subscriptions".to_owned()),
            ("timestamp", (NOW_MS / 1000).to_string()),
        ]
    }

    /// The query string of these parameters, signed with `secret`.
    fn signed_with(secret: &str, pairs: &[(&str, String)]) -> String {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            values
                .entry((*name).to_owned())
                .or_default()
                .push(value.clone());
        }
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .append_pair(SIGNATURE, &signature(secret, &values))
            .finish()
    }

    fn signed(pairs: &[(&str, String)]) -> String {
        signed_with(SECRET, pairs)
    }

    /// What Shopify adds, with another value for `name`.
    fn with(name: &str, value: &str) -> String {
        let mut pairs = usual();
        for pair in &mut pairs {
            if pair.0 == name {
                pair.1 = value.to_owned();
            }
        }
        signed(&pairs)
    }

    #[test]
    fn s8_the_signature_is_that_of_shopifys_example() {
        // The worked example of https://shopify.dev/docs/apps/build/online-store/app-proxies/
        // authenticate-app-proxies.
        let query = "extra=1&extra=2&shop=shop-name.myshopify.com&logged_in_customer_id=1\
                     &path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555";
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let values = values.entry(name.into_owned()).or_default();
            values.push(value.into_owned());
        }
        let expected = "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb";
        assert_eq!(signature("hush", &values), expected);
    }

    #[test]
    fn s8_a_signed_request_names_the_customer_whatever_the_order_of_its_query() {
        let query = signed(&usual());
        let mut parts: Vec<&str> = query.split('&').collect();
        for _ in 0..parts.len() {
            parts.rotate_left(1);
            let visit = verify(&parts.join("&")).unwrap();
            assert_eq!(visit.customer.as_deref(), Some("207119551"));
            assert_eq!(visit.path, "/apps/subscriptions");
        }
        parts.sort_unstable();
        assert!(verify(&parts.join("&")).is_ok());
    }

    #[test]
    fn s8_one_changed_byte_is_refused() {
        let query = signed(&usual());
        for at in 0..query.len() {
            let mut changed = query.clone().into_bytes();
            changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(verify(&changed).is_err(), "{changed}");
        }
    }

    #[test]
    fn s8_wrong_requests_are_refused() {
        let query = signed(&usual());
        let seconds = NOW_MS / 1000;
        for (query, refusal) in [
            (String::new(), PARAMETERS),
            (query.replace("signature=", "hmac="), PARAMETERS),
            (format!("{query}&signature=00"), PARAMETERS),
            (format!("{query}&to=evil"), WRONG_SIGNATURE),
            (query.replace("207119551", "207119552"), WRONG_SIGNATURE),
            (signed_with("another-secret", &usual()), WRONG_SIGNATURE),
            (
                query.to_uppercase().replace("SIGNATURE", "signature"),
                WRONG_SIGNATURE,
            ),
            (with("shop", "other.myshopify.com"), WRONG_SHOP),
            (with("timestamp", &(seconds - 91).to_string()), TOO_OLD),
            (with("timestamp", &(seconds + 91).to_string()), TOO_OLD),
            (with("timestamp", "99999999999999999999"), TOO_OLD),
            (with("timestamp", "-1"), PARAMETERS),
            (with("timestamp", ""), PARAMETERS),
            (with("logged_in_customer_id", "1,2"), PARAMETERS),
            (with("logged_in_customer_id", "gid://1"), PARAMETERS),
            (with("path_prefix", "//evil.example"), PARAMETERS),
            (with("path_prefix", "/apps/../admin"), PARAMETERS),
            (with("path_prefix", "/apps/"), PARAMETERS),
        ] {
            assert_eq!(verify(&query), Err(refusal), "{query}");
        }
        assert!(verify(&with("timestamp", &(seconds - 90).to_string())).is_ok());
        assert_eq!(
            verify(&with("logged_in_customer_id", "")).unwrap().customer,
            None
        );
    }

    #[test]
    fn s8_a_parameter_of_the_visitors_choice_signs_nobody_in() {
        let mut pairs = usual();
        pairs.push(("utm_source", "mail".to_owned()));
        assert_eq!(verify(&signed(&pairs)), Err(PARAMETERS));
        let twice = [usual(), usual()].concat();
        assert_eq!(verify(&signed(&twice)), Err(PARAMETERS));
    }

    #[test]
    fn s8_a_signed_request_that_is_cut_into_other_parameters_signs_nobody_in() {
        // The visitor's own parameter holds what the cut makes of it: another customer's id.
        type Pairs = &'static [(&'static str, &'static str)];
        let choices: [(&str, &str, Pairs); 2] = [
            (
                "a",
                "xlogged_in_customer_id=7m=n",
                &[
                    ("a", "x"),
                    ("logged_in_customer_id", "7"),
                    ("m", ""),
                    ("nlogged_in_customer_id", "207119551"),
                    ("path_prefix", "/apps/subscriptions"),
                ],
            ),
            (
                "logged_in_customer_id=1path_prefix",
                "/apps/x",
                &[
                    ("logged_in_customer_id", "1"),
                    (
                        "path_prefix",
                        "/apps/xlogged_in_customer_id=207119551path_prefix=/apps/subscriptions",
                    ),
                ],
            ),
        ];
        for (name, value, cut) in choices {
            let mut own = usual();
            own.push((name, value.to_owned()));
            let own = signed(&own);
            let (_, given) = own.rsplit_once("signature=").unwrap();
            let forged = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(cut)
                .append_pair("shop", SHOP)
                .append_pair("timestamp", &(NOW_MS / 1000).to_string())
                .append_pair(SIGNATURE, given)
                .finish();
            // The signature is right, and still nobody is let in.
            assert_eq!(verify(&forged), Err(PARAMETERS), "{forged}");
        }
    }
}
