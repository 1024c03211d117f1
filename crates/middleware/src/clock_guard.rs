//! Noticing that the clock was set back, which would lengthen what is good for a time.

use std::sync::atomic::{AtomicI64, Ordering};

use gateway::Env;

use crate::store::{CLOCK_STEP_MS, Store, StoreError};

/// The latest time that was seen, milliseconds since 1970; 0 before the store was asked.
#[derive(Default)]
pub(crate) struct ClockGuard(AtomicI64);

impl ClockGuard {
    /// What time it is, for all that is good for a time. Where the clock was set back by more
    /// than a small step, also while the program did not run, every session and link ends first:
    /// how old they are can no longer be told.
    ///
    /// # Errors
    /// Where that cannot be stored; nobody is let in then.
    pub(crate) async fn now_ms(&self, env: &dyn Env, store: &dyn Store) -> Result<i64, StoreError> {
        let now_ms = env.now_ms();
        let mut latest_ms = self.0.load(Ordering::SeqCst);
        if latest_ms == 0 {
            latest_ms = store.latest_ms().await?;
        }
        if now_ms >= latest_ms - CLOCK_STEP_MS {
            self.0.fetch_max(now_ms.max(latest_ms), Ordering::SeqCst);
            return Ok(now_ms);
        }
        store.end_all().await?;
        self.0.store(now_ms, Ordering::SeqCst);
        let seconds = (latest_ms - now_ms) / 1_000;
        tracing::warn!(
            seconds,
            "the clock was set back: all sessions and links have ended"
        );
        Ok(now_ms)
    }
}
