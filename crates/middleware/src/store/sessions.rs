//! One-time links, sessions and bearer tokens.

use async_trait::async_trait;
use base::hex;
use gateway::Actor;
use protocol::CustomerId;
use protocol::view::Flow;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::StoreError;

/// A clock may be set back by so much, milliseconds, before what it dated counts as not yet begun.
pub(crate) const CLOCK_STEP_MS: i64 = 60_000;

/// The SHA-256 of a token: what is stored, so that a stolen database opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The hash under which `token` is stored.
    pub fn of(token: &str) -> TokenHash {
        TokenHash(Sha256::digest(token).into())
    }

    /// A name for what the token opens, which opens nothing itself.
    pub fn name(self) -> String {
        hex(&self.0[..16])
    }
}

/// What a session was asked for with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// Where 'Back to the shop' leads, where it is not the usual place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// The language tag in which the customer reads, such as `de-CH`; the browser's without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// In whose name it was asked for, for the merchant's records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// The configuration that is for the session, where the rules don't decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<String>,
    /// The page that the link leads to, as a path below that of the portal, where it is not the
    /// first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The one thing that the session is for, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<Flow>,
    /// The address that signs the customer out where they signed on, with proof of who they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logout: Option<String>,
    /// The id of the member of the shop's staff who asked for it; `None` where it is for the
    /// customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<String>,
}

impl Terms {
    /// Who acts in the session.
    pub(crate) fn actor(&self) -> Actor {
        self.staff.clone().map_or(Actor::Customer, Actor::Staff)
    }
}

/// A one-time link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The id of the session that it begins, which opens nothing.
    pub id: String,
    /// For whom.
    pub customer: CustomerId,
    /// What the session was asked for with.
    pub terms: Terms,
    /// When it was made, milliseconds since 1970.
    pub made_ms: i64,
    /// Until when it opens, milliseconds since 1970.
    pub expires_ms: i64,
}

/// What became of a link that somebody opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkUse {
    /// It was good, and is used now.
    Good(Link),
    /// It was good once: used before, or too old.
    AlreadyUsed(Link),
    /// There never was such a link, or it is long gone.
    Unknown,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, which opens nothing.
    pub id: String,
    /// Whose.
    pub customer: CustomerId,
    /// What it was asked for with.
    pub terms: Terms,
    /// When it began, milliseconds since 1970.
    pub begun_ms: i64,
    /// When it was last used, milliseconds since 1970 (to about a minute).
    pub seen_ms: i64,
}

/// What is kept under the id of a session, from its link to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Whose.
    pub customer: CustomerId,
    /// What it was asked for with.
    pub terms: Terms,
    /// When the link was made or, without one, the session began, milliseconds since 1970.
    pub made_ms: i64,
    /// Until when the link opens, milliseconds since 1970; `None` once it was used.
    pub opens_until_ms: Option<i64>,
    /// The session, once it has begun and until it is forgotten.
    pub session: Option<Session>,
}

impl Granted {
    /// That of a link which nobody has opened.
    pub fn unopened(link: &Link) -> Granted {
        Granted {
            customer: link.customer,
            terms: link.terms.clone(),
            made_ms: link.made_ms,
            opens_until_ms: Some(link.expires_ms),
            session: None,
        }
    }
}

/// A bearer token: what a page of another origin sends in place of the cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The session.
    pub session: TokenHash,
    /// The one origin from which it is good, as browsers send it.
    pub origin: String,
    /// Until when it is good, milliseconds since 1970.
    pub expires_ms: i64,
}

/// Where links, sessions and bearer tokens are kept. Everything is forgotten when it has expired.
#[async_trait]
pub trait Store: Send + Sync {
    /// Adds a link.
    async fn add_link(&self, token: TokenHash, link: &Link) -> Result<(), StoreError>;

    /// The state of a link, which stays as it is.
    async fn link(&self, token: TokenHash, now_ms: i64) -> Result<LinkUse, StoreError>;

    /// Takes a link: of any number of callers, one gets [`LinkUse::Good`].
    async fn take_link(&self, token: TokenHash, now_ms: i64) -> Result<LinkUse, StoreError>;

    /// Begins a session.
    async fn add_session(&self, token: TokenHash, session: &Session) -> Result<(), StoreError>;

    /// The session of `token`, expired or not.
    async fn session(&self, token: TokenHash) -> Result<Option<Session>, StoreError>;

    /// Notes that a session was used.
    async fn touch_session(&self, token: TokenHash, now_ms: i64) -> Result<(), StoreError>;

    /// What is kept under the id of a session; `None` where there is nothing.
    async fn granted(&self, id: &str) -> Result<Option<Granted>, StoreError>;

    /// Ends the session with this id and forgets its link; whether there was either.
    async fn revoke(&self, id: &str) -> Result<bool, StoreError>;

    /// Ends a session; one that is not there is ended already.
    async fn end_session(&self, token: TokenHash) -> Result<(), StoreError>;

    /// Ends all sessions of a customer but one; how many.
    async fn end_other_sessions(
        &self,
        customer: CustomerId,
        keep: TokenHash,
    ) -> Result<u64, StoreError>;

    /// Adds a bearer token, unless its session has ended; whether it did. The session's other
    /// tokens expire at `others_until_ms`, if not before.
    async fn add_bearer(
        &self,
        token: TokenHash,
        bearer: &Bearer,
        others_until_ms: i64,
    ) -> Result<bool, StoreError>;

    /// A bearer token whose session has not ended, expired or not.
    async fn bearer(&self, token: TokenHash) -> Result<Option<Bearer>, StoreError>;

    /// Forgets links that expired before `links_before_ms` and have no session, sessions last used before
    /// `seen_before_ms` or begun before `begun_before_ms`, bearer tokens and logins that have expired, and
    /// finished changes begun before `changes_before_ms` or, the oldest first, those that there is
    /// no room for.
    async fn sweep(&self, before: Sweep) -> Result<(), StoreError>;

    /// Ends all sessions and forgets all links and logins.
    async fn end_all(&self) -> Result<(), StoreError>;

    /// The latest time at which a session was used or a link was made, milliseconds since 1970;
    /// 0 where there are none.
    async fn latest_ms(&self) -> Result<i64, StoreError>;

    /// Lets go of the database.
    async fn close(&self) {}

    /// Whether the store can be written, for readiness: writes something and takes it away.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// What [`Store::sweep`] forgets; milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sweep {
    /// Links that expired before.
    pub links_before_ms: i64,
    /// Sessions last used before.
    pub seen_before_ms: i64,
    /// Sessions begun before.
    pub begun_before_ms: i64,
    /// Finished changes begun before.
    pub changes_before_ms: i64,
    /// What time it is.
    pub now_ms: i64,
}
