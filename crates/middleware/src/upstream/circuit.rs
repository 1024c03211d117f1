//! Stops asking an upstream that does not answer, for its sake and for the customer's patience.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// After so many failures in a row nobody asks for a while.
const FAILURES: u32 = 8;
/// For so long; then one call tries, and the others follow where it succeeds.
const PAUSE: Duration = Duration::from_secs(5);

/// Counts failures in a row.
#[derive(Debug, Default)]
pub(super) struct CircuitBreaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    open_until: Option<Instant>,
}

impl CircuitBreaker {
    /// Lets a call out, or says how long the pause still takes.
    pub(super) fn try_acquire(&self) -> Result<(), Duration> {
        let mut state = self.lock();
        let now = Instant::now();
        if let Some(until) = state.open_until {
            if now < until {
                return Err(until - now);
            }
            // This call is the one that tries; the pause begins anew for the others.
            state.open_until = Some(now + PAUSE);
        }
        Ok(())
    }

    /// Notes what became of a call.
    pub(super) fn record(&self, success: bool) {
        let mut state = self.lock();
        if success {
            *state = State::default();
            return;
        }
        state.failures += 1;
        if state.failures >= FAILURES {
            state.open_until = Some(Instant::now() + PAUSE);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn after_many_failures_nobody_asks_until_one_call_succeeds() {
        let circuit = CircuitBreaker::default();
        for _ in 0..FAILURES {
            assert!(circuit.try_acquire().is_ok());
            circuit.record(false);
        }
        assert_eq!(circuit.try_acquire(), Err(PAUSE));
        tokio::time::advance(PAUSE).await;
        assert!(circuit.try_acquire().is_ok());
        assert!(circuit.try_acquire().is_err(), "only one call tries");
        circuit.record(true);
        assert!(circuit.try_acquire().is_ok());
    }
}
