//! Tokens of other systems that were used.

use async_trait::async_trait;

use super::error::StoreError;
use super::sessions::TokenHash;

/// Where it is noted which tokens of other systems were used.
#[async_trait]
pub trait SpentTokens: Send + Sync {
    /// Notes that a token is used, which is good until `expires_ms`, milliseconds since 1970. Of
    /// any number of callers, one gets `true`; the others are not the first.
    async fn spend(&self, token: TokenHash, expires_ms: i64) -> Result<bool, StoreError>;

    /// Forgets tokens that expired before `before_ms`, milliseconds since 1970.
    async fn forget_spent(&self, before_ms: i64) -> Result<(), StoreError>;
}
