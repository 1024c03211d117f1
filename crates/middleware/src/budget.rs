//! The upstream's leaky bucket, mirrored: nobody sends what upstream would refuse, and no
//! customer starves the others.
//!
//! Whoever wants to call takes a turn. While there is room, a turn is granted at once; else the
//! waiting customers are served in rotation, one call each, so that somebody with two hundred
//! queued calls delays somebody else's first by one.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until, timeout_at};

/// Calls kept back, because answers travel and calls may arrive closer together than they left.
const RESERVE: u64 = 1;
/// One call, in the unit of the bucket: thousandths, so that no fraction is lost.
const CALL: u64 = 1_000;

/// A shared budget of calls.
#[derive(Debug)]
pub(crate) struct Budget {
    state: Mutex<State>,
    capacity: u64,
    leak_per_second: u64,
}

#[derive(Debug)]
struct State {
    room: u64,
    filled_at: Instant,
    /// Waiting customers in the order in which they get their next turn.
    queues: VecDeque<(u64, VecDeque<oneshot::Sender<()>>)>,
}

impl Budget {
    /// A budget for a bucket of `bucket` calls of which `leak_per_second` leak every second.
    pub(crate) fn new(bucket: u32, leak_per_second: u32) -> Budget {
        let capacity = u64::from(bucket).saturating_sub(RESERVE).max(1) * CALL;
        Budget {
            state: Mutex::new(State {
                room: capacity,
                filled_at: Instant::now(),
                queues: VecDeque::new(),
            }),
            capacity,
            leak_per_second: u64::from(leak_per_second),
        }
    }

    /// Waits for a turn of `customer`; `false` where `deadline` comes first.
    pub(crate) async fn turn(&self, customer: u64, deadline: Instant) -> bool {
        let granted = {
            let mut state = self.lock();
            let granted = state.join(customer);
            self.grant(&mut state);
            granted
        };
        timeout_at(deadline, self.wait(granted)).await.is_ok()
    }

    /// Upstream says that its bucket is full, whatever is counted here: others use it too.
    pub(crate) fn exhausted(&self) {
        let mut state = self.lock();
        self.refill(&mut state);
        state.room = 0;
    }

    /// Those who wait wake each other: there is no task in the background.
    async fn wait(&self, mut granted: oneshot::Receiver<()>) {
        loop {
            let next = self.next_room();
            tokio::select! {
                biased;
                _ = &mut granted => return,
                () = sleep_until(next) => self.grant(&mut self.lock()),
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refill(&self, state: &mut State) {
        let now = Instant::now();
        let passed = now.duration_since(state.filled_at).as_millis() as u64;
        // Thousandths per millisecond are calls per second.
        state.room = (state.room + passed * self.leak_per_second).min(self.capacity);
        state.filled_at += Duration::from_millis(passed);
    }

    fn grant(&self, state: &mut State) {
        self.refill(state);
        while state.room >= CALL
            && let Some((customer, mut queue)) = state.queues.pop_front()
        {
            // A send fails where the waiting one gave up; that costs nothing.
            let granted = queue.pop_front().is_some_and(|next| next.send(()).is_ok());
            if granted {
                state.room -= CALL;
            }
            if !queue.is_empty() {
                state.queues.push_back((customer, queue));
            }
        }
    }

    fn next_room(&self) -> Instant {
        let state = self.lock();
        let missing = CALL.saturating_sub(state.room);
        let wait = missing.div_ceil(self.leak_per_second.max(1)).max(1);
        state.filled_at + Duration::from_millis(wait)
    }
}

impl State {
    fn join(&mut self, customer: u64) -> oneshot::Receiver<()> {
        let (grant, granted) = oneshot::channel();
        match self.queues.iter_mut().find(|(one, _)| *one == customer) {
            Some((_, queue)) => queue.push_back(grant),
            None => self.queues.push_back((customer, VecDeque::from([grant]))),
        }
        granted
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn soon(seconds: u64) -> Instant {
        Instant::now() + Duration::from_secs(seconds)
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_bucket_grants_at_once_and_then_at_the_leak() {
        let budget = Budget::new(5, 2);
        let start = Instant::now();
        for _ in 0..4 {
            assert!(budget.turn(1, soon(1)).await);
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        for _ in 0..4 {
            assert!(budget.turn(1, soon(60)).await);
        }
        assert!(start.elapsed() >= Duration::from_secs(2));
        assert!(start.elapsed() < Duration::from_millis(2_100));
    }

    #[tokio::test(start_paused = true)]
    async fn one_customers_queue_delays_another_by_one_call() {
        let budget = Arc::new(Budget::new(2, 2));
        for _ in 0..200 {
            let budget = Arc::clone(&budget);
            tokio::spawn(async move { budget.turn(1, soon(600)).await });
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        let start = Instant::now();
        assert!(budget.turn(2, soon(600)).await);
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{:?}",
            start.elapsed()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn s36_fifty_customers_at_once_are_served_in_half_a_minute_within_the_bucket() {
        let (bucket, leak) = (40_u32, 2_u32);
        let budget = Arc::new(Budget::new(bucket, leak));
        let start = Instant::now();
        // The first screen of each needs two calls.
        let calls = (0..50).flat_map(|customer| [customer; 2]).map(|customer| {
            let budget = Arc::clone(&budget);
            tokio::spawn(async move {
                assert!(budget.turn(customer, soon(60)).await);
                (customer, start.elapsed())
            })
        });
        let mut granted = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            granted.push(call.await.unwrap());
        }
        granted.sort_by_key(|(_, at)| *at);
        // Upstream's own bucket, in thousandths of a call.
        let (mut level, mut before) = (0, Duration::ZERO);
        for (_, at) in &granted {
            let leaked = (*at - before).as_millis() * u128::from(leak);
            level = level.max(leaked) - leaked + 1_000;
            assert!(level <= u128::from(bucket) * 1_000, "{level} at {at:?}");
            before = *at;
        }
        let last = granted.last().unwrap().1;
        assert!(last <= Duration::from_secs(31), "{last:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_leaves_its_turn_to_the_next() {
        let budget = Budget::new(2, 1);
        assert!(budget.turn(1, soon(1)).await);
        assert!(
            !budget
                .turn(1, Instant::now() + Duration::from_millis(10))
                .await
        );
        let start = Instant::now();
        assert!(budget.turn(2, soon(10)).await);
        assert!(start.elapsed() <= Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_of_upstream_empties_the_budget() {
        let budget = Budget::new(40, 2);
        budget.exhausted();
        let start = Instant::now();
        assert!(budget.turn(1, soon(10)).await);
        assert!(start.elapsed() >= Duration::from_millis(500));
    }
}
