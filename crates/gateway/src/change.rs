//! Carrying out a change exactly once, over an upstream that knows no idempotency keys.

mod record;
mod recovery;
mod sending;

use futures_util::lock::Mutex as AsyncMutex;
use protocol::{CustomerId, Intent, Outcome, Part, PartState, Problem, ProblemKind, Refusal};

use crate::Gateway;
use crate::journal::{Begun, Entry, EntryState, JournalError};
use crate::operations::{guard, plan, row};
use crate::plan::{Stop, Write};
use crate::reader::Reader;
pub(crate) use record::Lines;
use record::{Evidence, Work, is_uuid, reference};
use sending::{Found, Sent};

/// How long a request waits for the truth about a lost answer before it says *unknown*.
const PATIENCE_MS: i64 = 12_000;
/// How often a write is tried again that upstream refused because it was busy.
const TRIES: u32 = 3;

/// How the steps of an action ended.
enum End {
    /// All of them happened.
    Done,
    /// The one at hand did not, and will not.
    Stopped(Stop),
    /// The one at hand was not let in: upstream did nothing and may do it another time.
    Unavailable,
    /// Its answer was lost, and it is known by now that it did not happen.
    DidNot,
    /// It is not known whether the one at hand happened.
    Unknown,
}

/// What becomes of the journal's entry.
enum Closing {
    /// The same key answers the same from now on.
    Finish,
    /// Nothing happened: the same key may try again.
    Forget,
    /// It is still to be found out.
    LeaveOpen,
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
                        Found::DidNot => break End::DidNot,
                        Found::Unknown => break End::Unknown,
                    }
                    noted.settling = true;
                }
            }
            evidence = Some(noted);
        };
        self.end(work, step, evidence, end).await
    }

    /// The next write, judged by what upstream says now.
    async fn prepare(&self, work: &Work, step: usize) -> Result<Option<Write>, Stop> {
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
        let (state, entry) = match end {
            End::Done => (None, Closing::Finish),
            End::Unknown => (Some(PartState::Unknown), Closing::LeaveOpen),
            End::Stopped(Stop::Problem(problem)) if is_first => {
                self.forget(work).await;
                return Err(problem);
            }
            End::Stopped(Stop::Refused(reason, fields)) => {
                (Some(PartState::Refused { reason, fields }), Closing::Finish)
            }
            // Whoever asks again, perhaps because our own answer was lost, is told the same.
            End::DidNot => (Some(unavailable()), Closing::Finish),
            End::Unavailable if is_first => (Some(unavailable()), Closing::Forget),
            End::Unavailable | End::Stopped(Stop::Problem(_)) => {
                (Some(unavailable()), Closing::Finish)
            }
        };
        let outcome = self.outcome(work, step, evidence, state);
        match (entry, serde_json::to_string(&outcome)) {
            (Closing::Forget, _) => self.forget(work).await,
            // Where this fails the entry stays open, and reading back closes it later.
            (Closing::Finish, Ok(json)) => {
                let _ = self.journal.finish(work.customer, &work.key, &json).await;
            }
            _ => {}
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

    async fn forget(&self, work: &Work) {
        // One that stays is closed by the resolver.
        let _ = self.journal.forget(work.customer, &work.key).await;
    }

    async fn note(&self, work: &Work, evidence: &Evidence) -> Result<(), JournalError> {
        self.journal
            .note(work.customer, &work.key, &evidence.json())
            .await
    }
}

/// Nothing happened, and it may be tried again.
fn unavailable() -> PartState {
    PartState::Refused {
        reason: Refusal::Unavailable,
        fields: Vec::new(),
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
