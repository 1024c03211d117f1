//! The upstream's leaky bucket, mirrored: nobody sends what upstream would refuse, and a call that
//! cannot be made in time is refused at once, with the time after which it can.
//!
//! While there is room a call is granted at once. Else sign-in links come first, then customers,
//! then work in the background. Among customers, those who have had the first of the calls that a
//! first screen takes come first, in the order in which they came: two calls for each of a hundred
//! customers make fifty screens where they are taken in pairs, and none where everybody gets one.
//! Customers who have had their screen take turns with those who come, one call each.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until, timeout_at};

/// Calls kept back, because answers travel and calls may arrive closer together than they left.
const RESERVE: u64 = 1;
/// One call, in the unit of the bucket: thousandths, so that no fraction is lost.
const CALL: u64 = 1_000;
/// Calls that a first screen usually takes.
const SCREEN: u64 = 2;
/// Calls of a visit that come before those of newcomers: a screen may take one more than usual.
const FINISH_VIEW: u64 = 3;
/// The same for changes, which are not left half done.
const FINISH_CHANGE: u64 = 16;
/// A visit is over after so long without a call.
const VISIT: Duration = Duration::from_secs(10);
/// The next call of a first screen is expected within this time.
const NEXT_CALL: Duration = Duration::from_secs(2);
/// The place of somebody who was told when to come back is kept for so long after that.
const LATENESS: Duration = Duration::from_secs(30);
/// Of so many calls one is for work in the background, where there is any.
const BACKGROUND_SHARE: u64 = 8;

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A sign-in link.
    Link,
    /// Something that a customer looks at.
    View(u64),
    /// A change of a customer.
    Change(u64),
    /// All that there is of a customer: many calls, which take turns with those of others.
    Export(u64),
    /// Recovery, and what follows from changes.
    Background,
}

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
    links: VecDeque<Call>,
    customers: HashMap<u64, Customer>,
    background: VecDeque<Call>,
    next_place: u64,
    granted: u64,
}

/// A call that waits. It is told that it may be made, or how long that will take.
#[derive(Debug)]
struct Call {
    deadline: Instant,
    /// Until its customer has had so many calls, it comes before those of newcomers.
    finish: u64,
    answer: oneshot::Sender<Result<(), Duration>>,
}

/// A customer's visit.
#[derive(Debug)]
struct Customer {
    /// The place in the queue.
    place: u64,
    granted: u64,
    seen: Instant,
    /// When to come back, as was said where there were too many others.
    promised: Option<Instant>,
    calls: VecDeque<Call>,
}

impl Budget {
    /// A budget for a bucket of `bucket` calls of which `leak_per_second` leak every second.
    pub(crate) fn new(bucket: u32, leak_per_second: u32) -> Budget {
        let capacity = u64::from(bucket).saturating_sub(RESERVE).max(1) * CALL;
        Budget {
            state: Mutex::new(State {
                room: capacity,
                filled_at: Instant::now(),
                links: VecDeque::new(),
                customers: HashMap::new(),
                background: VecDeque::new(),
                next_place: 0,
                granted: 0,
            }),
            capacity,
            leak_per_second: u64::from(leak_per_second).max(1),
        }
    }

    /// Waits until a call may be made.
    ///
    /// # Errors
    /// How long to wait, at once where the call cannot be made before `deadline`.
    pub(crate) async fn turn(&self, purpose: Purpose, deadline: Instant) -> Result<(), Duration> {
        let answered = {
            let mut state = self.lock();
            let answered = state.join(purpose, deadline);
            self.settle(&mut state);
            answered
        };
        match timeout_at(deadline, self.wait(answered)).await {
            Ok(answer) => answer,
            Err(_) => Err(self.time_of(1)),
        }
    }

    /// Upstream says that its bucket is full, whatever is counted here: others use it too.
    pub(crate) fn exhausted(&self) {
        let mut state = self.lock();
        self.refill(&mut state);
        state.room = 0;
    }

    /// Those who wait wake each other: there is no task in the background.
    async fn wait(
        &self,
        mut answered: oneshot::Receiver<Result<(), Duration>>,
    ) -> Result<(), Duration> {
        loop {
            let next = self.next_room();
            tokio::select! {
                biased;
                answer = &mut answered => return answer.unwrap_or_else(|_| Err(self.time_of(1))),
                () = sleep_until(next) => self.settle(&mut self.lock()),
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

    /// Grants what there is room for, and refuses what will come too late.
    fn settle(&self, state: &mut State) {
        self.refill(state);
        state.forget_the_gone();
        while state.room >= CALL && state.grant() {
            state.room -= CALL;
        }
        self.refuse_late_links(state);
        self.refuse_late_customers(state);
    }

    fn refuse_late_links(&self, state: &mut State) {
        let now = Instant::now();
        while let Some(last) = state.links.back() {
            let wait = self.wait_for(state, state.links.len() as u64);
            if now + wait <= last.deadline {
                break;
            }
            if let Some(last) = state.links.pop_back() {
                let _ = last.answer.send(Err(wait));
            }
        }
    }

    /// Looks at the customers in the order of their turns. Refuses those whose screen will not be
    /// whole in time; they keep their place for when they come back.
    fn refuse_late_customers(&self, state: &mut State) {
        let now = Instant::now();
        let mut order: Vec<(bool, u64, u64)> = state
            .customers
            .iter()
            .map(|(id, customer)| (!customer.is_under_way(), customer.place, *id))
            .collect();
        order.sort_unstable();
        let mut ahead = state.links.len() as u64;
        let mut absent: Vec<Instant> = Vec::new();
        for (is_new, _, id) in order {
            let Some(customer) = state.customers.get(&id) else {
                continue;
            };
            let own = SCREEN.saturating_sub(customer.granted).max(1);
            let Some(first) = customer.calls.front() else {
                match customer.promised {
                    Some(promised) => absent.push(promised),
                    None if customer.expects_another(now) => ahead += own,
                    None => {}
                }
                continue;
            };
            let deadline = first.deadline;
            let returning = absent.iter().filter(|promised| **promised <= deadline);
            let returning = returning.count() as u64 * SCREEN;
            if !is_new || now + self.wait_for(state, ahead + returning + own) <= deadline {
                self.refuse_late_calls(state, id, ahead);
                ahead += own;
                continue;
            }
            let before = ahead + absent.len() as u64 * SCREEN;
            let wait = self.wait_for(state, before + own);
            absent.push(now + wait);
            if let Some(customer) = state.customers.get_mut(&id) {
                customer.promised = Some(now + wait);
                for call in customer.calls.drain(..) {
                    let _ = call.answer.send(Err(wait));
                }
            }
        }
    }

    /// Of many calls of one customer refuses those that will not be made in time.
    fn refuse_late_calls(&self, state: &mut State, id: u64, ahead: u64) {
        let now = Instant::now();
        while let Some(customer) = state.customers.get(&id)
            && let count @ 2.. = customer.calls.len()
            && let Some(last) = customer.calls.back()
        {
            let wait = self.wait_for(state, ahead + count as u64);
            if now + wait <= last.deadline {
                return;
            }
            let last = state.customers.get_mut(&id);
            if let Some(last) = last.and_then(|customer| customer.calls.pop_back()) {
                let _ = last.answer.send(Err(wait));
            }
        }
    }

    /// How long until there has been room for so many calls.
    fn wait_for(&self, state: &State, calls: u64) -> Duration {
        let missing = (calls * CALL).saturating_sub(state.room);
        Duration::from_millis(missing.div_ceil(self.leak_per_second))
    }

    fn time_of(&self, calls: u64) -> Duration {
        let mut state = self.lock();
        self.refill(&mut state);
        let waiting = state.customers.values().map(|one| one.calls.len());
        let waiting = waiting.sum::<usize>() + state.links.len();
        self.wait_for(&state, waiting as u64 + calls)
    }

    fn next_room(&self) -> Instant {
        let state = self.lock();
        let missing = CALL.saturating_sub(state.room);
        let wait = missing.div_ceil(self.leak_per_second).max(1);
        state.filled_at + Duration::from_millis(wait)
    }
}

impl State {
    fn join(
        &mut self,
        purpose: Purpose,
        deadline: Instant,
    ) -> oneshot::Receiver<Result<(), Duration>> {
        let (answer, answered) = oneshot::channel();
        let call = |finish| Call {
            deadline,
            finish,
            answer,
        };
        match purpose {
            Purpose::Link => self.links.push_back(call(0)),
            Purpose::Background => self.background.push_back(call(0)),
            Purpose::View(customer) => self.visit(customer).calls.push_back(call(FINISH_VIEW)),
            Purpose::Change(customer) => self.visit(customer).calls.push_back(call(FINISH_CHANGE)),
            Purpose::Export(customer) => self.visit(customer).calls.push_back(call(0)),
        }
        answered
    }

    /// The visit of a customer, which begins at the end of the queue.
    fn visit(&mut self, customer: u64) -> &mut Customer {
        let now = Instant::now();
        self.customers.retain(|_, customer| customer.stays(now));
        let next = &mut self.next_place;
        self.customers.entry(customer).or_insert_with(|| {
            *next += 1;
            Customer {
                place: *next,
                granted: 0,
                seen: now,
                promised: None,
                calls: VecDeque::new(),
            }
        })
    }

    /// Drops the calls whose callers have given up.
    fn forget_the_gone(&mut self) {
        let waits = |call: &Call| !call.answer.is_closed();
        self.links.retain(waits);
        self.background.retain(waits);
        for customer in self.customers.values_mut() {
            customer.calls.retain(waits);
        }
    }

    /// Grants the next call; `false` where nobody waits.
    fn grant(&mut self) -> bool {
        let is_background = (self.granted + 1).is_multiple_of(BACKGROUND_SHARE);
        let granted = (is_background && take(&mut self.background))
            || take(&mut self.links)
            || self.grant_customer()
            || take(&mut self.background);
        self.granted += u64::from(granted);
        granted
    }

    fn grant_customer(&mut self) -> bool {
        loop {
            let waiting = self.customers.values_mut();
            let next = waiting
                .filter(|customer| !customer.calls.is_empty())
                .min_by_key(|customer| (!customer.is_under_way(), customer.place));
            let Some(customer) = next else {
                return false;
            };
            let Some(call) = customer.calls.pop_front() else {
                return false;
            };
            // Sending fails where the caller gave up; that costs nothing.
            if call.answer.send(Ok(())).is_err() {
                continue;
            }
            customer.granted += 1;
            customer.seen = Instant::now();
            customer.promised = None;
            if customer.granted >= call.finish {
                self.next_place += 1;
                customer.place = self.next_place;
            }
            return true;
        }
    }
}

impl Customer {
    /// Whether a call has been granted and another belongs to it.
    fn is_under_way(&self) -> bool {
        let finish = self.calls.front().map_or(SCREEN, |call| call.finish);
        (1..finish).contains(&self.granted)
    }

    /// Whether the next call of a screen is probably on its way.
    fn expects_another(&self, now: Instant) -> bool {
        (1..SCREEN).contains(&self.granted) && now < self.seen + NEXT_CALL
    }

    fn stays(&self, now: Instant) -> bool {
        let is_awaited = self.promised.is_some_and(|at| now < at + LATENESS);
        !self.calls.is_empty() || is_awaited || now < self.seen + VISIT
    }
}

/// Grants the first call whose caller still waits.
fn take(calls: &mut VecDeque<Call>) -> bool {
    while let Some(call) = calls.pop_front() {
        if call.answer.send(Ok(())).is_ok() {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
