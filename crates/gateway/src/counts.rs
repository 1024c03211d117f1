//! What a gateway counts, for whoever watches it.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a gateway has counted since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Changes that were answered from the journal because their key had been used.
    pub replays: u64,
    /// Writes that were sent again because upstream was at work there.
    pub retries: u64,
    /// Reads that were answered from the cache.
    pub cache_hits: u64,
    /// Reads that upstream was asked for.
    pub cache_misses: u64,
}

/// A number that only grows.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// Counts one.
    pub(crate) fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How many there were.
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
