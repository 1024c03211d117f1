//! What upstream reports by webhooks: reads that are no longer true, and changes that somebody else
//! has made.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use protocol::{CustomerId, Intent, Outcome, Part, PartState, Problem, Sendable};
use recharge::{Charge, Customer, MAX_LIMIT, Request, Resource, Subscription, list_page};
use serde_json::Value;

use crate::actor::Actor;
use crate::gateway::Gateway;
use crate::journal::{Entry, EntryState, JournalError};
use crate::upstream::reader::problem;

/// A change of the portal's own is reported within so long, milliseconds.
const OWN_MS: i64 = 10 * 60_000;
/// Upstream's clock may be behind by so much, milliseconds.
const CLOCK_MS: i64 = 60_000;
/// Changes of a customer that are looked through for one of the portal's own.
const MOST: usize = 50;

/// A change that upstream reports.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedChange {
    /// Whose.
    pub customer: CustomerId,
    /// The id of the report: the same change has the same one.
    pub report: String,
    /// The change as the journal keeps an intent: its operation, as the only key, with its fields.
    pub intent: Value,
    /// The intent that would take it back, where it is known how it was.
    pub undo: Option<Intent>,
    /// The ids of what it is about; empty where it is about the customer.
    pub about: Vec<u64>,
    /// When it was made, milliseconds since 1970.
    pub at_ms: i64,
}

impl Gateway {
    /// Drops what was read for `customer`. The views made of it stay, with their age, for when
    /// upstream cannot be read.
    pub fn invalidate(&self, customer: CustomerId) {
        self.upstream.cache.forget(customer);
    }

    /// Drops what was read for `customer`, and the views made of it: another process has made a change.
    pub fn forget_before_write(&self, customer: CustomerId) {
        self.forget_reads(customer);
    }

    /// Drops what was read for all customers.
    pub fn invalidate_all(&self) {
        self.upstream.cache.forget_all();
    }

    /// Until `until_ms`, milliseconds since 1970, upstream's reports can be relied on, and what they
    /// cover is reused for as long as the policy says.
    pub fn rely_on_reports(&self, until_ms: i64) {
        let until = &self.upstream.reports_until_ms;
        until.store(until_ms, Ordering::Relaxed);
    }

    /// The customers of whom something has changed upstream since `since`, such as
    /// `2026-12-01T08:00:00+00:00`; `None` where those are more than a page of each kind names.
    ///
    /// # Errors
    /// Where upstream cannot be asked.
    pub async fn changed_since(
        &self,
        since: &str,
    ) -> Result<Option<BTreeSet<CustomerId>>, Problem> {
        let subscriptions = self.page_since("/subscriptions", since, |found: &Subscription| {
            found.customer_id
        });
        let charges = self.page_since("/charges", since, |found: &Charge| found.customer.id);
        let customers = self.page_since("/customers", since, |found: &Customer| found.id);
        let lists = [subscriptions.await?, charges.await?, customers.await?];
        let all: Option<Vec<BTreeSet<CustomerId>>> = lists.into_iter().collect();
        Ok(all.map(|all| all.into_iter().flatten().collect()))
    }

    /// The owners of a page of what has changed; `None` where there is more.
    async fn page_since<T: Resource>(
        &self,
        path: &str,
        since: &str,
        owner: impl Fn(&T) -> CustomerId,
    ) -> Result<Option<BTreeSet<CustomerId>>, Problem> {
        let request = Request::list(path).with("updated_at_min", since);
        let page = list_page::<T>(&*self.upstream.recharge, request).await;
        let page = page.map_err(problem)?;
        let is_whole = page.next_cursor.is_none()
            && page.unreadable == 0
            && page.items.len() < MAX_LIMIT as usize;
        Ok(is_whole.then(|| page.items.iter().map(owner).collect()))
    }

    /// Adds a reported change to the customer's history as one made elsewhere, unless it is there or
    /// was made here; whether it was added.
    ///
    /// # Errors
    /// Where the journal cannot be read or written.
    pub async fn note_reported(&self, change: &ReportedChange) -> Result<bool, JournalError> {
        if self.was_made_here(change).await? {
            return Ok(false);
        }
        let outcome = Outcome {
            parts: vec![Part {
                subject: String::new(),
                state: PartState::Done,
            }],
            stale: Vec::new(),
            differences: Vec::new(),
            settling: false,
            undo: change.undo.as_ref().map(Sendable::from),
            reference: change.report.chars().take(12).collect(),
        };
        let entry = Entry {
            customer: change.customer,
            // No browser's key, which is a UUID.
            key: format!("reported-{}", change.report),
            intent: change.intent.to_string(),
            evidence: String::new(),
            actor: Actor::Elsewhere,
            state: EntryState::Finished(serde_json::to_string(&outcome).map_err(|_| JournalError)?),
            begun_ms: change.at_ms,
        };
        self.upstream.journal.record(&entry).await
    }

    /// Whether the portal made the change itself: one of the same things, shortly before.
    async fn was_made_here(&self, change: &ReportedChange) -> Result<bool, JournalError> {
        let journal = &self.upstream.journal;
        let open = journal.open(Some(change.customer)).await?;
        let until_ms = change.at_ms + CLOCK_MS;
        let finished = journal.history(change.customer, until_ms, MOST).await?;
        let mut recent = open.iter().chain(&finished).filter(|entry| {
            entry.begun_ms > change.at_ms - OWN_MS && entry.actor != Actor::Elsewhere
        });
        Ok(recent.any(|entry| {
            let intent: Value = serde_json::from_str(&entry.intent).unwrap_or_default();
            change.about.is_empty() || names_any(&intent, &change.about)
        }))
    }
}

/// Whether one of the ids stands anywhere in an intent.
fn names_any(value: &Value, ids: &[u64]) -> bool {
    match value {
        Value::Number(number) => number.as_u64().is_some_and(|id| ids.contains(&id)),
        Value::Array(values) => values.iter().any(|value| names_any(value, ids)),
        Value::Object(fields) => fields.values().any(|value| names_any(value, ids)),
        _ => false,
    }
}
