//! Shopify's Customer Account API: OpenID Connect with an authorization code and PKCE.
//!
//! What an attempt to sign in is checked with (`state`, `nonce` and the PKCE verifier) is made of a
//! random cookie of the browser and a key of this server. So an attempt is bound to the browser
//! that began it, nothing is stored for attempts that nobody finishes, and the time of an attempt
//! stands in its `state`.
//!
//! Shopify's discovery document is at the shop's domain and names an issuer of another one
//! (`https://shopify.com/authentication/…`). What the document says is believed as far as it goes:
//! every endpoint must be of the issuer's own origin, and nothing else is ever called.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use axum::http::StatusCode;
use base::{BoxFuture, hex};
use chrono::DateTime;
use gateway::Lookup;
use hmac::{Hmac, KeyInit, Mac};
use openidconnect::core::{
    CoreClient, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreResponseType,
};
use openidconnect::{
    AsyncHttpClient, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    HttpRequest, HttpResponse, JsonWebKeySet, LogoutRequest, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl,
    RequestTokenError, Scope, TokenResponse,
};
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, ORIGIN};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::sync::Mutex;

use super::refusal::Refusal;
use crate::config::{CustomerAccountConfig, Origin, SafeUrl, Secrets};

/// Where the issuer sends the browser back to, below the origin.
pub(crate) const CALLBACK: &str = "/portal/customer-account/callback";
/// An attempt to sign in must end within this time, milliseconds.
pub(crate) const ATTEMPT_MS: i64 = 600_000;

/// The issuer may take so long for one answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer of the issuer, in bytes.
const LONGEST_ANSWER: usize = 256 * 1024;
/// The discovery document is read again after so long, milliseconds.
const DISCOVERY_MS: i64 = 3_600_000;
/// What Shopify puts before the number of a customer.
const GID: &str = "gid://shopify/Customer/";
/// The longest authorization code and `state`, in bytes.
const LONGEST: usize = 4096;

const UNAVAILABLE: Refusal = Refusal {
    status: StatusCode::BAD_GATEWAY,
    kind: "customer_account_unavailable",
    title: "Shopify cannot be reached, or does not answer as OpenID Connect says.",
};
const FOREIGN_ENDPOINT: Refusal = Refusal {
    status: StatusCode::BAD_GATEWAY,
    kind: "customer_account_discovery",
    title: "The discovery document at customer_account.shop_url names no https issuer, or an \
            endpoint of another origin than its issuer's.",
};
/// The attempt is not of this browser, or is over.
pub(crate) const WRONG_STATE: Refusal = Refusal::unproven(
    "customer_account_state",
    "This sign-in was begun in another browser or more than ten minutes ago, or has ended already.",
);
const DENIED: Refusal = Refusal::unproven(
    "customer_account_denied",
    "Shopify sent the customer back without signing them in.",
);
const FOREIGN_ISSUER: Refusal = Refusal::unproven(
    "customer_account_issuer",
    "The answer is from another issuer than the shop's.",
);
const WRONG_CODE: Refusal = Refusal::unproven(
    "customer_account_code",
    "Shopify refused the authorization code or the client: check customer_account.client_id, the \
     client's type and secret, and the callback URI in Shopify.",
);
const WRONG_ID_TOKEN: Refusal = Refusal::unproven(
    "customer_account_id_token",
    "The ID token is not valid: its signature, issuer, audience, expiry or nonce.",
);
const NO_CUSTOMER: Refusal = Refusal::unproven(
    "customer_account_subject",
    "The `sub` of the ID token is no customer of Shopify.",
);

/// The client of one shop's issuer.
pub(crate) struct Client {
    http: reqwest::Client,
    shop: Origin,
    own_origin: HeaderValue,
    client_id: ClientId,
    secret: Option<SecretString>,
    redirect: String,
    key: SecretString,
    allows_loopback: bool,
    /// Where the issuer leads after it has signed a customer out; `None` where it does not.
    after_logout: Option<PostLogoutRedirectUrl>,
    provider: Mutex<Option<(ProviderMetadataWithLogout, i64)>>,
}

/// What the issuer sends the browser back with.
#[derive(Default, serde::Deserialize)]
pub(crate) struct Callback {
    #[serde(default)]
    pub(crate) state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Whom the issuer has signed in.
pub(crate) struct SignedOn {
    /// The customer.
    pub(crate) customer: Lookup,
    /// The address that signs them out at the issuer, where that is wanted.
    pub(crate) logout: Option<String>,
}

impl Client {
    /// A client as `config` says, for a portal that browsers reach at `origin`.
    ///
    /// # Errors
    /// Where TLS cannot be set up on this machine.
    pub(crate) fn new(
        config: &CustomerAccountConfig,
        secrets: &Secrets,
        origin: &Origin,
    ) -> Result<Client, reqwest::Error> {
        // An error only says that a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .user_agent(concat!("perennial/", env!("CARGO_PKG_VERSION")))
            .timeout(PATIENCE)
            // A redirect would lead to a host that nobody named.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .retry(reqwest::retry::never())
            .build()?;
        let place = config.secret.as_ref();
        Ok(Client {
            http,
            shop: config.shop.clone(),
            own_origin: HeaderValue::try_from(origin.as_str())
                .unwrap_or(HeaderValue::from_static("null")),
            client_id: ClientId::new(config.client_id.clone()),
            secret: place.and_then(|place| secrets.others.get(place).cloned()),
            redirect: format!("{origin}{CALLBACK}"),
            key: secrets.merchant_secret.clone(),
            allows_loopback: config.allows_loopback,
            after_logout: config
                .logout_url
                .clone()
                .and_then(|url| PostLogoutRedirectUrl::new(url).ok()),
            provider: Mutex::default(),
        })
    }

    /// The address at which the customer signs in, for an attempt of the browser with the cookie
    /// `browser` at `now_ms`.
    ///
    /// # Errors
    /// Where the issuer cannot be asked.
    pub(crate) async fn begin(
        &self,
        browser: &str,
        now_ms: i64,
        page: &str,
    ) -> Result<Url, Refusal> {
        let provider = self.provider(now_ms).await?;
        let (state, nonce) = (
            self.state(browser, now_ms, page),
            self.derived("nonce", browser),
        );
        let verifier = PkceCodeVerifier::new(self.derived("verifier", browser));
        let redirect = self.redirect()?;
        let client = CoreClient::from_provider_metadata(provider, self.client_id.clone(), None)
            .set_redirect_uri(redirect);
        let (url, _, _) = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url)
    }

    /// Checks that the browser with the cookie `browser` began this attempt, not too long before
    /// `now_ms`, and answers the page that it began with. Whether the attempt has ended already is
    /// not checked here.
    ///
    /// # Errors
    /// Why it is refused.
    pub(crate) fn check<'a>(
        &self,
        browser: &str,
        callback: &'a Callback,
        now_ms: i64,
    ) -> Result<&'a str, Refusal> {
        let given = callback.state.as_str();
        let mut parts = given.splitn(3, '.');
        let (begun, _, page) = (parts.next(), parts.next(), parts.next());
        let begun = begun.and_then(|ms| ms.parse::<i64>().ok());
        let (begun_ms, page) = begun
            .zip(page)
            .filter(|_| given.len() <= LONGEST)
            .ok_or(WRONG_STATE)?;
        let expected = self.state(browser, begun_ms, page);
        let is_ours = bool::from(expected.as_bytes().ct_eq(given.as_bytes()));
        let age = now_ms.saturating_sub(begun_ms);
        if is_ours && (0..ATTEMPT_MS).contains(&age) {
            Ok(page)
        } else {
            Err(WRONG_STATE)
        }
    }

    /// Whom a checked callback signs in: exchanges its code for the ID token.
    ///
    /// # Errors
    /// Why it is refused.
    pub(crate) async fn customer(
        &self,
        browser: &str,
        callback: Callback,
        now_ms: i64,
    ) -> Result<SignedOn, Refusal> {
        let provider = self.provider(now_ms).await?;
        let issuer = provider.issuer().clone();
        let logout = provider.additional_metadata().end_session_endpoint.clone();
        let logout =
            logout.filter(|logout| self.origin_of(logout.url()) == self.origin_of(issuer.url()));
        if callback.iss.is_some_and(|iss| iss != issuer.as_str()) {
            return Err(FOREIGN_ISSUER);
        }
        let code = callback
            .code
            .filter(|code| !code.is_empty() && code.len() <= LONGEST);
        let code = match (callback.error, code) {
            (None, Some(code)) => AuthorizationCode::new(code),
            _ => return Err(DENIED),
        };
        let jwks_uri = provider.jwks_uri().clone();
        let secret = self.secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.expose_secret().to_owned()));
        let client = CoreClient::from_provider_metadata(provider, self.client_id.clone(), secret)
            .set_redirect_uri(self.redirect()?);
        let verifier = PkceCodeVerifier::new(self.derived("verifier", browser));
        let tokens = client
            .exchange_code(code)
            .map_err(|_| FOREIGN_ENDPOINT)?
            .set_pkce_verifier(verifier)
            .request_async(self)
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(_) => WRONG_CODE,
                _ => UNAVAILABLE,
            })?;
        // The keys are read anew each time, so one that the issuer has just begun to use is known.
        let keys: CoreJsonWebKeySet = JsonWebKeySet::fetch_async(&jwks_uri, self)
            .await
            .map_err(|_| UNAVAILABLE)?;
        let now = DateTime::from_timestamp_millis(now_ms).ok_or(WRONG_ID_TOKEN)?;
        let verifier = CoreIdTokenVerifier::new_public_client(self.client_id.clone(), issuer, keys)
            .set_allowed_algs([
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
                CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            ])
            .set_time_fn(move || now);
        let nonce = Nonce::new(self.derived("nonce", browser));
        let id_token = tokens.id_token().ok_or(WRONG_ID_TOKEN)?;
        let claims = id_token.claims(&verifier, &nonce);
        let subject = claims.map_err(|_| WRONG_ID_TOKEN)?.subject().as_str();
        let number = subject.strip_prefix(GID).unwrap_or(subject);
        let is_number =
            (1..=20).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number {
            return Err(NO_CUSTOMER);
        }
        let customer = Lookup::External(number.to_owned());
        let logout = logout
            .zip(self.after_logout.clone())
            .map(|(logout, after)| {
                let request = LogoutRequest::from(logout).set_id_token_hint(id_token);
                let request = request.set_post_logout_redirect_uri(after);
                request.http_get_url().to_string()
            });
        Ok(SignedOn { customer, logout })
    }

    fn redirect(&self) -> Result<RedirectUrl, Refusal> {
        RedirectUrl::new(self.redirect.clone()).map_err(|_| FOREIGN_ENDPOINT)
    }

    /// The `state` of an attempt that began at `begun_ms` and leads to `page`.
    fn state(&self, browser: &str, begun_ms: i64, page: &str) -> String {
        let proof = self.derived(&format!("state {begun_ms} {page}"), browser);
        format!("{begun_ms}.{proof}.{page}")
    }

    /// 256 bits that only this server can make for `browser`, each `purpose` its own; 64
    /// hexadecimal digits.
    fn derived(&self, purpose: &str, browser: &str) -> String {
        // Any length of key is taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose_secret().as_bytes())
        else {
            return String::new();
        };
        mac.update(format!("customer-account {purpose} {browser}").as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    /// What the shop's discovery document says.
    async fn provider(&self, now_ms: i64) -> Result<ProviderMetadataWithLogout, Refusal> {
        let mut known = self.provider.lock().await;
        if let Some((provider, read_ms)) = known.as_ref()
            && (0..DISCOVERY_MS).contains(&now_ms.saturating_sub(*read_ms))
        {
            return Ok(provider.clone());
        }
        let url = format!("{}/.well-known/openid-configuration", self.shop);
        let answer = self.http.get(url).send().await;
        let (status, body) = read(answer).await.map_err(|error| {
            tracing::warn!(%error, "the discovery document cannot be read");
            UNAVAILABLE
        })?;
        if status != StatusCode::OK {
            tracing::warn!(%status, "the shop has no discovery document at this address");
            return Err(UNAVAILABLE);
        }
        let provider: ProviderMetadataWithLogout =
            serde_json::from_slice(&body).map_err(|error| {
                tracing::warn!(%error, "the discovery document cannot be read");
                UNAVAILABLE
            })?;
        self.check_endpoints(&provider)?;
        *known = Some((provider.clone(), now_ms));
        Ok(provider)
    }

    /// Refuses a document with an endpoint that is not of its issuer's origin.
    fn check_endpoints(&self, provider: &ProviderMetadataWithLogout) -> Result<(), Refusal> {
        let origin = self
            .origin_of(provider.issuer().url())
            .ok_or(FOREIGN_ENDPOINT)?;
        let token = provider.token_endpoint().ok_or(FOREIGN_ENDPOINT)?;
        let endpoints = [
            provider.authorization_endpoint().url(),
            token.url(),
            provider.jwks_uri().url(),
        ];
        let is_own = |endpoint: &&Url| self.origin_of(endpoint).as_ref() == Some(&origin);
        if endpoints.iter().all(is_own) {
            Ok(())
        } else {
            Err(FOREIGN_ENDPOINT)
        }
    }

    /// The origin of an address that may be called: https, or on this machine in a demonstration.
    fn origin_of(&self, url: &Url) -> Option<Origin> {
        let url = SafeUrl::parse(url.as_str()).ok()?;
        let allowed = url.url().scheme() == "https" || self.allows_loopback;
        allowed.then(|| url.origin())
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|_| NoAnswer("no address".into()))?;
        let headers: HeaderMap<HeaderValue> = (parts.headers.into_iter())
            .filter_map(|(name, value)| Some((name?, value)) as Option<(HeaderName, HeaderValue)>)
            // Shopify takes a public client's request only from an origin that it knows.
            .chain([(ORIGIN, self.own_origin.clone())])
            .collect();
        let answer = self
            .http
            .request(parts.method, url)
            .headers(headers)
            .body(body)
            .send();
        let (status, body) = read(answer.await).await?;
        let mut response = HttpResponse::new(body);
        *response.status_mut() = status;
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Client {
    type Error = NoAnswer;
    type Future = BoxFuture<'c, Result<HttpResponse, NoAnswer>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// The status and the body of an answer.
async fn read(
    answer: Result<reqwest::Response, reqwest::Error>,
) -> Result<(StatusCode, Vec<u8>), NoAnswer> {
    let failed = |error: reqwest::Error| NoAnswer(error.without_url().to_string());
    let mut answer = answer.map_err(failed)?;
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(failed)? {
        body.extend_from_slice(&part);
        if body.len() > LONGEST_ANSWER {
            return Err(NoAnswer("the answer is too long".into()));
        }
    }
    Ok((answer.status(), body))
}

/// Why there is no answer of the issuer.
#[derive(Debug)]
pub(crate) struct NoAnswer(String);

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for NoAnswer {}
