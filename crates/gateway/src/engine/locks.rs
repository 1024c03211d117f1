//! One change after another for each customer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::lock::Mutex as AsyncMutex;
use protocol::CustomerId;

/// The lock by which a customer's changes run one after another.
pub(crate) type CustomerLock = Arc<AsyncMutex<()>>;

/// A lock for each customer, in which changes wait for each other.
#[derive(Default)]
pub(crate) struct CustomerLocks(Mutex<BTreeMap<CustomerId, CustomerLock>>);

/// From this many locks on, those that nobody holds are dropped.
const SWEEP_FROM: usize = 1_000;

impl CustomerLocks {
    /// The lock of a customer.
    pub(crate) fn of(&self, customer: CustomerId) -> CustomerLock {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if locks.len() >= SWEEP_FROM {
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
        }
        Arc::clone(locks.entry(customer).or_default())
    }
}
