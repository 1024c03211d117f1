//! Finding out about changes whose answer was lost: this process's, and those of one that was
//! killed.

use protocol::{Outcome, PartState, Problem, ProblemKind};

use super::record::{Evidence, Progress, Work};
use super::sending::Found;
use super::{End, PATIENCE_MS, fail_closed};
use crate::Gateway;
use crate::journal::{Entry, JournalError};
use crate::operations::happened;
use crate::reader::Reader;

/// An entry that wrote nothing for so long was left behind by a process that ended.
const ABANDONED_MS: i64 = 60_000;

impl Gateway {
    pub(crate) async fn resolve_all(&self) -> usize {
        let Ok(open) = self.journal.open(None).await else {
            return 0;
        };
        let mut remaining = 0;
        for entry in open {
            let line = self.lines.of(entry.customer);
            let closed = match line.try_lock() {
                Some(_held) if self.is_still_open(&entry).await => self.look_after(&entry).await,
                Some(_held) => true,
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

    /// While it is not known what became of an earlier write, the state that this one would be
    /// planned from is not known either.
    pub(super) async fn wait_for_others(&self, work: &Work) -> Result<(), Problem> {
        let open = self
            .journal
            .open(Some(work.customer))
            .await
            .map_err(fail_closed)?;
        for entry in open.iter().filter(|entry| entry.key != work.key) {
            if !entry.evidence.is_empty() && !self.look_after(entry).await {
                let title = "An earlier change is still being checked.";
                return Err(Problem {
                    retry_after: Some(5),
                    ..Problem::new(ProblemKind::StillChecking, title)
                });
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
                let settling = true;
                let progress = Progress {
                    settling,
                    ..progress
                };
                self.run(work, step + 1, progress).await
            }
            Found::DidNot => self.end(work, step, progress, End::DidNot).await,
            Found::Unknown => self.end(work, step, progress, End::Unknown).await,
        }
    }

    /// Looks once what became of an open entry; whether it is closed now. The customer's line
    /// must be held.
    async fn look_after(&self, entry: &Entry) -> bool {
        let Some(work) = Work::of(entry) else {
            // Nobody can read it back: the version that wrote it is gone. Holding the customer's
            // changes for ever would be worse.
            return self.drop_entry(entry).await;
        };
        let Some(evidence) = Evidence::read(&entry.evidence) else {
            let abandoned = self.env.now_ms() - entry.begun_ms >= ABANDONED_MS;
            return abandoned && self.drop_entry(entry).await;
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

    async fn is_still_open(&self, entry: &Entry) -> bool {
        let open = self
            .journal
            .open(Some(entry.customer))
            .await
            .unwrap_or_default();
        open.iter().any(|other| other.key == entry.key)
    }

    async fn drop_entry(&self, entry: &Entry) -> bool {
        let forgotten = self.journal.forget(entry.customer, &entry.key).await;
        forgotten.is_ok()
    }

    /// Whether the write that `evidence` is about happened.
    pub(super) async fn check(&self, work: &Work, evidence: &Evidence) -> Result<bool, Problem> {
        let reader = Reader::fresh(self, work.customer).knowing(&evidence.progress.known);
        match happened(&reader, &work.intent, evidence.step).await {
            // What is gone was not changed.
            Err(problem) if problem.kind == ProblemKind::NotFound => Ok(false),
            answer => answer,
        }
    }
}
