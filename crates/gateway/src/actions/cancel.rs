//! Cancelling a subscription with a reason.

use protocol::{
    Cancellation, FieldError, FieldProblem, Intent, Nothing, Operation, Problem, SubscriptionId,
};
use recharge::{Subscription, SubscriptionStatus};

use super::subscription::changeable;
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// The longest reason, in characters.
pub(crate) const LONGEST_REASON: usize = 255;
/// The longest comment, in characters.
pub(crate) const LONGEST_COMMENT: usize = 500;

/// Cancels an active subscription.
pub(crate) async fn cancel(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &Cancellation,
) -> Result<Option<Write>, Stop> {
    let problems = problems(body);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    changeable(reader, *id, Operation::CancelSubscription).await?;
    let comments = body
        .comment
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let cancellation = recharge::Cancellation {
        reason: body.reason.trim().to_owned(),
        comments: comments.map(str::to_owned),
        // Whether upstream writes an e-mail is the store's setting.
        send_email: None,
    };
    let undo = Intent::ReactivateSubscription {
        subscription_id: *id,
        body: Nothing {},
    };
    let request = Subscription::cancel(*id, &cancellation).commit();
    Ok(Some(Write::new(request).undo(undo)))
}

/// It is cancelled.
pub(crate) async fn is_cancelled(
    reader: &Reader<'_>,
    id: &SubscriptionId,
) -> Result<bool, Problem> {
    Ok(reader.subscription(*id).await?.status == SubscriptionStatus::Cancelled)
}

/// What is wrong with a cancellation as it was sent.
pub(crate) fn problems(body: &Cancellation) -> Vec<FieldError> {
    let length = |text: &str| text.trim().chars().count();
    let reason = match length(&body.reason) {
        0 => Some(FieldProblem::Required),
        n if n > LONGEST_REASON => Some(FieldProblem::TooLong),
        _ => None,
    };
    let comment = body
        .comment
        .as_deref()
        .is_some_and(|text| length(text) > LONGEST_COMMENT);
    let comment = comment.then_some(FieldProblem::TooLong);
    let of = |field: &str, error: Option<FieldProblem>| {
        error.map(|error| FieldError {
            field: field.to_owned(),
            error,
        })
    };
    of("reason", reason)
        .into_iter()
        .chain(of("comment", comment))
        .collect()
}
