//! The sign-on methods beside one-time links.

use std::path::{Path, PathBuf};

use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse,
};
use jsonwebtoken::{Algorithm, DecodingKey};

use crate::config::error::ConfigError;
use crate::config::secret;
use crate::config::settings::{
    AppProxyConfig, ClientType, CustomerAccountConfig, JwtAlgorithm, JwtConfig, JwtKeys, PublicKey,
    SignOnConfig,
};
use crate::config::source::Source;
use crate::config::spanned::Spanned;
use crate::config::tables::{AppProxyTable, CustomerAccountTable, File, JwtTable};

/// Checks the tables `[jwt]`, `[app_proxy]` and `[customer_account]`. Only a demonstration may use
/// an issuer on this machine.
pub(super) fn sign_on(
    source: &Source<'_>,
    file: &File,
    folder: &Path,
    demo: bool,
) -> Result<SignOnConfig, ConfigError> {
    let jwt = (file.jwt.as_ref()).map(|table| jwt(source, table, folder));
    let app_proxy = (file.app_proxy.as_ref()).map(|table| app_proxy(source, table, folder));
    let customer_account =
        (file.customer_account.as_ref()).map(|table| customer_account(source, table, folder, demo));
    Ok(SignOnConfig {
        jwt: jwt.transpose()?,
        app_proxy: app_proxy.transpose()?,
        customer_account: customer_account.transpose()?,
    })
}

fn jwt(source: &Source<'_>, table: &JwtTable, folder: &Path) -> Result<JwtConfig, ConfigError> {
    let claim = match &table.customer_claim {
        Some(value) => filled(source, value, "name a claim, such as sub")?,
        None => "sub".to_owned(),
    };
    Ok(JwtConfig {
        algorithm: *table.algorithm.as_ref(),
        keys: keys(source, table, folder)?,
        issuer: filled(source, &table.issuer, "write what your JWTs have as `iss`")?,
        audience: filled(
            source,
            &table.audience,
            "write what your JWTs have as `aud`",
        )?,
        max_ms: source.number(&table.max_minutes, 5, 1..=10)? as i64 * 60_000,
        customer_claim: claim,
        customer_is: table.customer_is,
    })
}

fn filled(source: &Source<'_>, value: &Spanned<String>, hint: &str) -> Result<String, ConfigError> {
    if value.as_ref().trim().is_empty() {
        return Err(source.wrong(value, "this is empty", hint));
    }
    Ok(value.as_ref().clone())
}

fn keys(source: &Source<'_>, table: &JwtTable, folder: &Path) -> Result<JwtKeys, ConfigError> {
    let algorithm = &table.algorithm;
    match (
        algorithm.as_ref(),
        &table.secret_file,
        &table.public_key_file,
        &table.jwks_file,
    ) {
        (JwtAlgorithm::Hs256, file, None, None) => {
            let file = file.as_ref().map(|file| folder.join(file));
            Ok(JwtKeys::Secret(secret::place(&file, secret::JWT_SECRET)))
        }
        (JwtAlgorithm::Hs256, ..) => Err(source.wrong(
            algorithm,
            "HS256 has a secret and no public key",
            "leave out `public_key_file` and `jwks_file`, or choose RS256, ES256 or EdDSA",
        )),
        (asymmetric, None, Some(file), None) => {
            let text = read(source, file, folder)?;
            let key = pem(*asymmetric, text.as_bytes()).map_err(|_| {
                let hint = "put the public key into it, as PEM (BEGIN PUBLIC KEY)";
                source.wrong(file, "this is no public key for the algorithm", hint)
            })?;
            Ok(JwtKeys::Public(vec![PublicKey { id: None, key }]))
        }
        (asymmetric, None, None, Some(file)) => {
            let text = read(source, file, folder)?;
            let set: JwkSet = serde_json::from_str(&text).map_err(|error| {
                let hint = "put a JWK set into it: {\"keys\": […]}";
                source.wrong(file, format!("this is no JWK set: {error}"), hint)
            })?;
            let keys: Vec<PublicKey> = (set.keys.iter())
                .filter_map(|jwk| public_key(*asymmetric, jwk))
                .collect();
            if keys.is_empty() {
                let hint = "add the public key that checks the signatures";
                return Err(source.wrong(file, "it has no key for the algorithm", hint));
            }
            Ok(JwtKeys::Public(keys))
        }
        _ => Err(source.wrong(
            algorithm,
            "this algorithm needs a public key",
            "name one of `public_key_file` and `jwks_file`, and no `secret_file`",
        )),
    }
}

fn read(
    source: &Source<'_>,
    file: &Spanned<PathBuf>,
    folder: &Path,
) -> Result<String, ConfigError> {
    std::fs::read_to_string(folder.join(file.as_ref())).map_err(|error| {
        let hint = "name a file, relative to the folder of this one";
        source.wrong(file, format!("the key cannot be read: {error}"), hint)
    })
}

fn pem(algorithm: JwtAlgorithm, text: &[u8]) -> jsonwebtoken::errors::Result<DecodingKey> {
    match algorithm {
        JwtAlgorithm::Hs256 => DecodingKey::from_secret(text),
        JwtAlgorithm::Rs256 => DecodingKey::from_rsa_pem(text),
        JwtAlgorithm::Es256 => DecodingKey::from_ec_pem(text),
        JwtAlgorithm::EdDsa => DecodingKey::from_ed_pem(text),
    }
}

/// The key of `jwk`, where it is for signatures by `algorithm`.
fn public_key(algorithm: JwtAlgorithm, jwk: &Jwk) -> Option<PublicKey> {
    let fits = match (algorithm, &jwk.algorithm) {
        (JwtAlgorithm::Rs256, AlgorithmParameters::RSA(_)) => true,
        (JwtAlgorithm::Es256, AlgorithmParameters::EllipticCurve(key)) => {
            key.curve == EllipticCurve::P256
        }
        (JwtAlgorithm::EdDsa, AlgorithmParameters::OctetKeyPair(key)) => {
            key.curve == EllipticCurve::Ed25519
        }
        _ => false,
    };
    let common = &jwk.common;
    let signs = !matches!(&common.public_key_use, Some(other) if *other != PublicKeyUse::Signature);
    let own = KeyAlgorithm::from(Algorithm::from(algorithm));
    let is_for = common.key_algorithm.is_none_or(|named| named == own);
    if !(fits && signs && is_for) {
        return None;
    }
    Some(PublicKey {
        id: common.key_id.clone(),
        key: DecodingKey::from_jwk(jwk).ok()?,
    })
}

fn app_proxy(
    source: &Source<'_>,
    table: &AppProxyTable,
    folder: &Path,
) -> Result<AppProxyConfig, ConfigError> {
    let file = table.secret_file.as_ref().map(|file| folder.join(file));
    Ok(AppProxyConfig {
        shop: source.host(&table.shop)?,
        secret: secret::place(&file, secret::APP_PROXY_SECRET),
    })
}

fn customer_account(
    source: &Source<'_>,
    table: &CustomerAccountTable,
    folder: &Path,
    demo: bool,
) -> Result<CustomerAccountConfig, ConfigError> {
    let shop = source.origin(&table.shop_url)?;
    if shop.as_str().starts_with("http:") && !demo {
        let hint = "write it like https://your-shop.myshopify.com";
        return Err(source.wrong(&table.shop_url, "this is for demonstrations only", hint));
    }
    let file = (table.client_secret_file.as_ref()).map(|file| folder.join(file));
    let secret = match table.client {
        ClientType::Public => None,
        ClientType::Confidential => Some(secret::place(&file, secret::CUSTOMER_ACCOUNT_SECRET)),
    };
    Ok(CustomerAccountConfig {
        shop,
        client_id: filled(source, &table.client_id, "copy the client id from Shopify")?,
        secret,
        allows_loopback: demo,
        logout_url: match &table.logout_url {
            // As it was entered: Shopify compares the text.
            Some(url) => source.url(url).map(|_| Some(url.as_ref().clone()))?,
            None => None,
        },
    })
}
