//! Sending one write, and finding out about one whose answer was lost.

use protocol::{Problem, Refusal};
use recharge::{ErrorKind, NoAnswer, Request, Response, UpstreamError};

use super::record::{Evidence, Work};
use crate::gateway::Gateway;
use crate::plan::Halt;
use crate::refusals::refusal;

/// What became of one write, as far as its answer tells.
pub(crate) enum Attempt {
    /// It happened.
    Done,
    /// Refused before any effect because upstream is at work there: again after a wait, with so
    /// many milliseconds where upstream says.
    Busy(Option<u64>),
    /// It never left.
    NotSent,
    /// What it was about is not there (any more).
    Gone,
    /// Refused for good.
    Refused(Halt),
    /// Nobody knows.
    Lost,
}

/// What reading back found.
pub(crate) enum Found {
    /// The write happened.
    Happened,
    /// It did not, and can no longer.
    Absent,
    /// It may have, or may still.
    Unknown,
}

/// The first wait before reading back, or before another try; it doubles.
const FIRST_WAIT_MS: u64 = 500;
/// The longest wait.
const LONGEST_WAIT_MS: u64 = 4_000;

impl Gateway {
    /// Sends a write once. Also says whether upstream recalculates after it.
    pub(crate) async fn send(&self, work: &Work, request: Request) -> (Attempt, bool) {
        let is_payment = request.path.ends_with("/process");
        let answer = self.upstream.recharge.call(request).await;
        // Whatever the answer says, what was read before may be untrue now.
        self.forget_reads(work.customer);
        match answer {
            Err(NoAnswer::NotSent) => (Attempt::NotSent, false),
            Err(NoAnswer::Lost) => (Attempt::Lost, true),
            Ok(response) if is_payment && is_declined(&response) => {
                (Attempt::Refused(Refusal::PaymentDeclined.into()), true)
            }
            Ok(response) => (judge(&response), is_settling(&response)),
        }
    }

    /// Reads back until it is known whether a write happened, for at most `patience_ms`; at
    /// least once. That it did not counts only from a look after the window in which it still
    /// may happen.
    pub(crate) async fn find_out(
        &self,
        work: &Work,
        evidence: &Evidence,
        patience_ms: i64,
    ) -> Found {
        let window_ms = i64::try_from(self.upstream.policy.write_window_ms).unwrap_or(i64::MAX);
        let closes_ms = evidence.noted_ms.saturating_add(window_ms);
        let gives_up_ms = self.upstream.env.now_ms().saturating_add(patience_ms);
        let mut wait_ms = FIRST_WAIT_MS;
        loop {
            let looked_ms = self.upstream.env.now_ms();
            match self.check(work, evidence).await {
                Ok(true) => return Found::Happened,
                Ok(false) if looked_ms >= closes_ms => return Found::Absent,
                Ok(false) | Err(Problem { .. }) => {}
            }
            let now_ms = self.upstream.env.now_ms();
            if now_ms >= gives_up_ms {
                return Found::Unknown;
            }
            // The look that decides comes right after the window closes.
            let until_ms = if now_ms < closes_ms {
                closes_ms.min(gives_up_ms)
            } else {
                gives_up_ms
            };
            let most_ms = u64::try_from(until_ms - now_ms).unwrap_or_default().max(1);
            self.upstream.env.sleep(wait_ms.min(most_ms)).await;
            wait_ms = (wait_ms * 2).min(LONGEST_WAIT_MS);
        }
    }

    /// Waits before another try, as long as upstream asks for, else longer each time, and never
    /// in step with others.
    pub(crate) async fn pause(&self, asked_ms: Option<u64>, tries: u32) {
        let own_ms = FIRST_WAIT_MS << tries.min(3);
        let jitter_ms = u64::from(self.upstream.env.random()[0]);
        self.upstream
            .env
            .sleep(asked_ms.unwrap_or(own_ms).min(LONGEST_WAIT_MS) + jitter_ms)
            .await;
    }
}

fn judge(response: &Response) -> Attempt {
    // A success whose body is no JSON may come from something in between.
    let unreadable = response.status != 204 && response.body.is_none();
    match response.status {
        200..=299 if unreadable => return Attempt::Lost,
        200..=299 if !response.body.as_ref().is_some_and(UpstreamError::is_in) => {
            return Attempt::Done;
        }
        _ => {}
    }
    let error = UpstreamError::of(response);
    match error.kind() {
        ErrorKind::Conflict => Attempt::Busy(error.retry_after_ms),
        ErrorKind::RateLimited => Attempt::NotSent,
        ErrorKind::NotFound => Attempt::Gone,
        ErrorKind::Invalid => Attempt::Refused(refusal(&error)),
        ErrorKind::Unauthorised => Attempt::Refused(Refusal::Upstream.into()),
        // A redirect is not followed and says nothing about the write.
        ErrorKind::Rejected if response.status < 400 => Attempt::Lost,
        ErrorKind::Rejected => Attempt::Refused(Refusal::Upstream.into()),
        ErrorKind::Unavailable => Attempt::Lost,
    }
}

/// Whether a payment was tried and declined: upstream answers that with success and the charge.
fn is_declined(response: &Response) -> bool {
    let charge = response.body.as_ref().and_then(|body| body.get("charge"));
    let status = charge.and_then(|charge| charge.get("status"));
    status
        .and_then(serde_json::Value::as_str)
        .is_some_and(|status| status.eq_ignore_ascii_case("error"))
}

/// Whether upstream says that it recalculates the charge it answers with, or the whole later.
fn is_settling(response: &Response) -> bool {
    let charge = response.body.as_ref().and_then(|body| body.get("charge"));
    let flag = charge.and_then(|charge| charge.get("has_uncommitted_changes"));
    response.status == 202
        || flag
            .and_then(serde_json::Value::as_bool)
            .unwrap_or_default()
}
