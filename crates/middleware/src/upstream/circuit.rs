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
pub(super) struct Circuit(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    silent_until: Option<Instant>,
}

impl Circuit {
    /// Whether a call may go out now.
    pub(super) fn lets_through(&self) -> bool {
        let mut state = self.lock();
        match state.silent_until {
            Some(until) if Instant::now() < until => false,
            Some(_) => {
                // This call is the one that tries; the pause begins anew for the others.
                state.silent_until = Some(Instant::now() + PAUSE);
                true
            }
            None => true,
        }
    }

    /// Notes what became of a call.
    pub(super) fn note(&self, worked: bool) {
        let mut state = self.lock();
        if worked {
            *state = State::default();
            return;
        }
        state.failures += 1;
        if state.failures >= FAILURES {
            state.silent_until = Some(Instant::now() + PAUSE);
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
        let circuit = Circuit::default();
        for _ in 0..FAILURES {
            assert!(circuit.lets_through());
            circuit.note(false);
        }
        assert!(!circuit.lets_through());
        tokio::time::advance(PAUSE).await;
        assert!(circuit.lets_through());
        assert!(!circuit.lets_through(), "only one call tries");
        circuit.note(true);
        assert!(circuit.lets_through());
    }
}
