//! Queueing reports: those that come at the same time share one write, so that many are answered as
//! soon as one.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, oneshot};

use crate::store::{Report, Reports, StoreError};

/// A report, and who waits until it is queued.
type Waiting = (Report, oneshot::Sender<Result<(), StoreError>>);

/// The reports on their way into the queue.
#[derive(Default)]
pub(crate) struct Intake {
    waiting: Mutex<Vec<Waiting>>,
    writing: AsyncMutex<()>,
}

impl Intake {
    /// Queues a report, with all that have come meanwhile.
    ///
    /// # Errors
    /// Where they cannot be stored.
    pub(crate) async fn add(
        &self,
        store: &dyn Reports,
        report: Report,
        received_ms: i64,
    ) -> Result<(), StoreError> {
        let (queued, is_queued) = oneshot::channel();
        self.waiting().push((report, queued));
        {
            let _turn = self.writing.lock().await;
            let batch = std::mem::take(&mut *self.waiting());
            let (reports, waiting): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
            if !reports.is_empty() {
                let written = store.add_reports(&reports, received_ms).await;
                for one in waiting {
                    // Whoever has left is told again by upstream.
                    let _ = one.send(written.clone());
                }
            }
        }
        let gone = |_| Err(StoreError("whoever was writing has left".to_owned()));
        is_queued.await.unwrap_or_else(gone)
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
