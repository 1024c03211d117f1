//! Logins: an email address that somebody says is theirs, on its way to a session.

use async_trait::async_trait;

use super::error::StoreError;
use super::sessions::{CLOCK_STEP_MS, Terms, TokenHash};

/// A login that a browser has asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The id of the session that it begins, which opens nothing.
    pub id: String,
    /// The browser that asked.
    pub browser: TokenHash,
    /// The hash of its code, keyed with the token of that browser.
    pub code: [u8; 32],
    /// The token of its link.
    pub link: TokenHash,
    /// The address, as it was typed.
    pub email: String,
    /// What its session is asked for with.
    pub terms: Terms,
    /// How far it has come.
    pub state: LoginState,
    /// The browser that proved the address.
    pub prover: Option<TokenHash>,
    /// How many codes were tried.
    pub tries: u32,
    /// When it was asked for, milliseconds since 1970.
    pub made_ms: i64,
    /// Until when it can go on, milliseconds since 1970.
    pub expires_ms: i64,
}

impl Login {
    /// Whether it can go on at `now_ms` from `state`.
    pub fn is(&self, state: LoginState, now_ms: i64) -> bool {
        let is_live = self.expires_ms > now_ms && self.made_ms <= now_ms + CLOCK_STEP_MS;
        self.state == state && is_live
    }
}

/// How far a login has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginState {
    /// Its code or its link was not used yet.
    Asked,
    /// The address is proven, and belongs to several accounts, one of which is to be chosen.
    Proven,
    /// It has begun a session.
    Used,
}

impl LoginState {
    /// The word that is stored.
    pub(crate) fn word(self) -> &'static str {
        match self {
            LoginState::Asked => "asked",
            LoginState::Proven => "proven",
            LoginState::Used => "used",
        }
    }
}

/// What a login is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginKey {
    /// The browser that asked.
    Browser(TokenHash),
    /// The token of the link.
    Link(TokenHash),
    /// The browser that proved the address: its latest one.
    Prover(TokenHash),
}

/// Where logins are kept until they expire.
#[async_trait]
pub trait Logins: Send + Sync {
    /// Adds a login, in place of the one that its browser had asked for before.
    async fn add_login(&self, login: &Login) -> Result<(), StoreError>;

    /// A login, whatever its state, until it is forgotten.
    async fn login(&self, key: LoginKey) -> Result<Option<Login>, StoreError>;

    /// Counts a try of the code that `browser` asked for; `None` where there is none to try, or
    /// `most` were tried. However many callers there are, at most so many get it.
    async fn count_try(
        &self,
        browser: TokenHash,
        most: u32,
        now_ms: i64,
    ) -> Result<Option<Login>, StoreError>;

    /// Moves a login on to another state, in which it can go on until `expires_ms`; whether it was
    /// still as `login` says. Of any number of callers, one moves it.
    async fn advance_login(
        &self,
        login: &Login,
        to: LoginState,
        prover: TokenHash,
        expires_ms: i64,
    ) -> Result<bool, StoreError>;
}
