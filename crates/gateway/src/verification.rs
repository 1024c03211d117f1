//! A mailed code proves that the customer is there, before anything that a stolen session would be
//! worth stealing for.

use protocol::view::{Proof, Verification};
use protocol::{Intent, Problem, ProblemKind, Query, Refusal};

use crate::actor::Actor;
use crate::gateway::{Caller, Gateway};
use crate::mailer::Email;
use crate::model::code::{GOOD_MINUTES, PendingCode, VERIFICATION, Verified};
use crate::plan::Halt;
use crate::policy::StepUp;
use crate::upstream::reader::Reader;

impl Gateway {
    /// Proves by the code of `proof` that the customer is there, for five minutes of this session;
    /// without a code mails them one. One that was mailed less than a minute ago is waited for
    /// instead.
    ///
    /// # Errors
    /// A [`Problem`]: upstream or the journal is unavailable, or the mail cannot be sent.
    pub async fn verify(&self, caller: &Caller, proof: &Proof) -> Result<Verification, Problem> {
        let lock = self.locks.of(caller.customer);
        let _held = lock.lock().await;
        let _turn = self.turn(caller.customer).await?;
        let reader = &self.reader_of(caller);
        let verified = match &proof.code {
            None => {
                self.mail_code(caller, reader).await?;
                false
            }
            Some(code) => match PendingCode::prove(reader, VERIFICATION, code).await {
                Ok(_) => {
                    let (name, value) = Verified::fact(reader);
                    self.remember(caller.customer, name, Some(&value)).await?;
                    self.remember(caller.customer, VERIFICATION, None).await?;
                    true
                }
                Err(Halt::RejectedWithFact(_, (name, value))) => {
                    self.remember(caller.customer, name, Some(&value)).await?;
                    false
                }
                Err(Halt::Refused(..)) => false,
                Err(Halt::Problem(problem)) => return Err(problem),
            },
        };
        Ok(Verification {
            verified,
            awaited: PendingCode::view(reader, VERIFICATION).await?,
        })
    }

    /// Refuses a view that needs a code first.
    ///
    /// # Errors
    /// 403 `code_needed`; the journal is unavailable.
    pub async fn check_verified(&self, caller: &Caller, query: &Query) -> Result<(), Problem> {
        let is_guarded = *query == Query::Export && self.upstream.policy.step_up.export;
        if !is_guarded || Verified::is_fresh(&self.reader_of(caller)).await? {
            return Ok(());
        }
        let title = "Prove by a code who you are, then ask again.";
        Err(Problem::new(ProblemKind::CodeNeeded, title))
    }

    fn reader_of(&self, caller: &Caller) -> Reader<'_> {
        Reader::fresh(&self.upstream, caller.customer).in_session(&caller.session)
    }

    async fn mail_code(&self, caller: &Caller, reader: &Reader<'_>) -> Result<(), Problem> {
        let pending = PendingCode::find(reader, VERIFICATION).await?;
        if pending.is_some_and(|pending| pending.is_recent(reader)) {
            return Ok(());
        }
        let to = reader.customer().await?.email;
        let (code, pending) = PendingCode::new(reader, &to);
        // What was not kept could not be proven; what was kept and not mailed can be asked for
        // again.
        self.remember(caller.customer, VERIFICATION, Some(&pending.json()))
            .await?;
        let email = Email::VerificationCode {
            to,
            code,
            minutes: GOOD_MINUTES,
        };
        if self.mailer.send(&email, &caller.language).await.is_err() {
            self.remember(caller.customer, VERIFICATION, None).await?;
            let title = "The email with the code cannot be sent now.";
            return Err(Problem::new(ProblemKind::Unavailable, title));
        }
        Ok(())
    }
}

/// Refuses a change that needs a code first. Whoever uses a link got it by email, and support has
/// rules of its own.
pub(crate) async fn check(
    step_up: &StepUp,
    actor: &Actor,
    intent: &Intent,
    reader: &Reader<'_>,
) -> Result<(), Halt> {
    let is_guarded = *actor == Actor::Customer && needs_code(step_up, intent);
    if !is_guarded || Verified::is_fresh(reader).await? {
        return Ok(());
    }
    Err(Refusal::CodeNeeded.into())
}

/// Whether `intent` pays more than the limit.
fn needs_code(step_up: &StepUp, intent: &Intent) -> bool {
    match (step_up.pay_above, intent) {
        (Some(most), Intent::ProcessDelivery(pay)) => {
            let more = pay.body.amount.minus(most);
            // What cannot be compared needs one.
            more.is_none_or(|more| more.minor() > 0)
        }
        _ => false,
    }
}
