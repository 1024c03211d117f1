//! What the steps of a login share: the browser's cookie, the limits, and the end, a session.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::header::{LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base::hex;
use hmac::{Hmac, KeyInit, Mac};
use protocol::CustomerId;
use sha2::{Digest, Sha256};

use crate::audit::Audit;
use crate::budget::Purpose;
use crate::client_address::ClientAddress;
use crate::http::body::read_form;
use crate::http::origin::require_own;
use crate::http::plain_page::PlainPage;
use crate::messages::{self, Language, Text};
use crate::problem::ApiError;
use crate::session;
use crate::state::{App, LOGIN};
use crate::store::{Link, Login, LoginKey, LoginState, TokenHash};
use crate::upstream::calling_for;

/// The page that asks for an address.
pub(super) const ASK: &str = LOGIN;
/// The page that asks for the code.
pub(super) const CODE: &str = "/portal/login/code";
/// The page that asks which of several accounts.
pub(super) const ACCOUNT: &str = "/portal/login/account";

/// How long a code, a link, and then a choice are good, in minutes.
pub(super) const GOOD_MINUTES: u32 = 10;
/// The same in milliseconds.
pub(super) const GOOD_MS: i64 = GOOD_MINUTES as i64 * 60_000;
/// How often a code may be tried.
pub(super) const TRIES: u32 = 5;
/// A browser keeps its cookie for so long, seconds: for a code and a choice.
const COOKIE_SECONDS: u32 = 2 * GOOD_MINUTES * 60;

/// A request of a browser that is signing in.
pub(super) struct Step {
    pub(super) app: Arc<App>,
    pub(super) headers: HeaderMap,
    pub(super) language: Arc<Language>,
    /// The token in the browser's cookie.
    pub(super) browser: Option<String>,
    /// The fields of the form; none for a GET.
    fields: Vec<(String, String)>,
}

impl Step {
    /// Reads a request for a page.
    ///
    /// # Errors
    /// 404 where there is no login page.
    pub(super) fn page(app: Arc<App>, headers: HeaderMap) -> Result<Step, ApiError> {
        if app.config.login.is_none() {
            return Err(ApiError::no_route());
        }
        let cookie = app.config.session.cookie.login();
        Ok(Step {
            browser: cookie.token(&headers).map(str::to_owned),
            language: app.language(None, &headers),
            fields: Vec::new(),
            headers,
            app,
        })
    }

    /// Reads a form that one of our pages sends.
    ///
    /// # Errors
    /// The answer for one that does not come from there, is none, or is one too many.
    pub(super) async fn form(app: Arc<App>, request: Request) -> Result<Step, Response> {
        let (parts, body) = request.into_parts();
        let step = Step::page(app, parts.headers).map_err(ApiError::into_response)?;
        require_own(&step.app.origin, &step.headers).map_err(ApiError::into_response)?;
        let address = ClientAddress::of(&parts.extensions);
        let limited = step.app.limits.login_form(address);
        limited.map_err(|refusal| step.too_many(&refusal))?;
        let fields = read_form(&step.headers, body).await;
        let fields = fields.map_err(ApiError::into_response)?;
        Ok(Step { fields, ..step })
    }

    /// A field of the form; empty where it is not there.
    pub(super) fn field(&self, name: &str) -> &str {
        let mut fields = self.fields.iter();
        let found = fields.find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value)
    }

    /// The shop's name under a configuration.
    pub(super) fn shop(&self, configuration: Option<&str>) -> &str {
        let config = &self.app.config;
        let named = configuration.and_then(|name| config.configurations.get(name));
        let policy = named.map_or(&config.policy, |named| &named.policy);
        &policy.merchant.name
    }

    /// The link back to the shop.
    pub(super) fn shop_link(&self) -> (String, Text) {
        self.app.back_link(&self.language, None)
    }

    /// The link to another login like this one.
    pub(super) fn again_link(&self, login: &Login) -> (String, Text) {
        let words = messages::page_login_again(&self.language);
        (ask_path(login.terms.configuration.as_deref()), words)
    }

    /// The login that this browser has asked for, or has proven.
    pub(super) async fn login(
        &self,
        key: fn(TokenHash) -> LoginKey,
    ) -> Result<Option<Login>, ApiError> {
        let Some(browser) = &self.browser else {
            return Ok(None);
        };
        Ok(self.app.logins.login(key(TokenHash::of(browser))).await?)
    }

    /// Leads the browser on to a path of ours.
    pub(super) fn leading_to(&self, path: &str) -> Result<Response, ApiError> {
        let location = HeaderValue::try_from(path).map_err(|_| ApiError::internal())?;
        Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
    }

    /// The same answer, which sets the browser's cookie to `token`.
    pub(super) fn with_cookie(
        &self,
        mut response: Response,
        token: &str,
    ) -> Result<Response, ApiError> {
        let cookie = self.app.config.session.cookie.login();
        let cookie = cookie.set_for(token, COOKIE_SECONDS)?;
        response.headers_mut().append(SET_COOKIE, cookie);
        Ok(response)
    }

    /// The browser's token, a new one where it has none.
    pub(super) fn browser_token(&self) -> String {
        let token = self.browser.clone();
        token.unwrap_or_else(|| session::new_token(&self.app))
    }

    /// Goes on from a proven address: into its account, to the choice of one, or to a page that
    /// says why not.
    pub(super) async fn proven(&self, login: &Login) -> Result<Response, ApiError> {
        let lookup = self.app.gateway.customers_with_email(&login.email);
        let customers = match calling_for(Purpose::Link, lookup).await {
            Ok(customers) => customers,
            Err(problem) => {
                tracing::warn!(problem = problem.title, "nobody can be signed in");
                return Ok(self.unavailable());
            }
        };
        match customers.as_slice() {
            [] => Ok(self.no_account(login)),
            [(customer, _)] => self.sign_in(login, *customer).await,
            _ => self.let_choose(login).await,
        }
    }

    async fn let_choose(&self, login: &Login) -> Result<Response, ApiError> {
        let browser = self.browser_token();
        let until_ms = self.app.now_ms().await? + GOOD_MS;
        let prover = TokenHash::of(&browser);
        let logins = &self.app.logins;
        let moved = logins.advance_login(login, LoginState::Proven, prover, until_ms);
        if !moved.await? {
            return self.used(login).await;
        }
        self.with_cookie(self.leading_to(ACCOUNT)?, &browser)
    }

    /// Begins the session of `customer`, whose address was proven.
    pub(super) async fn sign_in(
        &self,
        login: &Login,
        customer: CustomerId,
    ) -> Result<Response, ApiError> {
        let browser = self.browser_token();
        let prover = TokenHash::of(&browser);
        let logins = &self.app.logins;
        let moved = logins.advance_login(login, LoginState::Used, prover, login.expires_ms);
        if !moved.await? {
            return self.used(login).await;
        }
        let link = Link {
            id: login.id.clone(),
            customer,
            terms: login.terms.clone(),
            made_ms: login.made_ms,
            expires_ms: login.expires_ms,
        };
        let token = session_token(&browser, login);
        let cookie = session::begin(&self.app, &self.headers, link, &token).await?;
        self.signed_in(login, customer, cookie)
    }

    fn signed_in(
        &self,
        login: &Login,
        customer: CustomerId,
        cookie: HeaderValue,
    ) -> Result<Response, ApiError> {
        let page = login.terms.page.as_deref().unwrap_or("/");
        let mut response = self.leading_to(&format!("/portal{page}"))?;
        response.headers_mut().append(SET_COOKIE, cookie);
        let done = self.app.config.session.cookie.login().expired()?;
        response.headers_mut().append(SET_COOKIE, done);
        Audit::leave(&mut response, customer, "sign_in", "done");
        Ok(response)
    }

    /// The answer where a login was used already: the second request of a double press gets into
    /// the session that the first began, and nobody else does.
    pub(super) async fn used(&self, login: &Login) -> Result<Response, ApiError> {
        if let Some(browser) = &self.browser {
            let token = session_token(browser, login);
            if let Some(session) = session::just_begun(&self.app, &token).await? {
                let cookie = self.app.config.session.cookie.session().set(&token)?;
                return self.signed_in(login, session.customer, cookie);
            }
        }
        Ok(self.ended_link())
    }

    /// Says that a link is used up or too old.
    pub(super) fn ended_link(&self) -> Response {
        let minutes = GOOD_MINUTES.to_string();
        let page = PlainPage {
            facts: Vec::new(),
            language: &self.language,
            status: StatusCode::GONE,
            title: messages::page_link_used_title(&self.language),
            text: messages::page_login_link_used_text(&self.language, &minutes),
            buttons: Vec::new(),
            link: self.app.login_link(&self.language),
            advice: None,
        };
        page.response(&self.app)
    }

    /// Says that a form was one too many, and when to send it again.
    pub(super) fn too_many(&self, refusal: &ApiError) -> Response {
        let seconds = refusal.retry_after().unwrap_or(60);
        let minutes = seconds.div_ceil(60).to_string();
        let page = PlainPage {
            facts: Vec::new(),
            language: &self.language,
            status: StatusCode::TOO_MANY_REQUESTS,
            title: messages::page_login_wait_title(&self.language),
            text: messages::page_login_wait_text(&self.language, &minutes),
            buttons: Vec::new(),
            link: self.shop_link(),
            advice: None,
        };
        let mut response = page.response(&self.app);
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
        response
    }

    /// Says that nobody can be looked up at the moment.
    pub(super) fn unavailable(&self) -> Response {
        let page = PlainPage {
            facts: Vec::new(),
            language: &self.language,
            status: StatusCode::SERVICE_UNAVAILABLE,
            title: messages::page_login_unavailable_title(&self.language),
            text: messages::page_login_unavailable_text(&self.language),
            buttons: Vec::new(),
            link: self.shop_link(),
            advice: None,
        };
        page.response(&self.app)
    }

    /// Says, to whoever has proven the address, that it has no account any more.
    fn no_account(&self, login: &Login) -> Response {
        let shop = self.shop(login.terms.configuration.as_deref());
        let page = PlainPage {
            facts: Vec::new(),
            language: &self.language,
            status: StatusCode::NOT_FOUND,
            title: messages::page_login_missing_title(&self.language),
            text: messages::page_login_missing_text(&self.language, &login.email, shop),
            buttons: Vec::new(),
            link: self.again_link(login),
            advice: None,
        };
        page.response(&self.app)
    }
}

/// The page that asks for an address, for sessions under a configuration.
pub(super) fn ask_path(configuration: Option<&str>) -> String {
    match configuration {
        Some(name) => format!("{ASK}/{name}"),
        None => ASK.to_owned(),
    }
}

/// The hash of a code that is stored. Its key is the token of the browser that asked, of which only
/// the hash is stored: the database alone does not tell whether a code is right.
pub(super) fn code_hash(browser: &str, code: &str) -> [u8; 32] {
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(browser.as_bytes()) else {
        // Keys of every length are taken; a hash of nothing equals no code's.
        return [0; 32];
    };
    mac.chain_update(code).finalize().into_bytes().into()
}

/// The token of the session that a login begins in a browser.
fn session_token(browser: &str, login: &Login) -> String {
    hex(&Sha256::digest(format!("{browser} {}", login.id)))
}
