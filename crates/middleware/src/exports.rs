//! Exports: large, so one at a time for each customer, few in all, and none on the threads that
//! serve the others.

use std::collections::HashSet;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::CustomerId;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::{Duration, timeout};
use tracing::Instrument;

use crate::problem::ApiError;

/// Exports under way at most.
const AT_ONCE: usize = 2;
/// How long an export waits for others.
const PATIENCE: Duration = Duration::from_secs(10);
/// Seconds after which to ask again.
const AGAIN: u32 = 10;

/// The exports under way.
#[derive(Debug)]
pub(crate) struct Exports {
    customers: Mutex<HashSet<CustomerId>>,
    turns: Arc<Semaphore>,
}

impl Default for Exports {
    fn default() -> Exports {
        Exports {
            customers: Mutex::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Exports {
    fn customers(&self) -> MutexGuard<'_, HashSet<CustomerId>> {
        self.customers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A customer's export under way, until it is dropped.
struct Running {
    exports: Arc<Exports>,
    customer: CustomerId,
}

impl Running {
    fn begin(exports: &Arc<Exports>, customer: CustomerId) -> Result<Running, ApiError> {
        if !exports.customers().insert(customer) {
            return Err(ApiError::too_many(AGAIN));
        }
        Ok(Running {
            exports: Arc::clone(exports),
            customer,
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.exports.customers().remove(&self.customer);
    }
}

/// Makes the export of a customer by `work`. A browser that leaves does not end it, so that leaving
/// and asking again does not make two.
///
/// # Errors
/// 429 where one is under way, or too many of others are.
pub(crate) async fn export<T: Send + 'static>(
    exports: &Arc<Exports>,
    customer: CustomerId,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, ApiError> {
    let running = Running::begin(exports, customer)?;
    let turn = timeout(PATIENCE, Arc::clone(&exports.turns).acquire_owned()).await;
    let Ok(Ok(turn)) = turn else {
        return Err(ApiError::too_many(AGAIN));
    };
    let runtime = Handle::current();
    let work = move || {
        let made = runtime.block_on(work);
        drop((turn, running));
        made
    };
    let span = tracing::Span::current();
    let work = spawn_blocking(move || span.in_scope(work)).in_current_span();
    work.await.map_err(|_| ApiError::internal())
}
