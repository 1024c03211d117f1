//! What is done about reports: after each, and for those that never came.

use std::sync::atomic::Ordering;
use std::time::Duration;

use gateway::Gateway;
use jiff::Timestamp;
use protocol::CustomerId;

use super::changes::changes;
use super::install;
use super::report::Facts;
use crate::payment_mail;
use crate::state::App;
use crate::store::{Report, StoreError};

/// How often reports are handled.
pub(crate) const EVERY: Duration = Duration::from_secs(1);
/// How often it is looked for changes that were not reported.
pub(crate) const SWEEP_EVERY: Duration = Duration::from_secs(15 * 60);
/// Reports handled in one go.
const AT_ONCE: u32 = 200;
/// Reports wait for so long, milliseconds, until those that came with them are here, and a change of
/// the portal's own is in its journal.
const SETTLE_MS: i64 = 3_000;
/// What is reported within so long, milliseconds, has happened together.
const TOGETHER_MS: i64 = 60_000;
/// Recharge repeats a report for 48 hours; it is known for a day more, milliseconds.
const REMEMBER_MS: i64 = 72 * 3_600_000;
/// Without a sweep that went well for so long, milliseconds, reports are no longer relied upon: two
/// sweeps and what they take.
const RELIED_MS: i64 = 35 * 60_000;
/// A sweep begins so long before the one before it began, milliseconds.
const OVERLAP_MS: i64 = 5 * 60_000;

/// Drops what a report of a customer makes untrue; of everybody, where it is not known whose it is.
pub(crate) fn invalidate(gateway: &Gateway, customer: Option<CustomerId>) {
    match customer {
        Some(customer) => gateway.invalidate(customer),
        None => gateway.invalidate_all(),
    }
}

async fn handle_one(app: &App, report: &Report) -> Result<(), StoreError> {
    payment_mail::queue(app, report, REMEMBER_MS).await?;
    if !report.topic.starts_with("subscription/") {
        return app.reports.handled_report(report, None).await;
    }
    // Another version wrote what cannot be read: it tells nothing.
    let now: Facts = serde_json::from_str(&report.facts).unwrap_or_default();
    let before = app.reports.reported_subscription(report.object).await?;
    let before: Option<Facts> = before.and_then(|facts| serde_json::from_str(&facts).ok());
    let is_late = before
        .as_ref()
        .is_some_and(|before| before.updated > now.updated);
    let (from_ms, to_ms) = (report.at_ms - TOGETHER_MS, report.at_ms + TOGETHER_MS);
    let beside = app.reports.reported_topics(report.object, from_ms, to_ms);
    let (day, _) = app.env.local(report.at_ms);
    // What overtook it has told the difference already.
    let before = before.filter(|_| !is_late);
    for change in changes(report, &now, before.as_ref(), &beside.await?, day) {
        let noted = app.gateway.note_reported(&change).await;
        noted.map_err(|_| StoreError("the journal failed".to_owned()))?;
    }
    let facts = (!is_late).then_some(report.facts.as_str());
    app.reports.handled_report(report, facts).await
}

impl App {
    /// Handles the reports that wait, as [`serve`](crate::serve()) does every second.
    ///
    /// # Errors
    /// Where the store or the journal fails; the rest is handled the next time.
    pub async fn handle_reports(&self) -> Result<(), StoreError> {
        let before_ms = self.env.now_ms() - SETTLE_MS;
        let waiting = self.reports.waiting_reports(before_ms, AT_ONCE).await?;
        for report in waiting {
            handle_one(self, &report).await?;
        }
        Ok(())
    }

    /// Looks for changes that no webhook reported and empties what they make untrue, as
    /// [`serve`](crate::serve()) does every quarter of an hour. Then reports can be relied upon until
    /// after the next time. They cannot while a webhook is missing.
    pub async fn sweep_unreported(&self) {
        if let Err(error) = sweep(self).await {
            tracing::warn!(error, "webhooks are not relied upon");
        }
        let before_ms = self.env.now_ms() - REMEMBER_MS;
        if let Err(error) = self.reports.forget_reports(before_ms).await {
            tracing::error!(%error, "reports cannot be forgotten");
        }
    }
}

async fn sweep(app: &App) -> Result<(), String> {
    let now_ms = app.env.now_ms();
    let missing = install::missing(&*app.upstream, &app.origin).await;
    let missing = missing.map_err(|error| error.to_string())?;
    if !missing.is_empty() {
        let missing = missing.join(", ");
        return Err(format!(
            "missing: {missing}; run `perennial webhooks install`"
        ));
    }
    match app.swept_ms.load(Ordering::Relaxed) {
        // What was read before may be older than any report.
        0 => app.gateway.invalidate_all(),
        since_ms => forget_unreported(app, since_ms - OVERLAP_MS).await?,
    }
    app.swept_ms.store(now_ms, Ordering::Relaxed);
    app.gateway.rely_on_reports(now_ms + RELIED_MS);
    Ok(())
}

/// Forgets what was read for customers of whom something has changed and nothing was reported.
async fn forget_unreported(app: &App, since_ms: i64) -> Result<(), String> {
    let since = rfc3339(since_ms).ok_or("the clock is wrong")?;
    let changed = app.gateway.changed_since(&since).await;
    let Some(changed) = changed.map_err(|problem| problem.title)? else {
        app.gateway.invalidate_all();
        return Ok(());
    };
    let reported = app.reports.reported_customers(since_ms).await;
    let reported = reported.map_err(|error| error.to_string())?;
    let unreported: Vec<_> = changed.difference(&reported).collect();
    for customer in &unreported {
        app.gateway.invalidate(**customer);
    }
    if !unreported.is_empty() {
        tracing::info!(
            customers = unreported.len(),
            "changes that no webhook reported"
        );
    }
    Ok(())
}

fn rfc3339(ms: i64) -> Option<String> {
    let at = Timestamp::from_second(ms / 1_000).ok()?;
    Some(at.to_string().replace('Z', "+00:00"))
}
