//! Finding out about changes whose answer was lost: this process's, and those of one that was
//! killed.

use protocol::{Outcome, PartState, Problem, ProblemKind};

use super::completion::{Completion, PATIENCE_MS, fail_closed, still_checking};
use super::record::{Evidence, Progress, Work};
use super::sending::Found;
use crate::actions::action;
use crate::gateway::Gateway;
use crate::journal::{Entry, JournalError};
use crate::rules::guard::Guard;
use crate::upstream::reader::Reader;

impl Gateway {
    pub(crate) async fn resolve_all(&self) -> usize {
        let Ok(open) = self.upstream.journal.open(None).await else {
            return 0;
        };
        let mut remaining = 0;
        for entry in open {
            let lock = self.locks.of(entry.customer);
            let closed = match lock.try_lock() {
                Some(_held) => self.look_after_in_turn(&entry).await,
                None => false,
            };
            remaining += usize::from(!closed);
        }
        remaining
    }

    /// What became of a change whose process ended, or whose answer stayed lost.
    pub(super) async fn find_truth(&self, work: &Work, open: &Entry) -> Result<Outcome, Problem> {
        let evidence = Evidence::read(&open.evidence).ok_or_else(|| fail_closed(JournalError))?;
        let found = self.find_out(work, &evidence, PATIENCE_MS).await;
        self.go_on(work, evidence, found).await
    }

    /// While it is not known what became of an earlier write about the same things, the state that
    /// this one would be planned from is not known either.
    pub(super) async fn wait_for_others(
        &self,
        work: &Work,
        guard: &Guard<'_>,
        reader: &Reader<'_>,
    ) -> Result<(), Problem> {
        let open = self
            .upstream
            .journal
            .open(Some(work.customer))
            .await
            .map_err(fail_closed)?;
        let written = |entry: &&Entry| entry.key != work.key && !entry.evidence.is_empty();
        for entry in open.iter().filter(written) {
            if !concerns(reader, guard, entry).await? {
                continue;
            }
            let closed = self.look_after(entry).await;
            reader.forget();
            if !closed {
                return Err(still_checking());
            }
        }
        Ok(())
    }

    /// Goes on with an action whose last write is known, or not, to have happened.
    async fn go_on(
        &self,
        work: &Work,
        evidence: Evidence,
        found: Found,
    ) -> Result<Outcome, Problem> {
        self.forget_reads(work.customer);
        let Evidence { step, progress, .. } = evidence;
        match found {
            Found::Happened => {
                let mut progress = Progress {
                    settling: true,
                    ..progress
                };
                match self.happened(work, step, &mut progress).await {
                    Ok(()) => {
                        let reader = self.reader(work);
                        self.run(work, step + 1, progress, reader).await
                    }
                    // The next look takes it down.
                    Err(JournalError) => self.end(work, step, progress, Completion::Unknown).await,
                }
            }
            Found::Absent => self.end(work, step, progress, Completion::Absent).await,
            Found::Unknown => self.end(work, step, progress, Completion::Unknown).await,
        }
    }

    /// Looks once what became of an open entry; whether it is closed now. The customer's lock
    /// must be held.
    async fn look_after(&self, entry: &Entry) -> bool {
        let Some(work) = Work::of(entry) else {
            // Nobody can read it back: the version that wrote it is gone. Holding the customer's
            // changes for ever would be worse.
            return self.drop_entry(entry).await;
        };
        let Some(evidence) = Evidence::read(&entry.evidence) else {
            // Nothing was written, and whoever began it has ended: the lock is held here.
            return self.drop_entry(entry).await;
        };
        match self.find_out(&work, &evidence, 0).await {
            Found::Unknown => false,
            found => {
                let outcome = self.go_on(&work, evidence, found).await;
                outcome.is_ok_and(|outcome| {
                    outcome
                        .parts
                        .iter()
                        .all(|part| part.state != PartState::Unknown)
                })
            }
        }
    }

    /// The same, where no other process is at work for the customer.
    async fn look_after_in_turn(&self, entry: &Entry) -> bool {
        let turn = self.upstream.journal.turn(entry.customer, false).await;
        let Ok(Some(_turn)) = turn else {
            return false;
        };
        match self.reread(entry).await {
            Some(entry) => self.look_after(&entry).await,
            None => true,
        }
    }

    /// The entry as it is now that the customer's lock is held; `None` where it is closed.
    async fn reread(&self, entry: &Entry) -> Option<Entry> {
        let open = self.upstream.journal.open(Some(entry.customer)).await;
        let mut open = open.unwrap_or_default().into_iter();
        open.find(|other| other.key == entry.key)
    }

    async fn drop_entry(&self, entry: &Entry) -> bool {
        let forgotten = self
            .upstream
            .journal
            .forget(entry.customer, &entry.key)
            .await;
        forgotten.is_ok()
    }

    /// Whether the write that `evidence` is about happened.
    pub(super) async fn check(&self, work: &Work, evidence: &Evidence) -> Result<bool, Problem> {
        let reader = Reader::fresh(&self.upstream, work.customer).knowing(&evidence.progress.known);
        let action = action(&work.intent);
        let Some(step) = action.steps().get(evidence.step).copied() else {
            return Ok(false);
        };
        match action.took_effect(&reader, step).await {
            // What is gone was not changed.
            Err(problem) if problem.kind == ProblemKind::NotFound => Ok(false),
            answer => answer,
        }
    }
}

/// Whether an open entry is about something that a change is about too.
async fn concerns(reader: &Reader<'_>, guard: &Guard<'_>, entry: &Entry) -> Result<bool, Problem> {
    let Some(open) = Work::of(entry) else {
        return Ok(true);
    };
    let open = action(&open.intent).ownership().subjects(reader).await?;
    let mut wanted = guard.subjects(reader).await?.into_iter();
    Ok(wanted.any(|subject| open.contains(&subject)))
}
