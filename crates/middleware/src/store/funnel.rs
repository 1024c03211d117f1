//! The steps that customers take when they cancel.

use async_trait::async_trait;
use base::Date;
use protocol::view::CancellationStep;

use super::error::StoreError;

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
        step: CancellationStep,
        detail: &str,
        day: Date,
    ) -> Result<(), StoreError>;

    /// How many flows took each step from the day `from` to the day `to`.
    async fn funnel(&self, from: Date, to: Date) -> Result<Vec<FunnelRow>, StoreError>;

    /// Forgets the steps of days before `day`.
    async fn forget_steps(&self, day: Date) -> Result<(), StoreError>;
}
