//! Carrying out a change exactly once, over an upstream that knows no idempotency keys.

mod record;
mod recovery;
mod sending;

use futures_util::lock::Mutex as AsyncMutex;
use protocol::{Intent, Outcome, Part, PartState, Problem, ProblemKind, Refusal, Sendable};

use crate::journal::{Begun, Entry, EntryState, JournalError};
use crate::mailer::MailError;
use crate::operations::{StepKind, guard, plan, row, step_kind, undo_of};
use crate::plan::{Stop, Write};
use crate::reader::Reader;
use crate::{Caller, Gateway};
pub(crate) use record::Lines;
use record::{Evidence, Progress, Work, is_uuid, reference};
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
        caller: Caller,
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
        let Caller {
            customer,
            session,
            reference,
        } = caller;
        let work = Work {
            customer,
            key: key.to_owned(),
            intent,
            session,
            reference,
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
        self.run(&work, 0, Progress::default()).await
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

    /// Runs an action from `step` on.
    async fn run(
        &self,
        work: &Work,
        mut step: usize,
        mut progress: Progress,
    ) -> Result<Outcome, Problem> {
        let began = step;
        let mut tries = 0;
        let end = loop {
            let Some(kind) = step_kind(&work.intent, step) else {
                break End::Done;
            };
            let (sent, settling) = match self.prepare(work, step, step == began, &progress).await {
                Ok(None) => (Sent::Done, false),
                Ok(Some(write)) => match self.write(work, step, write, &mut progress).await {
                    Ok(sent) => sent,
                    Err(stop) => break End::Stopped(stop),
                },
                Err(stop) => (Sent::Refused(self.noted(work, stop).await), false),
            };
            progress.settling |= settling;
            match sent {
                Sent::Done => (step, tries) = (step + 1, 0),
                Sent::Busy(wait_ms) if tries + 1 < TRIES => {
                    tries += 1;
                    self.pause(wait_ms, tries).await;
                }
                Sent::Busy(_) | Sent::Never => break End::Unavailable,
                // The charge was replaced while the write was on its way.
                Sent::Gone if tries + 1 < TRIES => tries += 1,
                Sent::Gone | Sent::Refused(Stop::Refused(..)) if kind == StepKind::OneOfMany => {
                    progress.refused.push((step, refused(sent)));
                    (step, tries) = (step + 1, 0);
                }
                Sent::Gone => break End::Stopped(Refusal::StateChanged.into()),
                Sent::Refused(stop) => break End::Stopped(stop),
                Sent::Lost => match self.find_lost(work, step, &progress).await {
                    Found::Happened => (step, tries) = (step + 1, 0),
                    Found::DidNot => break End::DidNot,
                    Found::Unknown => break End::Unknown,
                },
            }
        };
        self.end(work, step, progress, end).await
    }

    /// The next write, judged by what upstream says now. What is named need only be shown once
    /// to be the customer's.
    async fn prepare(
        &self,
        work: &Work,
        step: usize,
        is_first: bool,
        progress: &Progress,
    ) -> Result<Option<Write>, Stop> {
        let reader = Reader::fresh(self, work.customer)
            .knowing(&progress.known)
            .in_session(&work.session);
        if is_first {
            guard(&work.intent).check(&reader).await?;
        }
        plan(&reader, &work.intent, step).await
    }

    /// Remembers what is to be remembered of a refusal.
    async fn noted(&self, work: &Work, stop: Stop) -> Stop {
        let Stop::Noted(field, (name, value)) = stop else {
            return stop;
        };
        match self
            .journal
            .set_fact(work.customer, name, Some(&value))
            .await
        {
            Ok(()) => vec![field].into(),
            Err(error) => Stop::Problem(fail_closed(error)),
        }
    }

    /// Notes a write and what to remember, sends its mail and then itself. Also says whether upstream recalculates.
    async fn write(
        &self,
        work: &Work,
        step: usize,
        write: Write,
        progress: &mut Progress,
    ) -> Result<(Sent, bool), Stop> {
        progress.undo = progress.undo.take().or(write.undo);
        if !write.known.is_empty() {
            progress.known = write.known;
        }
        let noted = self.note(work, step, progress).await;
        noted.map_err(|error| Stop::Problem(fail_closed(error)))?;
        for letter in &write.letters {
            if let Err(MailError) = self.mailer.send(letter).await {
                return Ok((Sent::Never, false));
            }
        }
        for (name, value) in &write.facts {
            let set = self.journal.set_fact(work.customer, name, value.as_deref());
            set.await
                .map_err(|error| Stop::Problem(fail_closed(error)))?;
        }
        Ok(match write.request {
            Some(request) => self.send(work, request).await,
            None => (Sent::Done, false),
        })
    }

    /// What became of a write whose answer was lost just now.
    async fn find_lost(&self, work: &Work, step: usize, progress: &Progress) -> Found {
        // Not being able to note the later time only shortens the window after a crash.
        let _ = self.note(work, step, progress).await;
        let evidence = Evidence {
            step,
            noted_ms: self.env.now_ms(),
            progress: progress.clone(),
        };
        self.find_out(work, &evidence, PATIENCE_MS).await
    }

    /// Closes the entry, unless it is not known how it ended, and says what became of it.
    async fn end(
        &self,
        work: &Work,
        step: usize,
        progress: Progress,
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
            End::Stopped(Stop::Noted(field, _)) => (
                Some(PartState::Refused {
                    reason: Refusal::InvalidFields,
                    fields: vec![field],
                }),
                Closing::Finish,
            ),
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
        let outcome = self.outcome(work, step, progress, state).await;
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

    async fn outcome(
        &self,
        work: &Work,
        step: usize,
        progress: Progress,
        last: Option<PartState>,
    ) -> Outcome {
        let is_done = last.is_none() && progress.refused.is_empty();
        let is_partly_done = !is_done && step > progress.refused.len();
        let undo = match (is_done, progress.undo.clone()) {
            (false, _) => None,
            (true, Some(undo)) => Some(undo),
            (true, None) => {
                let reader = Reader::fresh(self, work.customer).knowing(&progress.known);
                undo_of(&reader, &work.intent).await.unwrap_or_default()
            }
        };
        let undo = undo.filter(|undo| self.policy.allowed.contains(&undo.operation()));
        let differences = match is_done {
            true => self.differences(work.customer, &work.intent).await,
            false => Vec::new(),
        };
        Outcome {
            stale: row(work.intent.operation()).stale.to_vec(),
            differences,
            settling: progress.settling || is_partly_done,
            parts: parts(&work.intent, step, progress.refused, last),
            undo: undo.as_ref().map(Sendable::from),
            reference: match work.reference.as_str() {
                "" => reference(self.env.random()),
                given => given.to_owned(),
            },
        }
    }

    async fn forget(&self, work: &Work) {
        // One that stays is closed by the resolver.
        let _ = self.journal.forget(work.customer, &work.key).await;
    }

    /// Notes durably that the write of `step` is about to be sent, or was just now.
    async fn note(
        &self,
        work: &Work,
        step: usize,
        progress: &Progress,
    ) -> Result<(), JournalError> {
        let evidence = Evidence {
            step,
            noted_ms: self.env.now_ms(),
            progress: progress.clone(),
        };
        self.journal
            .note(work.customer, &work.key, &evidence.json())
            .await
    }
}

/// The parts of the outcome of an action that ended at `step`: one for each item of a list. An
/// action without one answers one part when it is done, however many steps it took, and each step
/// that was tried when it is not.
fn parts(
    intent: &Intent,
    step: usize,
    refused: Vec<(usize, PartState)>,
    last: Option<PartState>,
) -> Vec<Part> {
    let kinds: Vec<StepKind> = (0..).map_while(|at| step_kind(intent, at)).collect();
    let is_item = |at: usize| kinds.get(at) == Some(&StepKind::OneOfMany);
    let items: Vec<usize> = (0..kinds.len()).filter(|at| is_item(*at)).collect();
    let state_of = |at: usize| match refused.iter().find(|(step, _)| *step == at) {
        Some((_, state)) => state.clone(),
        None if at < step => PartState::Done,
        None if at == step => last.clone().unwrap_or(PartState::NotTried),
        None => PartState::NotTried,
    };
    let states: Vec<PartState> = match &last {
        None if items.is_empty() => vec![PartState::Done],
        Some(_) if items.is_empty() => (0..=step).map(state_of).collect(),
        // What the items need was not done.
        Some(_) if !is_item(step) => [step].into_iter().chain(items).map(state_of).collect(),
        _ => items.into_iter().map(state_of).collect(),
    };
    let part = |state| Part {
        subject: String::new(),
        state,
    };
    states.into_iter().map(part).collect()
}

/// How one of several items was refused.
fn refused(sent: Sent) -> PartState {
    match sent {
        Sent::Refused(Stop::Refused(reason, fields)) => PartState::Refused { reason, fields },
        _ => PartState::Refused {
            reason: Refusal::StateChanged,
            fields: Vec::new(),
        },
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
