//! Links that make one change.

use async_trait::async_trait;
use protocol::{CustomerId, Sendable};

use super::error::StoreError;
use super::sessions::{Terms, TokenHash};

/// A link that makes one change when its button is pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneClickLink {
    /// Its id, which opens nothing.
    pub id: String,
    /// Whose change it is.
    pub customer: CustomerId,
    /// The change, without any secret.
    pub change: Sendable,
    /// The key under which it is carried out once.
    pub key: String,
    /// What the link was asked for with.
    pub terms: Terms,
    /// When it was made, milliseconds since 1970.
    pub made_ms: i64,
    /// Until when it works, milliseconds since 1970.
    pub expires_ms: i64,
    /// When its change was made, milliseconds since 1970.
    pub done_ms: Option<i64>,
}

/// Where links that make one change are kept, until a while after they expire.
#[async_trait]
pub trait OneClickLinks: Send + Sync {
    /// Adds a link.
    async fn add_one_click(&self, token: TokenHash, link: &OneClickLink) -> Result<(), StoreError>;

    /// The link of `token`, done, expired or neither.
    async fn one_click(&self, token: TokenHash) -> Result<Option<OneClickLink>, StoreError>;

    /// Gives a link another key, since what was tried under this one changed nothing.
    async fn retry_one_click(
        &self,
        token: TokenHash,
        before: &str,
        key: &str,
    ) -> Result<(), StoreError>;

    /// Notes that the change of a link was made.
    async fn finish_one_click(&self, token: TokenHash, now_ms: i64) -> Result<(), StoreError>;
}
