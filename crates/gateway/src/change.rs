//! Carrying out a change exactly once, over an upstream that knows no idempotency keys.

mod record;
mod sending;

use futures_util::lock::Mutex as AsyncMutex;
use protocol::{CustomerId, Intent, Outcome, Part, PartState, Problem, ProblemKind, Refusal};

use crate::Gateway;
use crate::journal::{Begun, Entry, EntryState, JournalError};
use crate::operations::{guard, happened, plan, row};
use crate::plan::Stop;
use crate::reader::Reader;
pub(crate) use record::Lines;
use record::{Evidence, Work, is_uuid, reference};
use sending::{Found, Sent};

/// How long a request waits for the truth about a lost answer before it says *unknown*.
const PATIENCE_MS: i64 = 12_000;
/// How often a write is tried again that upstream refused because it was busy.
const TRIES: u32 = 3;
/// An entry that wrote nothing for so long was left behind by a process that ended.
const ABANDONED_MS: i64 = 60_000;

/// How the steps of an action ended.
enum End {
    /// All of them happened.
    Done,
    /// The one at hand did not, and will not.
    Stopped(Stop),
    /// Upstream did nothing and may do it another time.
    Unavailable,
    /// It is not known whether the one at hand happened.
    Unknown,
}

impl Gateway {
    pub(crate) async fn carry_out(
        &self,
        customer: CustomerId,
        key: &str,
        intent: Intent,
    ) -> Result<Outcome, Problem> {
        if !self.policy.allowed.contains(&intent.operation()) {
            let title = "The merchant has switched this off.";
            return Err(Problem::new(ProblemKind::SwitchedOff, title));
        }
        if !is_uuid(key) {
            return Err(Problem::new(
                ProblemKind::BadRequest,
                "The idempotency key is not a UUID.",
            ));
        }
        let work = Work {
            customer,
            key: key.to_owned(),
            intent,
        };
        // One change after another for each customer. Whoever sends the same key meanwhile waits
        // here and then finds the first one's answer.
        let line = self.lines.of(customer);
        let _held = line.lock().await;
        match self.begin(&work).await? {
            Some(Entry {
                state: EntryState::Finished(outcome),
                ..
            }) => {
                return serde_json::from_str(&outcome).map_err(|_| fail_closed(JournalError));
            }
            Some(open) if !open.evidence.is_empty() => return self.find_truth(&work, &open).await,
            // New, or begun by a process that ended before it wrote anything.
            _ => {}
        }
        if let Err(problem) = self.wait_for_others(&work).await {
            self.forget(&work).await;
            return Err(problem);
        }
        self.run(&work, None).await
    }

    /// What became of a change whose process ended, or whose answer stayed lost.
    async fn find_truth(&self, work: &Work, open: &Entry) -> Result<Outcome, Problem> {
        let evidence = Evidence::read(&open.evidence).ok_or_else(|| fail_closed(JournalError))?;
        let found = self.find_out(work, &evidence, PATIENCE_MS).await;
        self.go_on(work, evidence, found).await
    }

    /// Opens the key, or answers what stands under it.
    async fn begin(&self, work: &Work) -> Result<Option<Entry>, Problem> {
        let intent = work.intent_json();
        let now_ms = self.env.now_ms();
        let begun = self
            .journal
            .begin(work.customer, &work.key, &intent, now_ms)
            .await;
        match begun.map_err(fail_closed)? {
            Begun::New => Ok(None),
            Begun::Known(entry) if entry.intent != intent => Err(Problem::new(
                ProblemKind::KeyReused,
                "This key was used for another change.",
            )),
            Begun::Known(entry) => Ok(Some(entry)),
        }
    }

    /// While it is not known what became of an earlier write, the state that this one would be
    /// planned from is not known either.
    async fn wait_for_others(&self, work: &Work) -> Result<(), Problem> {
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

    /// Runs an action from its first step, or from the one after `last`.
    async fn run(&self, work: &Work, last: Option<Evidence>) -> Result<Outcome, Problem> {
        let mut evidence = last.clone();
        let mut step = last.map_or(0, |last| last.step + 1);
        let mut tries = 0;
        let end = loop {
            let write = match self.prepare(work, step).await {
                Ok(Some(write)) => write,
                Ok(None) => break End::Done,
                Err(stop) => break End::Stopped(stop),
            };
            let (undo, settled) = match evidence.take() {
                Some(before) if step > 0 => (before.undo, !before.settling),
                _ => (write.undo, true),
            };
            let noted = Evidence {
                step,
                noted_ms: self.env.now_ms(),
                undo,
                settling: !settled,
            };
            if let Err(error) = self.note(work, &noted).await {
                break End::Stopped(Stop::Problem(fail_closed(error)));
            }
            let (sent, settling) = self.send(work, write.request).await;
            let mut noted = Evidence {
                settling: settling || !settled,
                ..noted
            };
            match sent {
                Sent::Done => (step, tries) = (step + 1, 0),
                Sent::Busy(wait_ms) if tries + 1 < TRIES => {
                    tries += 1;
                    self.pause(wait_ms, tries).await;
                }
                Sent::Busy(_) | Sent::Never => break End::Unavailable,
                // The charge was replaced while the write was on its way.
                Sent::Gone if tries + 1 < TRIES => tries += 1,
                Sent::Gone => break End::Stopped(Refusal::StateChanged.into()),
                Sent::Refused(stop) => break End::Stopped(stop),
                Sent::Lost => {
                    noted.noted_ms = self.env.now_ms();
                    // Not being able to note the later time only shortens the window after a crash.
                    let _ = self.note(work, &noted).await;
                    match self.find_out(work, &noted, PATIENCE_MS).await {
                        Found::Happened => (step, tries) = (step + 1, 0),
                        Found::DidNot => break End::Unavailable,
                        Found::Unknown => break End::Unknown,
                    }
                    noted.settling = true;
                }
            }
            evidence = Some(noted);
        };
        self.end(work, step, evidence, end).await
    }

    /// Goes on with an action whose last write is known, or not, to have happened.
    async fn go_on(
        &self,
        work: &Work,
        evidence: Evidence,
        found: Found,
    ) -> Result<Outcome, Problem> {
        self.forget_reads(work.customer);
        let step = evidence.step;
        match found {
            Found::Happened => {
                self.run(
                    work,
                    Some(Evidence {
                        settling: true,
                        ..evidence
                    }),
                )
                .await
            }
            Found::DidNot => self.end(work, step, Some(evidence), End::Unavailable).await,
            Found::Unknown => self.end(work, step, Some(evidence), End::Unknown).await,
        }
    }

    /// The next write, judged by what upstream says now.
    async fn prepare(&self, work: &Work, step: usize) -> Result<Option<crate::plan::Write>, Stop> {
        let reader = Reader::fresh(self, work.customer);
        guard(&work.intent).check(&reader).await?;
        plan(&reader, &work.intent, step).await
    }

    /// Closes the entry, unless it is not known how it ended, and says what became of it.
    async fn end(
        &self,
        work: &Work,
        step: usize,
        evidence: Option<Evidence>,
        end: End,
    ) -> Result<Outcome, Problem> {
        self.forget_reads(work.customer);
        let is_first = step == 0;
        let last = match end {
            End::Done => None,
            End::Unknown => Some(PartState::Unknown),
            End::Stopped(Stop::Problem(problem)) if is_first => {
                self.forget(work).await;
                return Err(problem);
            }
            End::Stopped(Stop::Refused(reason, fields)) => {
                Some(PartState::Refused { reason, fields })
            }
            End::Unavailable | End::Stopped(Stop::Problem(_)) => Some(PartState::Refused {
                reason: Refusal::Unavailable,
                fields: Vec::new(),
            }),
        };
        let outcome = self.outcome(work, step, evidence, last);
        let is_open = outcome
            .parts
            .iter()
            .any(|part| part.state == PartState::Unknown);
        let may_be_tried_again = is_first
            && outcome.parts.iter().all(|part| {
                matches!(
                    &part.state,
                    PartState::Refused {
                        reason: Refusal::Unavailable,
                        ..
                    }
                )
            });
        if may_be_tried_again {
            self.forget(work).await;
        } else if !is_open && let Ok(json) = serde_json::to_string(&outcome) {
            // Where this fails the entry stays open, and reading back closes it later.
            let _ = self.journal.finish(work.customer, &work.key, &json).await;
        }
        Ok(outcome)
    }

    /// An action that was done answers one part, however many steps it took; one that was not
    /// answers each step that was tried.
    fn outcome(
        &self,
        work: &Work,
        step: usize,
        evidence: Option<Evidence>,
        last: Option<PartState>,
    ) -> Outcome {
        let row = row(work.intent.operation());
        let part = |state| Part {
            subject: String::new(),
            state,
        };
        let is_done = last.is_none();
        let parts = match last {
            None => vec![part(PartState::Done)],
            Some(last) => {
                let done = std::iter::repeat_n(PartState::Done, step);
                done.chain([last]).map(part).collect()
            }
        };
        let settling = evidence.as_ref().is_some_and(|evidence| evidence.settling);
        let undo = evidence
            .and_then(|evidence| evidence.undo)
            .filter(|undo| is_done && self.policy.allowed.contains(&undo.operation()));
        Outcome {
            parts,
            stale: row.stale.to_vec(),
            settling: settling || !is_done && step > 0,
            undo: undo.map(Box::new),
            reference: reference(self.env.random()),
        }
    }

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

    /// Looks once what became of an open entry; whether it is closed now. The customer's line
    /// must be held.
    async fn look_after(&self, entry: &Entry) -> bool {
        let Some(work) = Work::of(entry) else {
            // Nobody can read it back: the version that wrote it is gone. Holding the customer's
            // changes for ever would be worse.
            return self
                .journal
                .forget(entry.customer, &entry.key)
                .await
                .is_ok();
        };
        let Some(evidence) = Evidence::read(&entry.evidence) else {
            let abandoned = self.env.now_ms() - entry.begun_ms >= ABANDONED_MS;
            return abandoned
                && self
                    .journal
                    .forget(entry.customer, &entry.key)
                    .await
                    .is_ok();
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

    async fn forget(&self, work: &Work) {
        // One that stays is closed by the resolver.
        let _ = self.journal.forget(work.customer, &work.key).await;
    }

    async fn note(&self, work: &Work, evidence: &Evidence) -> Result<(), JournalError> {
        self.journal
            .note(work.customer, &work.key, &evidence.json())
            .await
    }

    /// Whether the write that `evidence` is about happened.
    async fn check(&self, work: &Work, evidence: &Evidence) -> Result<bool, Problem> {
        let reader = Reader::fresh(self, work.customer);
        match happened(&reader, &work.intent, evidence.step).await {
            // What is gone was not changed.
            Err(problem) if problem.kind == ProblemKind::NotFound => Ok(false),
            answer => answer,
        }
    }
}

/// Without its journal the gateway cannot promise anything, and so does nothing.
fn fail_closed(_: JournalError) -> Problem {
    Problem::new(
        ProblemKind::Internal,
        "The change could not be recorded, so it was not made.",
    )
}

/// The lock by which a customer's changes run one after another.
pub(crate) type Line = std::sync::Arc<AsyncMutex<()>>;
