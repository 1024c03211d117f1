//! Doing what changes left to be done outside: at least once, again after growing waits, and
//! visible while it fails.

pub mod webhook;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::effects::Job;
use crate::payment_mail;
use crate::state::App;
use crate::store::{QueuedJob, StoreError};

/// How often it is looked for jobs.
pub(crate) const EVERY: Duration = Duration::from_secs(1);
/// Jobs done at the same time at most.
const AT_ONCE: u32 = 8;
/// The wait after the first failure, milliseconds; it doubles.
const FIRST_WAIT_MS: i64 = 5_000;
/// The longest wait, milliseconds: an hour.
const LONGEST_WAIT_MS: i64 = 3_600_000;
/// After so many tries, which take about three days, a job is given up until somebody asks for
/// it again.
const TRIES: u32 = 80;

/// Does the jobs that are due; how many were tried.
pub(crate) async fn deliver(app: &Arc<App>) -> Result<usize, StoreError> {
    let due = app.outbox.due(app.env.now_ms(), AT_ONCE).await?;
    let mut tasks = JoinSet::new();
    let tried = due.len();
    for queued in due {
        let app = Arc::clone(app);
        tasks.spawn(async move {
            let result = attempt(&app, &queued).await;
            note(&app, &queued, result).await
        });
    }
    while let Some(result) = tasks.join_next().await {
        result.unwrap_or_else(|panic| Err(StoreError(panic.to_string())))?;
    }
    Ok(tried)
}

async fn attempt(app: &App, queued: &QueuedJob) -> Result<(), String> {
    let job: Job =
        serde_json::from_str(&queued.job).map_err(|_| "written by another version".to_owned())?;
    match &job {
        Job::Metafield { .. } => match job.metafield() {
            Some((customer, text)) => {
                let set = app.gateway.set_metafield(customer, &text).await;
                set.map_err(|problem| problem.title)
            }
            None => Ok(()),
        },
        Job::Webhook { url, body } => {
            let now_ms = app.env.now_ms();
            app.webhooks.send(url, &queued.id, body, now_ms).await
        }
        Job::PaymentMail { customer } => payment_mail::send(app, *customer).await,
        Job::Mail { to, subject, text } => app.mail.send(to, subject, text).await,
    }
}

async fn note(app: &App, queued: &QueuedJob, result: Result<(), String>) -> Result<(), StoreError> {
    let Err(error) = result else {
        return app.outbox.done(&queued.id).await;
    };
    let tries = queued.tries + 1;
    let next_ms = (tries < TRIES).then(|| app.env.now_ms() + wait_ms(tries));
    if next_ms.is_some() {
        tracing::warn!(
            job = queued.id,
            tries,
            error,
            "an effect failed and is tried again"
        );
    } else {
        tracing::error!(job = queued.id, tries, error, "an effect was given up");
    }
    app.outbox.failed(&queued.id, &error, next_ms).await
}

/// How long to wait after so many tries.
fn wait_ms(tries: u32) -> i64 {
    (FIRST_WAIT_MS << (tries - 1).min(20)).min(LONGEST_WAIT_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_an_hour_and_end_after_about_three_days() {
        assert_eq!([1, 2, 3].map(wait_ms), [5_000, 10_000, 20_000]);
        assert_eq!(wait_ms(TRIES), LONGEST_WAIT_MS);
        let all: i64 = (1..TRIES).map(wait_ms).sum();
        assert!((2..=4).contains(&(all / 86_400_000)), "{all}");
    }
}
