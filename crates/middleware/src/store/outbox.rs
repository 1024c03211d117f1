//! What is still to be done outside, kept until it is done.

use async_trait::async_trait;

use super::error::StoreError;

/// A job that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedJob {
    /// Its id: the same job has the same one.
    pub id: String,
    /// The job as JSON.
    pub job: String,
    /// Since when, milliseconds since 1970.
    pub since_ms: i64,
    /// When it is tried next; `None` where that was given up.
    pub due_ms: Option<i64>,
    /// How often it was tried.
    pub tries: u32,
    /// Why it failed last.
    pub error: Option<String>,
}

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// Jobs that will be tried.
    pub waiting: u64,
    /// Those of them that failed before.
    pub failing: u64,
    /// Jobs that were given up.
    pub given_up: u64,
}

/// Where jobs wait. What a change leaves is put there with the change itself, in one step.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Adds a job, unless it is there.
    async fn add(&self, id: &str, job: &str, now_ms: i64) -> Result<(), StoreError>;

    /// The jobs that are due, the oldest first, `most` of them.
    async fn due(&self, now_ms: i64, most: u32) -> Result<Vec<QueuedJob>, StoreError>;

    /// A job was done: it goes.
    async fn done(&self, id: &str) -> Result<(), StoreError>;

    /// A job failed: it is tried again at `next_ms`, or not of itself.
    async fn failed(&self, id: &str, error: &str, next_ms: Option<i64>) -> Result<(), StoreError>;

    /// All jobs, the oldest first.
    async fn all(&self) -> Result<Vec<QueuedJob>, StoreError>;

    /// Makes all jobs due now, given up or not; how many.
    async fn retry(&self, now_ms: i64) -> Result<u64, StoreError>;

    /// How much is kept.
    async fn backlog(&self) -> Result<Backlog, StoreError>;
}
