//! A small OpenID Connect issuer: discovery, login, codes with PKCE, and ID tokens with a real key.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use openidconnect::{PkceCodeChallenge, PkceCodeVerifier};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) const CLIENT: &str = "shp_client-of-the-tests";
pub(crate) const SECRET: &str = "client-secret-of-the-tests";

/// Where the issuer is, below its origin.
const ISSUER: &str = "/authentication/1";
const RSA: &[u8] = include_bytes!("../../keys/rsa.pem");

/// An issuer of one test.
pub(crate) struct Issuer {
    pub(crate) origin: String,
    inside: Arc<Inside>,
}

struct Inside {
    origin: String,
    key: EncodingKey,
    algorithm: Algorithm,
    answers: Mutex<Answers>,
}

/// What it answers, and what it was asked.
#[derive(Default)]
struct Answers {
    discovery: Value,
    claims: Value,
    forgery: &'static str,
    asks_for_secret: bool,
    customer: String,
    codes: HashMap<String, Login>,
    requests: Vec<String>,
}

/// What a code stands for.
struct Login {
    customer: String,
    nonce: String,
    challenge: String,
    redirect: String,
}

fn ec_key() -> EncodingKey {
    let random = SystemRandom::new();
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
    EncodingKey::from_ec_der(made.unwrap().as_ref())
}

impl Issuer {
    /// One with a new key of P-256.
    pub(crate) async fn start() -> Issuer {
        Issuer::with(ec_key(), Algorithm::ES256).await
    }

    /// One with an RSA key.
    pub(crate) async fn start_with_rsa() -> Issuer {
        Issuer::with(EncodingKey::from_rsa_pem(RSA).unwrap(), Algorithm::RS256).await
    }

    async fn with(key: EncodingKey, algorithm: Algorithm) -> Issuer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let inside = Arc::new(Inside {
            origin: origin.clone(),
            key,
            algorithm,
            answers: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route(&format!("{ISSUER}/oauth/authorize"), get(authorize))
            .route(&format!("{ISSUER}/oauth/token"), post(token))
            .route(&format!("{ISSUER}/.well-known/jwks.json"), get(keys))
            .fallback(elsewhere)
            .with_state(Arc::clone(&inside));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Issuer { origin, inside }
    }

    fn answers(&self) -> std::sync::MutexGuard<'_, Answers> {
        self.inside.answers.lock().unwrap()
    }

    /// Changes fields of the discovery document; `null` takes one away.
    pub(crate) fn discovery(&self, changes: Value) {
        self.answers().discovery = changes;
    }

    /// Changes claims of ID tokens; `null` takes one away.
    pub(crate) fn claims(&self, changes: Value) {
        self.answers().claims = changes;
    }

    /// Answers with a forged ID token.
    pub(crate) fn forges(&self, forgery: &'static str) {
        self.answers().forgery = forgery;
    }

    /// Takes only clients that show the secret.
    pub(crate) fn asks_for_secret(&self) {
        self.answers().asks_for_secret = true;
    }

    /// Where a browser is sent that signs in as `customer` at this address.
    pub(crate) async fn sign_in(&self, login: &str, customer: &str) -> String {
        assert!(login.starts_with(&self.origin), "{login}");
        self.answers().customer = customer.to_owned();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let answer = client.build().unwrap().get(login).send().await.unwrap();
        let location = answer.headers().get("location").expect("a redirect");
        location.to_str().unwrap().to_owned()
    }

    /// The last request with this in its path.
    pub(crate) async fn asked(&self, path: &str) -> String {
        let answers = self.answers();
        let mut requests = answers.requests.iter().rev();
        requests
            .find(|request| request.contains(path))
            .unwrap()
            .clone()
    }

    /// How many requests had this in their path.
    pub(crate) async fn count(&self, path: &str) -> usize {
        let answers = self.answers();
        answers
            .requests
            .iter()
            .filter(|request| request.contains(path))
            .count()
    }
}

/// `value` with other fields; `null` takes one away.
fn changed(mut value: Value, changes: &Value) -> Value {
    let fields = value.as_object_mut().unwrap();
    for (name, change) in changes.as_object().into_iter().flatten() {
        if change.is_null() {
            fields.remove(name);
        } else {
            fields.insert(name.clone(), change.clone());
        }
    }
    value
}

fn answer(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (
        status,
        [(CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}

fn pairs(text: &str) -> HashMap<String, String> {
    form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

async fn discovery(State(inside): State<Arc<Inside>>) -> Response {
    let issuer = format!("{}{ISSUER}", inside.origin);
    // As a shop of Shopify has it.
    let document = json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/oauth/token"),
        "authorization_endpoint": format!("{issuer}/oauth/authorize"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "scopes_supported": ["openid", "email", "customer-account-api:full"],
        "response_types_supported": ["code"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "nonce", "sid", "email"],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
    });
    answer(
        200,
        &changed(document, &inside.answers.lock().unwrap().discovery),
    )
}

async fn keys(State(inside): State<Arc<Inside>>) -> Response {
    let mut jwk = Jwk::from_encoding_key(&inside.key, inside.algorithm).unwrap();
    jwk.common.key_id = Some("one".into());
    answer(200, &json!({"keys": [jwk]}))
}

async fn authorize(State(inside): State<Arc<Inside>>, uri: Uri) -> Response {
    let mut answers = inside.answers.lock().unwrap();
    answers.requests.push(uri.to_string());
    let asked = pairs(uri.query().unwrap());
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["client_id"], CLIENT);
    assert_eq!(asked["code_challenge_method"], "S256");
    let code = format!("code-{}", answers.requests.len());
    let login = Login {
        customer: answers.customer.clone(),
        nonce: asked["nonce"].clone(),
        challenge: asked["code_challenge"].clone(),
        redirect: asked["redirect_uri"].clone(),
    };
    answers.codes.insert(code.clone(), login);
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("code", &code)
        .append_pair("state", &asked["state"])
        .finish();
    let location = format!("{}?{query}", asked["redirect_uri"]);
    (StatusCode::FOUND, [(LOCATION, location)]).into_response()
}

async fn token(
    State(inside): State<Arc<Inside>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut answers = inside.answers.lock().unwrap();
    answers.requests.push(uri.to_string());
    let sent = pairs(std::str::from_utf8(&body).unwrap());
    // A code that was tried is over.
    let login = answers.codes.remove(&sent["code"]);
    let verifier = PkceCodeVerifier::new(sent["code_verifier"].clone());
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    let login = login.filter(|login| {
        challenge.as_str() == login.challenge && sent["redirect_uri"] == login.redirect
    });
    let client = if answers.asks_for_secret {
        let shown = reqwest::Client::new().get("http://x/").basic_auth(
            form_urlencoded::byte_serialize(CLIENT.as_bytes()).collect::<String>(),
            Some(SECRET),
        );
        let shown = shown.build().unwrap().headers()[AUTHORIZATION].clone();
        headers.get(AUTHORIZATION) == Some(&shown)
    } else {
        sent.get("client_id").is_some_and(|client| client == CLIENT)
    };
    let Some(login) = login.filter(|_| client) else {
        return answer(400, &json!({"error": "invalid_grant"}));
    };
    let now = jiff::Timestamp::now().as_second();
    let claims = json!({
        "iss": format!("{}{ISSUER}", inside.origin), "sub": login.customer, "aud": CLIENT,
        "iat": now, "exp": now + 3_600, "nonce": login.nonce, "email": "somebody@example.com",
    });
    let claims = changed(claims, &answers.claims);
    let mut header = Header::new(inside.algorithm);
    header.kid = Some("one".into());
    let good = encode(&header, &claims, &inside.key).unwrap();
    let parts: Vec<&str> = good.split('.').collect();
    let id_token = match answers.forgery {
        "another key" => Some(encode(&header, &claims, &ec_key()).unwrap()),
        // {"alg":"none"}
        "none" => Some(format!("eyJhbGciOiJub25lIn0.{}.", parts[1])),
        "client id" => {
            let key = EncodingKey::from_secret(CLIENT.as_bytes()).unwrap();
            Some(encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap())
        }
        "changed" => {
            let other = changed(claims.clone(), &json!({"sub": "1"}));
            let other = encode(&header, &other, &inside.key).unwrap();
            let payload = other.split('.').nth(1).unwrap();
            Some(format!("{}.{payload}.{}", parts[0], parts[2]))
        }
        "absent" => None,
        "redirect" => {
            let location = format!("{}/elsewhere", inside.origin);
            return (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, location)]).into_response();
        }
        _ => Some(good),
    };
    let tokens = json!({
        "access_token": "access-token-of-the-tests", "token_type": "Bearer", "expires_in": 3600,
    });
    answer(200, &changed(tokens, &json!({ "id_token": id_token })))
}

async fn elsewhere(State(inside): State<Arc<Inside>>, uri: Uri) -> StatusCode {
    inside
        .answers
        .lock()
        .unwrap()
        .requests
        .push(uri.to_string());
    StatusCode::NOT_FOUND
}
