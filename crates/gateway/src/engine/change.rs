//! Carrying out a change exactly once, over an upstream that knows no idempotency keys.

use base::idempotency_key;
use protocol::{Intent, Outcome, Part, PartState, Problem, ProblemKind, Refusal, Sendable};

use super::completion::{Completion, PATIENCE_MS, fail_closed, still_checking};
use super::record::{Evidence, Progress, Work, reference};
use super::sending::{Attempt, Found};
use crate::actions::{action, row};
use crate::gateway::{Caller, Gateway};
use crate::journal::{Begun, Entry, EntryState, JournalError};
use crate::mailer::MailError;
use crate::plan::{Halt, Write};
use crate::rules::texts;
use crate::upstream::reader::Reader;
use crate::verification;

/// How often a write is tried again that upstream refused because it was busy.
const TRIES: u32 = 3;

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
        self.check_allowed(&caller.actor, intent.operation())?;
        if idempotency_key(key).is_none() {
            return Err(Problem::new(
                ProblemKind::BadRequest,
                "The idempotency key is not a UUID.",
            ));
        }
        let Caller {
            customer,
            actor,
            session,
            reference,
            language,
        } = caller;
        let work = Work {
            customer,
            key: key.to_owned(),
            intent,
            actor,
            session,
            reference,
            language,
        };
        // One change after another for each customer. Whoever sends the same key meanwhile waits
        // here and then finds the first one's answer.
        let lock = self.locks.of(customer);
        let _held = lock.lock().await;
        let turn = self.upstream.journal.turn(customer, true).await;
        let _turn = turn.map_err(fail_closed)?;
        match self.begin(&work).await? {
            Some(Entry {
                state: EntryState::Finished(outcome),
                ..
            }) => {
                self.replays.count();
                return serde_json::from_str(&outcome).map_err(|_| fail_closed(JournalError));
            }
            Some(open) if !open.evidence.is_empty() => return self.find_truth(&work, &open).await,
            // New, or left behind before anything was written. It is not being worked on: the
            // journal gives an open entry to one process, and here the customer's lock is held.
            _ => {}
        }
        let reader = self.reader(&work);
        match self.admit(&work, &reader).await {
            Ok(()) => self.run(&work, 0, Progress::default(), reader).await,
            Err(stop) => {
                let end = Completion::Stopped(stop);
                self.end(&work, 0, Progress::default(), end).await
            }
        }
    }

    /// Whether a change may begin: nothing it is about is still being checked, everything it
    /// names is the customer's, whatever its steps are, and its text can be written.
    async fn admit(&self, work: &Work, reader: &Reader<'_>) -> Result<(), Halt> {
        let guard = action(&work.intent).ownership();
        self.wait_for_others(work, &guard, reader).await?;
        guard.check(reader).await?;
        let step_up = &self.upstream.policy.step_up;
        verification::check(step_up, &work.actor, &work.intent, reader).await?;
        match texts::problems(&work.intent) {
            problems if problems.is_empty() => Ok(()),
            problems => Err(problems.into()),
        }
    }

    /// A reader that has read nothing yet.
    pub(super) fn reader(&self, work: &Work) -> Reader<'_> {
        Reader::fresh(&self.upstream, work.customer)
            .in_session(&work.session)
            .together(action(&work.intent).is_of_several())
    }

    /// Opens the key, or answers what stands under it.
    async fn begin(&self, work: &Work) -> Result<Option<Entry>, Problem> {
        let intent = work.intent_json(&*self.upstream.journal);
        let now_ms = self.upstream.env.now_ms();
        let begun = self
            .upstream
            .journal
            .begin(work.customer, &work.key, &intent, &work.actor, now_ms)
            .await;
        match begun.map_err(fail_closed)? {
            Begun::New => Ok(None),
            Begun::Known(entry) if entry.intent != intent => Err(Problem::new(
                ProblemKind::KeyReused,
                "This key was used for another change.",
            )),
            Begun::Known(entry) => Ok(Some(entry)),
            Begun::Held => Err(still_checking()),
        }
    }

    /// Runs an action from `step` on. What `reader` has read is good until the next write; what
    /// it has read about the items of a list, until the end.
    pub(super) async fn run(
        &self,
        work: &Work,
        mut step: usize,
        mut progress: Progress,
        mut reader: Reader<'_>,
    ) -> Result<Outcome, Problem> {
        let action = action(&work.intent);
        let steps = action.steps();
        let mut tries = 0;
        let end = loop {
            let Some(kind) = steps.get(step).copied() else {
                break Completion::Done;
            };
            reader = reader.knowing(&progress.known);
            let (sent, settling) = match action.plan(&reader, kind).await {
                Ok(None) => {
                    progress.idle.push(step);
                    (Attempt::Done, false)
                }
                Ok(Some(write)) => {
                    let written = self.write(work, step, write, &mut progress).await;
                    match &written {
                        // It changed one item, and the charges of them all.
                        Ok((Attempt::Done, _))
                            if kind.is_same_write(steps.get(step + 1).copied()) =>
                        {
                            reader.forget_charges()
                        }
                        _ => reader.forget(),
                    }
                    match written {
                        Ok(sent) => sent,
                        Err(stop) => break Completion::Stopped(stop),
                    }
                }
                Err(stop) => (Attempt::Refused(self.noted(work, stop).await), false),
            };
            progress.settling |= settling;
            match sent {
                Attempt::Done => (step, tries) = (step + 1, 0),
                Attempt::Busy(wait_ms) if tries + 1 < TRIES => {
                    tries += 1;
                    self.retries.count();
                    self.pause(wait_ms, tries).await;
                }
                Attempt::Busy(_) | Attempt::NotSent => break Completion::Unavailable,
                // The charge was replaced while the write was on its way.
                Attempt::Gone if tries + 1 < TRIES => tries += 1,
                Attempt::Gone | Attempt::Refused(Halt::Refused(..)) if kind.is_each() => {
                    progress.refused.push((step, refused(sent)));
                    (step, tries) = (step + 1, 0);
                }
                Attempt::Gone => break Completion::Stopped(Refusal::StateChanged.into()),
                Attempt::Refused(stop) => break Completion::Stopped(stop),
                Attempt::Lost => match self.find_lost(work, step, &progress).await {
                    Found::Happened => match self.happened(work, step, &mut progress).await {
                        Ok(()) => (step, tries) = (step + 1, 0),
                        Err(JournalError) => break Completion::Unknown,
                    },
                    Found::Absent => break Completion::Absent,
                    Found::Unknown => break Completion::Unknown,
                },
            }
        };
        self.end(work, step, progress, end).await
    }

    /// Remembers what is to be remembered of a refusal.
    async fn noted(&self, work: &Work, stop: Halt) -> Halt {
        let Halt::RejectedWithFact(field, (name, value)) = stop else {
            return stop;
        };
        match self
            .upstream
            .journal
            .set_fact(work.customer, name, Some(&value))
            .await
        {
            Ok(()) => vec![field].into(),
            Err(error) => Halt::Problem(fail_closed(error)),
        }
    }

    /// Notes a write and what to remember of it, sends its mail and then itself. Also says
    /// whether upstream recalculates.
    async fn write(
        &self,
        work: &Work,
        step: usize,
        write: Write,
        progress: &mut Progress,
    ) -> Result<(Attempt, bool), Halt> {
        // One that is planned once something is written takes only the rest back.
        if progress.written.is_empty() {
            progress.undo = write.undo;
        }
        if !write.known.is_empty() {
            progress.known = write.known;
        }
        progress.facts = write.facts;
        let noted = self.note(work, step, progress).await;
        noted.map_err(|error| Halt::Problem(fail_closed(error)))?;
        for email in &write.emails {
            if let Err(MailError) = self.mailer.send(email, &work.language).await {
                return Ok((Attempt::NotSent, false));
            }
        }
        let Some(request) = write.request else {
            let kept = self.happened(work, step, progress).await;
            return kept
                .map(|()| (Attempt::Done, false))
                .map_err(|error| Halt::Problem(fail_closed(error)));
        };
        let (sent, settling) = self.send(work, request).await;
        match sent {
            Attempt::Done if self.happened(work, step, progress).await.is_err() => {
                // Reading back finds that it happened, and takes it down then.
                Ok((Attempt::Lost, settling))
            }
            sent => Ok((sent, settling)),
        }
    }

    /// Takes down that the write of `step` happened, and what to remember of it.
    pub(super) async fn happened(
        &self,
        work: &Work,
        step: usize,
        progress: &mut Progress,
    ) -> Result<(), JournalError> {
        for (name, value) in &progress.facts {
            let set = self
                .upstream
                .journal
                .set_fact(work.customer, name, value.as_deref());
            set.await?;
        }
        progress.facts.clear();
        progress.written.push(step);
        Ok(())
    }

    /// What became of a write whose answer was lost just now.
    async fn find_lost(&self, work: &Work, step: usize, progress: &Progress) -> Found {
        // Not being able to note the later time only shortens the window after a crash.
        let _ = self.note(work, step, progress).await;
        let evidence = Evidence {
            step,
            noted_ms: self.upstream.env.now_ms(),
            progress: progress.clone(),
        };
        self.find_out(work, &evidence, PATIENCE_MS).await
    }

    /// Closes the entry, unless it is not known how it ended, and says what became of it.
    pub(super) async fn end(
        &self,
        work: &Work,
        step: usize,
        progress: Progress,
        end: Completion,
    ) -> Result<Outcome, Problem> {
        self.forget_reads(work.customer);
        // What the steps before had nothing to do for was not begun.
        let is_first = progress.idle.len() == step;
        let (state, entry) = match end {
            Completion::Done => (None, Closing::Finish),
            Completion::Unknown => (Some(PartState::Unknown), Closing::LeaveOpen),
            Completion::Stopped(Halt::Problem(problem)) if is_first => {
                self.forget(work).await;
                return Err(problem);
            }
            Completion::Stopped(Halt::RejectedWithFact(field, _)) => (
                Some(PartState::Refused {
                    reason: Refusal::InvalidFields,
                    fields: vec![field],
                }),
                Closing::Finish,
            ),
            Completion::Stopped(Halt::Refused(reason, fields)) => {
                (Some(PartState::Refused { reason, fields }), Closing::Finish)
            }
            // Whoever asks again, perhaps because our own answer was lost, is told the same.
            Completion::Absent => (Some(did_not(&work.intent)), Closing::Finish),
            Completion::Unavailable if is_first => (Some(unavailable()), Closing::Forget),
            Completion::Unavailable | Completion::Stopped(Halt::Problem(_)) => {
                (Some(unavailable()), Closing::Finish)
            }
        };
        let outcome = self.outcome(work, step, progress, state).await;
        match (entry, serde_json::to_string(&outcome)) {
            (Closing::Forget, _) => self.forget(work).await,
            // Where this fails the entry stays open, and reading back closes it later.
            (Closing::Finish, Ok(json)) => {
                let now_ms = self.upstream.env.now_ms();
                let finished =
                    self.upstream
                        .journal
                        .finish(work.customer, &work.key, &json, now_ms);
                let _ = finished.await;
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
        let is_partly_done = !is_done && step > progress.refused.len() + progress.idle.len();
        let undo = match (is_done, progress.undo.clone()) {
            (false, _) => None,
            (true, Some(undo)) => Some(undo),
            (true, None) => {
                let reader = Reader::fresh(&self.upstream, work.customer).knowing(&progress.known);
                action(&work.intent).undo(&reader).await.unwrap_or_default()
            }
        };
        let allows = |undo: &Intent| self.upstream.policy.allows(&work.actor, undo.operation());
        let undo = undo.filter(allows);
        let differences = if is_done {
            self.differences(work.customer, &work.intent).await
        } else {
            Vec::new()
        };
        Outcome {
            stale: row(work.intent.operation()).stale.to_vec(),
            differences,
            settling: progress.settling || is_partly_done,
            parts: parts(&work.intent, step, &progress, last),
            undo: undo.as_ref().map(Sendable::from),
            reference: match work.reference.as_str() {
                "" => reference(self.upstream.env.random()),
                given => given.to_owned(),
            },
        }
    }

    async fn forget(&self, work: &Work) {
        // One that stays is closed by the resolver.
        let _ = self.upstream.journal.forget(work.customer, &work.key).await;
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
            noted_ms: self.upstream.env.now_ms(),
            progress: progress.clone(),
        };
        self.upstream
            .journal
            .note(work.customer, &work.key, &evidence.json())
            .await
    }
}

/// The parts of the outcome of an action that ended at `step`: one for each item of a list, and
/// before them, where not all is done, what was written or refused for all of them. An action
/// without a list answers one part when it is done, however many steps it took, and each step
/// that was tried when it is not.
fn parts(intent: &Intent, step: usize, progress: &Progress, last: Option<PartState>) -> Vec<Part> {
    let Progress { refused, idle, .. } = progress;
    let steps = action(intent).steps();
    let is_item = |at: usize| steps.get(at).is_some_and(|step| step.is_each());
    let items: Vec<usize> = (0..steps.len()).filter(|at| is_item(*at)).collect();
    let state_of = |at: usize| match refused.iter().find(|(step, _)| *step == at) {
        Some((_, state)) => state.clone(),
        None if at < step => PartState::Done,
        None if at == step => last.clone().unwrap_or(PartState::NotTried),
        None => PartState::NotTried,
    };
    let states: Vec<PartState> = match &last {
        None if items.is_empty() => vec![PartState::Done],
        Some(_) if items.is_empty() => {
            let tried = (0..=step).filter(|at| !idle.contains(at));
            tried.map(state_of).collect()
        }
        None if refused.is_empty() => items.into_iter().map(state_of).collect(),
        _ => {
            let tells = |at: &usize| {
                let failed = last.is_some() && *at == step;
                !is_item(*at) && (failed || progress.written.contains(at))
            };
            let before = (0..steps.len()).filter(tells);
            before.chain(items).map(state_of).collect()
        }
    };
    let part = |state| Part {
        subject: String::new(),
        state,
    };
    states.into_iter().map(part).collect()
}

/// How one of several items was refused.
fn refused(sent: Attempt) -> PartState {
    match sent {
        Attempt::Refused(Halt::Refused(reason, fields)) => PartState::Refused { reason, fields },
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

/// The answer to a write got lost, and it is known by now that it did not happen. Of an e-mail
/// upstream does not tell, so that only the customer can see whether it came.
fn did_not(intent: &Intent) -> PartState {
    match intent {
        Intent::SendPaymentLink(_) => PartState::Refused {
            reason: Refusal::Unconfirmed,
            fields: Vec::new(),
        },
        _ => unavailable(),
    }
}
