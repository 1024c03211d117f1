//! What Recharge reports by webhooks.

use std::collections::BTreeSet;

use async_trait::async_trait;
use protocol::CustomerId;

use super::error::StoreError;

/// What Recharge reports by a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id: a repeat has the same one.
    pub id: String,
    /// What has happened, such as `subscription/cancelled`.
    pub topic: String,
    /// Whose it is; `None` where the report does not say.
    pub customer: Option<CustomerId>,
    /// The id of the object.
    pub object: u64,
    /// What the history needs of the object, as JSON.
    pub facts: String,
    /// When it happened, milliseconds since 1970.
    pub at_ms: i64,
}

/// Where reports are queued, and known until they cannot be repeated any more.
#[async_trait]
pub trait Reports: Send + Sync {
    /// Queues reports, durably, except those that are known: all of them or none.
    async fn add_reports(&self, reports: &[Report], received_ms: i64) -> Result<(), StoreError>;

    /// The reports that were received before `before_ms` and not handled yet, the oldest first, `most`
    /// of them.
    async fn waiting_reports(&self, before_ms: i64, most: u32) -> Result<Vec<Report>, StoreError>;

    /// Notes that a report was handled and, where it is of a subscription, how that is now.
    async fn handled_report(
        &self,
        report: &Report,
        subscription: Option<&str>,
    ) -> Result<(), StoreError>;

    /// How a subscription was when it was last reported, as JSON.
    async fn reported_subscription(&self, id: u64) -> Result<Option<String>, StoreError>;

    /// The topics of what happened to an object from `from_ms` to `to_ms`.
    async fn reported_topics(
        &self,
        object: u64,
        from_ms: i64,
        to_ms: i64,
    ) -> Result<Vec<String>, StoreError>;

    /// The customers of whom something was reported since `since_ms`.
    async fn reported_customers(&self, since_ms: i64) -> Result<BTreeSet<CustomerId>, StoreError>;

    /// Forgets the handled reports that were received before `before_ms`.
    async fn forget_reports(&self, before_ms: i64) -> Result<(), StoreError>;
}
