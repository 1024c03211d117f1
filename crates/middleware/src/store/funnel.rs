//! The steps that customers take when they cancel.

use async_trait::async_trait;
use base::Date;
use serde::{Deserialize, Serialize};

use super::error::StoreError;

/// A step of canceling, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FunnelStep {
    /// The cancellation was opened.
    Started,
    /// A reason was chosen.
    Reason,
    /// Something was offered in place of it.
    OfferShown,
    /// The customer took that.
    OfferAccepted,
    /// The customer did not.
    OfferDeclined,
    /// The subscription was canceled.
    Canceled,
}

impl FunnelStep {
    /// All steps, in the order of the table.
    pub(crate) const ALL: [FunnelStep; 6] = [
        FunnelStep::Started,
        FunnelStep::Reason,
        FunnelStep::OfferShown,
        FunnelStep::OfferAccepted,
        FunnelStep::OfferDeclined,
        FunnelStep::Canceled,
    ];

    /// Its name, as it is sent and stored.
    pub(crate) fn name(self) -> &'static str {
        match self {
            FunnelStep::Started => "started",
            FunnelStep::Reason => "reason",
            FunnelStep::OfferShown => "offer_shown",
            FunnelStep::OfferAccepted => "offer_accepted",
            FunnelStep::OfferDeclined => "offer_declined",
            FunnelStep::Canceled => "canceled",
        }
    }
}

/// How many flows took a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunnelRow {
    /// The step's name.
    pub step: String,
    /// The reason, or the operation that was offered; empty for other steps.
    pub detail: String,
    /// How many flows.
    pub flows: u64,
}

/// Where the steps are counted.
#[async_trait]
pub trait Funnel: Send + Sync {
    /// Counts `step` of a flow on `day`, once however often it is reported. Does nothing where the
    /// day has more steps than are kept.
    async fn take_step(
        &self,
        flow: &str,
        step: FunnelStep,
        detail: &str,
        day: Date,
    ) -> Result<(), StoreError>;

    /// How many flows took each step from the day `from` to the day `to`.
    async fn funnel(&self, from: Date, to: Date) -> Result<Vec<FunnelRow>, StoreError>;

    /// Forgets the steps of days before `day`.
    async fn forget_steps(&self, day: Date) -> Result<(), StoreError>;
}
