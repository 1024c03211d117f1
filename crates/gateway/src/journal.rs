//! The memory behind exactly-once: what each key was used for and what came of it.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use base::{BoxFuture, Shared};
use protocol::CustomerId;

use crate::actor::Actor;

/// The journal cannot be read or written; the change must be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalError;

/// One change that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose change.
    pub customer: CustomerId,
    /// The browser's key, unique per customer.
    pub key: String,
    /// The intent as JSON, with the hash of its secret in place of the secret.
    pub intent: String,
    /// What the gateway needs to find out later whether it happened (JSON); empty until it is
    /// about to write upstream.
    pub evidence: String,
    /// Who asked for it.
    pub actor: Actor,
    /// Where it stands.
    pub state: EntryState,
    /// When it was begun, milliseconds since 1970.
    pub begun_ms: i64,
}

/// Where a change stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryState {
    /// Begun; until `evidence` is there nothing can have happened.
    Open,
    /// Finished: the outcome as JSON, answered again to the same key.
    Finished(String),
}

/// A process's turn to work on a customer's changes, until it is dropped.
pub type Turn = Box<dyn Shared>;

/// What [`Journal::begin`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// The key is new and is now open.
    New,
    /// The key was used before, by this entry.
    Known(Entry),
    /// The key is open in another process, which alone may go on with it.
    Held,
}

/// Where changes are remembered, without the secrets they were asked for with. Entries survive the process where the implementation has a
/// disk. Once finished they are kept for at least 24 hours, unless there is no room for them: then
/// the oldest go, but none that wrote upstream within the last minutes. Open ones always stay. An
/// open entry belongs to one process, which alone may write for it.
pub trait Journal: Shared {
    /// A hash of a secret by a key of the journal's own: the same for as long as the journal
    /// lasts, so that a secret can be recognized by what is kept in place of it.
    fn hash(&self, secret: &str) -> String;

    /// Keeps other processes that share the journal from a customer's changes, until what this answers
    /// is dropped. What they left open is this process's then. Without `waits` it answers `None` where
    /// another process has the turn.
    fn turn(
        &self,
        _customer: CustomerId,
        _waits: bool,
    ) -> BoxFuture<'_, Result<Option<Turn>, JournalError>> {
        // A journal of one process has nobody to keep out.
        let turn: Turn = Box::new(());
        Box::pin(std::future::ready(Ok(Some(turn))))
    }

    /// Opens `key` for `customer` with `intent`, which `actor` asks for, unless it is known. Atomic.
    fn begin<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
        intent: &'a str,
        actor: &'a Actor,
        now_ms: i64,
    ) -> BoxFuture<'a, Result<Begun, JournalError>>;

    /// Sets the evidence of an open entry, durably, before upstream is written to.
    fn note<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
        evidence: &'a str,
    ) -> BoxFuture<'a, Result<(), JournalError>>;

    /// Finishes an open entry with its outcome.
    fn finish<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
        outcome: &'a str,
        now_ms: i64,
    ) -> BoxFuture<'a, Result<(), JournalError>>;

    /// Adds an entry that is finished already, unless its key is known; whether it was not.
    fn record<'a>(&'a self, entry: &'a Entry) -> BoxFuture<'a, Result<bool, JournalError>>;

    /// Forgets an open entry that never wrote upstream, so that the key may be used again.
    fn forget<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
    ) -> BoxFuture<'a, Result<(), JournalError>>;

    /// The open entries that are this process's, of one customer or of all, the oldest first:
    /// those it began, and those of processes that have ended.
    fn open(&self, customer: Option<CustomerId>)
    -> BoxFuture<'_, Result<Vec<Entry>, JournalError>>;

    /// The finished entries of a customer that were begun before `before_ms`, the latest first,
    /// `most` of them.
    fn history(
        &self,
        customer: CustomerId,
        before_ms: i64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>>;

    /// Remembers `value` of a customer under `name` (at most 200 bytes), durably, in place of
    /// what was there; `None` forgets it. Facts are what upstream has no place for, such as the
    /// day until which a subscription is paused.
    fn set_fact<'a>(
        &'a self,
        customer: CustomerId,
        name: &'a str,
        value: Option<&'a str>,
    ) -> BoxFuture<'a, Result<(), JournalError>>;

    /// All facts of a customer, by name.
    fn facts(
        &self,
        customer: CustomerId,
    ) -> BoxFuture<'_, Result<Vec<(String, String)>, JournalError>>;
}

/// A journal in memory, for mock mode and tests.
#[derive(Default)]
pub struct MemoryJournal {
    hash_key: RandomState,
    entries: Mutex<BTreeMap<(CustomerId, String), Entry>>,
    facts: Mutex<BTreeMap<(CustomerId, String), String>>,
}

/// Entries kept in memory at most; the oldest finished ones go first.
const CAPACITY: usize = 10_000;

impl MemoryJournal {
    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<(CustomerId, String), Entry>) -> T) -> T {
        act(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Journal for MemoryJournal {
    fn hash(&self, secret: &str) -> String {
        format!("{:016x}", self.hash_key.hash_one(secret))
    }

    fn begin<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
        intent: &'a str,
        actor: &'a Actor,
        now_ms: i64,
    ) -> BoxFuture<'a, Result<Begun, JournalError>> {
        let begun = self.with(|entries| {
            let place = (customer, key.to_owned());
            if let Some(entry) = entries.get(&place) {
                return Ok(Begun::Known(entry.clone()));
            }
            if entries.len() >= CAPACITY {
                let oldest = entries
                    .values()
                    .filter(|entry| entry.state != EntryState::Open)
                    .min_by_key(|entry| entry.begun_ms)
                    .map(|entry| (entry.customer, entry.key.clone()));
                // An open entry is never dropped: better to refuse than to forget what may
                // have been written.
                entries.remove(&oldest.ok_or(JournalError)?);
            }
            entries.insert(
                place,
                Entry {
                    customer,
                    key: key.to_owned(),
                    intent: intent.to_owned(),
                    evidence: String::new(),
                    actor: actor.clone(),
                    state: EntryState::Open,
                    begun_ms: now_ms,
                },
            );
            Ok(Begun::New)
        });
        Box::pin(std::future::ready(begun))
    }

    fn note<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
        evidence: &'a str,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        let found = self.with(|entries| {
            entries
                .get_mut(&(customer, key.to_owned()))
                .map(|entry| entry.evidence = evidence.to_owned())
        });
        Box::pin(std::future::ready(found.ok_or(JournalError)))
    }

    fn finish<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
        outcome: &'a str,
        _: i64,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        let found = self.with(|entries| {
            entries
                .get_mut(&(customer, key.to_owned()))
                .map(|entry| entry.state = EntryState::Finished(outcome.to_owned()))
        });
        Box::pin(std::future::ready(found.ok_or(JournalError)))
    }

    fn record<'a>(&'a self, entry: &'a Entry) -> BoxFuture<'a, Result<bool, JournalError>> {
        let added = self.with(|entries| {
            let place = (entry.customer, entry.key.clone());
            let is_new = !entries.contains_key(&place);
            entries.entry(place).or_insert_with(|| entry.clone());
            is_new
        });
        Box::pin(std::future::ready(Ok(added)))
    }

    fn forget<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        self.with(|entries| entries.remove(&(customer, key.to_owned())));
        Box::pin(std::future::ready(Ok(())))
    }

    fn open(
        &self,
        customer: Option<CustomerId>,
    ) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>> {
        let mut open: Vec<Entry> = self.with(|entries| {
            entries
                .values()
                .filter(|entry| entry.state == EntryState::Open)
                .filter(|entry| customer.is_none_or(|customer| customer == entry.customer))
                .cloned()
                .collect()
        });
        open.sort_by_key(|entry| entry.begun_ms);
        Box::pin(std::future::ready(Ok(open)))
    }

    fn history(
        &self,
        customer: CustomerId,
        before_ms: i64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>> {
        let mut finished: Vec<Entry> = self.with(|entries| {
            entries
                .values()
                .filter(|entry| entry.customer == customer && entry.begun_ms < before_ms)
                .filter(|entry| entry.state != EntryState::Open)
                .cloned()
                .collect()
        });
        finished.sort_by_key(|entry| std::cmp::Reverse(entry.begun_ms));
        finished.truncate(most);
        Box::pin(std::future::ready(Ok(finished)))
    }

    fn set_fact<'a>(
        &'a self,
        customer: CustomerId,
        name: &'a str,
        value: Option<&'a str>,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        let mut facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (customer, name.to_owned());
        match value {
            Some(value) => facts.insert(place, value.to_owned()),
            None => facts.remove(&place),
        };
        Box::pin(std::future::ready(Ok(())))
    }

    fn facts(
        &self,
        customer: CustomerId,
    ) -> BoxFuture<'_, Result<Vec<(String, String)>, JournalError>> {
        let facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        let own = facts.iter().filter(|((owner, _), _)| *owner == customer);
        let own = own
            .map(|((_, name), value)| (name.clone(), value.clone()))
            .collect();
        Box::pin(std::future::ready(Ok(own)))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const ME: CustomerId = CustomerId(1);

    fn begin(journal: &MemoryJournal, n: usize) -> Result<Begun, JournalError> {
        let now_ms = i64::try_from(n).unwrap();
        journal
            .begin(ME, &n.to_string(), "{}", &Actor::Customer, now_ms)
            .now_or_never()
            .unwrap()
    }

    #[test]
    fn a_full_journal_drops_the_oldest_finished_entry_and_never_an_open_one() {
        let journal = MemoryJournal::default();
        for n in 0..CAPACITY {
            assert_eq!(begin(&journal, n), Ok(Begun::New));
        }
        assert_eq!(begin(&journal, CAPACITY), Err(JournalError));
        for key in ["7", "5"] {
            journal
                .finish(ME, key, "{}", 0)
                .now_or_never()
                .unwrap()
                .unwrap();
        }
        assert_eq!(begin(&journal, CAPACITY), Ok(Begun::New));
        assert!(
            matches!(begin(&journal, 7), Ok(Begun::Known(_))),
            "the younger one is kept"
        );
        assert!(
            matches!(begin(&journal, 4), Ok(Begun::Known(_))),
            "open ones are kept"
        );
    }

    #[test]
    fn keys_belong_to_a_customer() {
        let journal = MemoryJournal::default();
        assert_eq!(begin(&journal, 1), Ok(Begun::New));
        let other = journal
            .begin(CustomerId(2), "1", "{}", &Actor::Customer, 0)
            .now_or_never()
            .unwrap();
        assert_eq!(other, Ok(Begun::New));
        let open = journal.open(Some(ME)).now_or_never().unwrap().unwrap();
        assert_eq!(open.len(), 1);
    }
}
