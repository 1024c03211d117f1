//! A JWT that the merchant's server signs (RFC 7519).
//!
//! The algorithm is the configured one, whatever the token says: the token chooses neither it nor
//! the key. Time is checked here and not by the library, since the program has a clock of its own.

use std::collections::BTreeMap;

use base::hex;
use gateway::Lookup;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

use super::refusal::Refusal;
use crate::config::{CustomerName, JwtConfig, JwtKeys, PublicKey, Secrets};

/// The longest token, in bytes.
pub(crate) const LONGEST: usize = 8 * 1024;
/// The merchant's clock may be ahead of ours by so much, milliseconds.
const SKEW_MS: i64 = 60_000;
/// The longest id that is read from a claim, in bytes.
const LONGEST_ID: usize = 255;

/// There is no token, or more than one.
pub(crate) const MISSING: Refusal = Refusal::malformed(
    "jwt_missing",
    "Send one JWT as `token`: in a form or as JSON by POST, or in the query of a GET.",
);
const MALFORMED: Refusal = Refusal::malformed(
    "jwt_malformed",
    "This is no JWT that can be read: three base64url parts, an `alg` that is known and not \
     `none`, no `crit`, no repeated claim.",
);
const WRONG_ALGORITHM: Refusal = Refusal::unproven(
    "jwt_algorithm",
    "The `alg` of the JWT is not jwt.algorithm.",
);
const UNKNOWN_KEY: Refusal = Refusal::unproven(
    "jwt_key",
    "The JWT names no key that is configured: its `kid` must be in the JWK set.",
);
const WRONG_SIGNATURE: Refusal = Refusal::unproven(
    "jwt_signature",
    "The signature of the JWT is not by the configured key.",
);
const WRONG_ISSUER: Refusal =
    Refusal::unproven("jwt_issuer", "The `iss` of the JWT is not jwt.issuer.");
const WRONG_AUDIENCE: Refusal =
    Refusal::unproven("jwt_audience", "The `aud` of the JWT is not jwt.audience.");
const EXPIRED: Refusal = Refusal::unproven("jwt_expired", "The `exp` of the JWT has passed.");
const NOT_YET: Refusal = Refusal::unproven(
    "jwt_not_yet_valid",
    "The `nbf` or `iat` of the JWT is in the future.",
);
const TOO_LONG: Refusal = Refusal::unproven(
    "jwt_lifetime",
    "The JWT is valid for longer than jwt.max_minutes from its `iat` to its `exp`.",
);
const CLAIMS: Refusal = Refusal::unproven(
    "jwt_claims",
    "The JWT lacks a claim: `exp`, `iat` (seconds since 1970), `jti`, `iss`, `aud`, and the one \
     that names the customer.",
);
const UNVERIFIED_EMAIL: Refusal = Refusal::unproven(
    "jwt_email_unverified",
    "The JWT names the customer by email without `email_verified: true`.",
);

/// Checks JWTs.
pub(crate) struct Verifier {
    algorithm: Algorithm,
    keys: Vec<PublicKey>,
    validation: Validation,
    issuer: String,
    max_ms: i64,
    customer_claim: String,
    customer_is: CustomerName,
    link_key: SecretString,
}

/// What a JWT says that was checked.
pub(crate) struct Verified {
    /// Whom it signs in.
    pub(crate) customer: Lookup,
    /// Names the one use that it is good for: its issuer and its `jti`.
    pub(crate) usage: String,
    /// Opens the link that the JWT stands for: the same whenever it is shown, and another for
    /// another JWT, though it has the same `jti`.
    pub(crate) link_token: String,
    /// The page of the portal that it names, which need not exist.
    pub(crate) page: Option<String>,
    /// Until when it may be used, milliseconds since 1970.
    pub(crate) expires_ms: i64,
}

/// The claims by their names; a repeated name has two readings and is refused.
#[derive(Deserialize)]
#[serde(transparent)]
struct Claims(
    #[serde(with = "serde_with::rust::maps_duplicate_key_is_error")] BTreeMap<String, Value>,
);

impl Verifier {
    /// A verifier as `config` says; `None` without the secret that it names.
    pub(crate) fn new(config: &JwtConfig, secrets: &Secrets) -> Option<Verifier> {
        let keys = match &config.keys {
            JwtKeys::Secret(place) => {
                let secret = secrets.others.get(place)?.expose_secret();
                let key = DecodingKey::from_secret(secret.as_bytes()).ok()?;
                vec![PublicKey { id: None, key }]
            }
            JwtKeys::Public(keys) => keys.clone(),
        };
        let algorithm = config.algorithm.into();
        let mut validation = Validation::new(algorithm);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation.set_issuer(&[&config.issuer]);
        validation.set_audience(&[&config.audience]);
        validation.validate_exp = false;
        Some(Verifier {
            algorithm,
            keys,
            validation,
            issuer: config.issuer.clone(),
            max_ms: config.max_ms,
            customer_claim: config.customer_claim.clone(),
            customer_is: config.customer_is,
            link_key: secrets.merchant_secret.clone(),
        })
    }

    /// What `token` says at `now_ms`. Whether it was used before is not checked here.
    ///
    /// # Errors
    /// Why it is refused.
    pub(crate) fn verify(&self, token: &str, now_ms: i64) -> Result<Verified, Refusal> {
        if token.len() > LONGEST {
            return Err(MALFORMED);
        }
        let header = decode_header(token).map_err(|_| MALFORMED)?;
        if header.alg != self.algorithm {
            return Err(WRONG_ALGORITHM);
        }
        let key = self.key(header.kid.as_deref()).ok_or(UNKNOWN_KEY)?;
        let decoded = decode(token, key, &self.validation);
        let Claims(claims) = decoded
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidSignature => WRONG_SIGNATURE,
                ErrorKind::InvalidAlgorithm => WRONG_ALGORITHM,
                ErrorKind::InvalidIssuer => WRONG_ISSUER,
                ErrorKind::InvalidAudience => WRONG_AUDIENCE,
                ErrorKind::MissingRequiredClaim(_) => CLAIMS,
                _ => MALFORMED,
            })?
            .claims;
        // The library takes a list of issuers, too, which the standard does not have.
        if claims.get("iss").and_then(Value::as_str) != Some(&self.issuer) {
            return Err(WRONG_ISSUER);
        }
        let expires_ms = self.expiry(&claims, now_ms)?;
        let jti = id(claims.get("jti")).ok_or(CLAIMS)?;
        Ok(Verified {
            customer: self.customer(&claims)?,
            link_token: self.link_token(token),
            page: id(claims.get("page")),
            usage: format!("jwt {} {jti}", self.issuer),
            expires_ms,
        })
    }

    fn link_token(&self, token: &str) -> String {
        // Without the signature, which may have more than one form.
        let signed = token.rsplit_once('.').map_or(token, |(signed, _)| signed);
        // Any length of key is taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.link_key.expose_secret().as_bytes())
        else {
            return String::new();
        };
        mac.update(format!("link of jwt {signed}").as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    /// The key with the id that the token names. A single key needs no id.
    fn key(&self, id: Option<&str>) -> Option<&DecodingKey> {
        let found = match (self.keys.as_slice(), id) {
            ([only], None) => Some(only),
            ([only], Some(_)) if only.id.is_none() => Some(only),
            (_, None) => None,
            (several, Some(id)) => several.iter().find(|key| key.id.as_deref() == Some(id)),
        };
        found.map(|found| &found.key)
    }

    /// Until when the token may be used.
    fn expiry(&self, claims: &BTreeMap<String, Value>, now_ms: i64) -> Result<i64, Refusal> {
        let moment = |name| seconds(claims.get(name));
        let (expires, issued) = (moment("exp")?.ok_or(CLAIMS)?, moment("iat")?.ok_or(CLAIMS)?);
        if expires <= now_ms {
            return Err(EXPIRED);
        }
        let begins = moment("nbf")?.unwrap_or(issued).max(issued);
        if begins > now_ms.saturating_add(SKEW_MS) {
            return Err(NOT_YET);
        }
        if expires.saturating_sub(issued) > self.max_ms {
            return Err(TOO_LONG);
        }
        Ok(expires.min(now_ms.saturating_add(self.max_ms)))
    }

    fn customer(&self, claims: &BTreeMap<String, Value>) -> Result<Lookup, Refusal> {
        let name = id(claims.get(&self.customer_claim)).ok_or(CLAIMS)?;
        match self.customer_is {
            CustomerName::ExternalCustomerId => Ok(Lookup::External(name)),
            CustomerName::CustomerId => name.parse().map(Lookup::Id).map_err(|_| CLAIMS),
            CustomerName::Email if claims.get("email_verified") == Some(&Value::Bool(true)) => {
                Ok(Lookup::Email(name))
            }
            CustomerName::Email => Err(UNVERIFIED_EMAIL),
        }
    }
}

/// A time in whole seconds as milliseconds; `None` where the claim is absent.
fn seconds(claim: Option<&Value>) -> Result<Option<i64>, Refusal> {
    let Some(claim) = claim else { return Ok(None) };
    let seconds = claim.as_i64().filter(|seconds| *seconds >= 0);
    let ms = seconds.and_then(|seconds| seconds.checked_mul(1000));
    ms.map(Some).ok_or(CLAIMS)
}

/// An id, which is text or a whole number.
fn id(claim: Option<&Value>) -> Option<String> {
    let text = match claim? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_u64()?.to_string(),
        _ => return None,
    };
    let fits = !text.trim().is_empty() && text.len() <= LONGEST_ID;
    (fits && !text.contains(char::is_control)).then_some(text)
}

#[cfg(test)]
mod tests {
    use base::hex;
    use jsonwebtoken::{EncodingKey, Header, encode};
    use ring::rand::{SecureRandom, SystemRandom};
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
    use serde_json::json;

    use super::*;

    const NOW_MS: i64 = 1_790_000_000_000;
    const NOW: i64 = NOW_MS / 1000;
    const SECRET: &[u8] = b"jwt-secret-of-the-tests-32-bytes";
    const RSA: &[u8] = include_bytes!("../../tests/keys/rsa.pem");
    const RSA_PUBLIC: &[u8] = include_bytes!("../../tests/keys/rsa-public.pem");

    fn verifier(algorithm: Algorithm, keys: Vec<PublicKey>) -> Verifier {
        let mut validation = Validation::new(algorithm);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation.set_issuer(&["shop"]);
        validation.set_audience(&["portal"]);
        validation.validate_exp = false;
        Verifier {
            algorithm,
            keys,
            validation,
            issuer: "shop".into(),
            max_ms: 300_000,
            customer_claim: "sub".into(),
            customer_is: CustomerName::ExternalCustomerId,
            link_key: "merchant-secret-of-the-tests".into(),
        }
    }

    fn unnamed(key: DecodingKey) -> Vec<PublicKey> {
        vec![PublicKey { id: None, key }]
    }

    fn hs256() -> Verifier {
        let key = DecodingKey::from_secret(SECRET).unwrap();
        verifier(Algorithm::HS256, unnamed(key))
    }

    fn claims() -> Value {
        json!({
            "iss": "shop", "aud": "portal", "sub": "207119551", "jti": "1",
            "iat": NOW, "exp": NOW + 60,
        })
    }

    /// The claims with others; `null` takes one away.
    fn with(changes: Value) -> Value {
        let mut claims = claims();
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        claims
    }

    fn by_secret(claims: &Value) -> String {
        let key = EncodingKey::from_secret(SECRET).unwrap();
        encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
    }

    /// A token of this header and these claims as they are written, signed with the secret.
    fn written(header: &str, claims: &str) -> String {
        let part = |text: &str| base64_url(text.as_bytes());
        let signed = format!("{}.{}", part(header), part(claims));
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
        mac.update(signed.as_bytes());
        format!("{signed}.{}", base64_url(&mac.finalize().into_bytes()))
    }

    fn base64_url(bytes: &[u8]) -> String {
        const DIGITS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let bits = bytes
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1));
        let bits: Vec<u8> = bits.collect();
        let digits = bits.chunks(6).map(|chunk| {
            let value = chunk.iter().fold(0, |value, bit| value << 1 | bit) << (6 - chunk.len());
            char::from(DIGITS[usize::from(value)])
        });
        digits.collect()
    }

    /// Why `token` is refused.
    fn refusal(verifier: &Verifier, token: &str) -> &'static str {
        verifier
            .verify(token, NOW_MS)
            .err()
            .map_or("accepted", |refusal| refusal.kind)
    }

    #[test]
    fn s9_a_signed_token_names_its_customer_and_one_use() {
        let verified = hs256().verify(&by_secret(&claims()), NOW_MS).ok().unwrap();
        assert!(verified.customer == Lookup::External("207119551".into()));
        assert_eq!(verified.usage, "jwt shop 1");
        assert_eq!(verified.expires_ms, NOW_MS + 60_000);
        assert_eq!(verified.link_token.len(), 64);
        let again = hs256().verify(&by_secret(&claims()), NOW_MS).ok().unwrap();
        assert_eq!(again.link_token, verified.link_token);
    }

    #[test]
    fn s9_another_token_with_the_same_jti_stands_for_another_link() {
        let link_token = |sub: &str| {
            let token = by_secret(&with(json!({ "sub": sub })));
            hs256().verify(&token, NOW_MS).ok().unwrap().link_token
        };
        assert_ne!(link_token("1"), link_token("2"));
    }

    #[test]
    fn s9_wrong_claims_are_refused() {
        let far = i64::MAX;
        for (changes, kind) in [
            (json!({}), "accepted"),
            (json!({"aud": ["portal", "other"]}), "accepted"),
            (json!({"sub": 207_119_551}), "accepted"),
            (json!({"nbf": NOW + 60}), "accepted"),
            (json!({"iat": NOW - 240, "exp": NOW + 60}), "accepted"),
            (json!({"exp": NOW}), "jwt_expired"),
            (json!({"exp": NOW - 1}), "jwt_expired"),
            (json!({"exp": 0}), "jwt_expired"),
            (json!({"nbf": NOW + 61}), "jwt_not_yet_valid"),
            (
                json!({"iat": NOW + 61, "exp": NOW + 90}),
                "jwt_not_yet_valid",
            ),
            (json!({"nbf": NOW + 61, "iat": NOW}), "jwt_not_yet_valid"),
            (json!({"exp": NOW + 301}), "jwt_lifetime"),
            (json!({"iat": 0}), "jwt_lifetime"),
            (json!({"aud": "other"}), "jwt_audience"),
            (json!({"aud": ["other"]}), "jwt_audience"),
            (json!({"iss": "other"}), "jwt_issuer"),
            (json!({"iss": ["shop", "other"]}), "jwt_issuer"),
            (json!({"exp": null}), "jwt_claims"),
            (json!({"iat": null}), "jwt_claims"),
            (json!({"jti": null}), "jwt_claims"),
            (json!({"jti": ""}), "jwt_claims"),
            (json!({"jti": {"a": 1}}), "jwt_claims"),
            (json!({"iss": null}), "jwt_claims"),
            (json!({"aud": null}), "jwt_claims"),
            (json!({"sub": null}), "jwt_claims"),
            (json!({"sub": " "}), "jwt_claims"),
            (json!({"sub": "1\n2"}), "jwt_claims"),
            (json!({"sub": "9".repeat(256)}), "jwt_claims"),
            (json!({"exp": "tomorrow"}), "jwt_claims"),
            (json!({"exp": far}), "jwt_claims"),
            (json!({"iat": -1}), "jwt_claims"),
            (json!({"iat": NOW as f64 + 0.5}), "jwt_claims"),
        ] {
            let token = by_secret(&with(changes.clone()));
            assert_eq!(refusal(&hs256(), &token), kind, "{changes}");
        }
    }

    #[test]
    fn s9_unsigned_and_wrongly_signed_tokens_are_refused() {
        let good = by_secret(&claims());
        let (signed, signature) = good.rsplit_once('.').unwrap();
        let none = |alg: &str| {
            let header = base64_url(json!({"alg": alg, "typ": "JWT"}).to_string().as_bytes());
            format!("{header}.{}.", base64_url(claims().to_string().as_bytes()))
        };
        let other = EncodingKey::from_secret(&[b'x'; 32]).unwrap();
        let hs384 = EncodingKey::from_secret(SECRET).unwrap();
        for (token, kind) in [
            (none("none"), "jwt_malformed"),
            (none("None"), "jwt_malformed"),
            (none("HS256"), "jwt_signature"),
            (format!("{signed}."), "jwt_signature"),
            (signed.to_owned(), "jwt_malformed"),
            (String::new(), "jwt_malformed"),
            (format!("{good}.x"), "jwt_malformed"),
            ("a".repeat(LONGEST + 1), "jwt_malformed"),
            (
                encode(&Header::new(Algorithm::HS256), &claims(), &other).unwrap(),
                "jwt_signature",
            ),
            (
                encode(&Header::new(Algorithm::HS384), &claims(), &hs384).unwrap(),
                "jwt_algorithm",
            ),
            (
                written(
                    r#"{"alg":"HS256","crit":["exp"],"exp":1}"#,
                    &claims().to_string(),
                ),
                "jwt_malformed",
            ),
            (
                written(r#"{"alg":"HS256","alg":"none"}"#, &claims().to_string()),
                "jwt_malformed",
            ),
            (
                written(r#"{"alg":"HS256"}"#, &claims().to_string()),
                "accepted",
            ),
            (
                written(
                    r#"{"alg":"HS256"}"#,
                    &claims().to_string().replacen('{', r#"{"sub":"1","#, 1),
                ),
                "jwt_malformed",
            ),
        ] {
            assert_eq!(refusal(&hs256(), &token), kind, "{token}");
        }
        for at in 0..signature.len() {
            let mut changed = signature.as_bytes().to_vec();
            // The last digit has two bits that mean nothing, and must be zero.
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = format!("{signed}.{}", String::from_utf8(changed).unwrap());
            assert_ne!(refusal(&hs256(), &changed), "accepted", "{at}");
        }
    }

    #[test]
    fn s9_a_public_key_is_no_secret() {
        let verifier = verifier(
            Algorithm::RS256,
            unnamed(DecodingKey::from_rsa_pem(RSA_PUBLIC).unwrap()),
        );
        let key = EncodingKey::from_rsa_pem(RSA).unwrap();
        let token = encode(&Header::new(Algorithm::RS256), &claims(), &key).unwrap();
        assert_eq!(refusal(&verifier, &token), "accepted");
        // Signed with the public key as if it were the secret of HS256.
        let confused = EncodingKey::from_secret(RSA_PUBLIC).unwrap();
        let token = encode(&Header::new(Algorithm::HS256), &claims(), &confused).unwrap();
        assert_eq!(refusal(&verifier, &token), "jwt_algorithm");
        let (signed, _) = token.rsplit_once('.').unwrap();
        let claimed = base64_url(br#"{"alg":"RS256"}"#);
        let (_, payload) = signed.split_once('.').unwrap();
        let token = format!(
            "{claimed}.{payload}.{}",
            base64_url(hex(&[1; 16]).as_bytes())
        );
        assert_eq!(refusal(&verifier, &token), "jwt_signature");
    }

    #[test]
    fn s9_a_token_is_checked_with_the_key_that_it_names_among_the_configured_ones() {
        let random = SystemRandom::new();
        let ec = || {
            let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
            EncodingKey::from_ec_der(made.unwrap().as_ref())
        };
        let (one, two, foreign) = (ec(), ec(), ec());
        let public = |id: &str, key: &EncodingKey| {
            let jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(key, Algorithm::ES256).unwrap();
            PublicKey {
                id: Some(id.to_owned()),
                key: DecodingKey::from_jwk(&jwk).unwrap(),
            }
        };
        let verifier = verifier(
            Algorithm::ES256,
            vec![public("one", &one), public("two", &two)],
        );
        let token = |id: Option<&str>, key: &EncodingKey| {
            let mut header = Header::new(Algorithm::ES256);
            header.kid = id.map(str::to_owned);
            encode(&header, &claims(), key).unwrap()
        };
        assert_eq!(refusal(&verifier, &token(Some("one"), &one)), "accepted");
        assert_eq!(refusal(&verifier, &token(Some("two"), &two)), "accepted");
        assert_eq!(
            refusal(&verifier, &token(Some("one"), &two)),
            "jwt_signature"
        );
        assert_eq!(
            refusal(&verifier, &token(Some("one"), &foreign)),
            "jwt_signature"
        );
        assert_eq!(
            refusal(&verifier, &token(Some("three"), &foreign)),
            "jwt_key"
        );
        assert_eq!(refusal(&verifier, &token(None, &one)), "jwt_key");
        // A key that the token brings along is not looked at.
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some("one".into());
        header.jwk =
            Some(jsonwebtoken::jwk::Jwk::from_encoding_key(&foreign, Algorithm::ES256).unwrap());
        let token = encode(&header, &claims(), &foreign).unwrap();
        assert_eq!(refusal(&verifier, &token), "jwt_signature");
    }

    #[test]
    fn s9_ed25519_is_checked() {
        // PKCS #8 as OpenSSL writes it: the kind of key, and its 32 bytes.
        let mut made = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
        made.resize(made.len() + 32, 0);
        let seed = made.len() - 32;
        SystemRandom::new().fill(&mut made[seed..]).unwrap();
        let key = EncodingKey::from_ed_der(&made);
        let jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(&key, Algorithm::EdDSA).unwrap();
        let verifier = verifier(
            Algorithm::EdDSA,
            unnamed(DecodingKey::from_jwk(&jwk).unwrap()),
        );
        let token = encode(&Header::new(Algorithm::EdDSA), &claims(), &key).unwrap();
        assert_eq!(refusal(&verifier, &token), "accepted");
        assert_eq!(refusal(&verifier, &by_secret(&claims())), "jwt_algorithm");
    }

    #[test]
    fn s9_an_email_address_counts_only_where_it_is_verified() {
        let verifier = Verifier {
            customer_claim: "email".into(),
            customer_is: CustomerName::Email,
            ..hs256()
        };
        for (verified, kind) in [
            (json!(true), "accepted"),
            (json!(false), "jwt_email_unverified"),
            (json!("true"), "jwt_email_unverified"),
            (json!(null), "jwt_email_unverified"),
        ] {
            let claims = with(json!({"email": "maya@example.com", "email_verified": verified}));
            assert_eq!(refusal(&verifier, &by_secret(&claims)), kind, "{verified}");
        }
        let by_id = Verifier {
            customer_is: CustomerName::CustomerId,
            ..hs256()
        };
        assert_eq!(refusal(&by_id, &by_secret(&claims())), "accepted");
        let named = by_secret(&with(json!({"sub": "maya"})));
        assert_eq!(refusal(&by_id, &named), "jwt_claims");
    }
}
