//! Bringing a cancelled subscription back.

use protocol::{Cancellation, Date, Intent, Nothing, Problem, Refusal, SubscriptionId};
use recharge::{Subscription, SubscriptionStatus};

use super::cancel::problems;
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// The first day that is sure to be accepted as a date to come. Upstream wants tomorrow, by a
/// clock of its own that may be ahead of the store's.
const DAYS_AHEAD: i32 = 2;

/// Upstream takes no more units between two orders; more than that is no rhythm.
const LONGEST_INTERVAL: u32 = 1_000;

/// Activates it; then, where upstream has set no date or one of the past, moves it to the next
/// day of its rhythm.
pub(crate) async fn reactivate(
    reader: &Reader<'_>,
    step: usize,
    id: &SubscriptionId,
    _body: &Nothing,
) -> Result<Option<Write>, Stop> {
    let subscription = reader.subscription(*id).await?;
    match step {
        0 if subscription.status == SubscriptionStatus::Cancelled => Ok(Some(Write {
            request: Subscription::activate(*id).commit(),
            undo: undo(&subscription),
        })),
        0 => Err(Refusal::StateChanged.into()),
        _ => {
            let date = subscription.next_charge_scheduled_at;
            let is_to_come = date.is_some_and(|date| date > reader.today());
            let ended = subscription.status != SubscriptionStatus::Active;
            Ok((!is_to_come && !ended).then(|| Write {
                request: Subscription::set_next_charge_date(*id, next_date(reader, &subscription))
                    .commit(),
                undo: None,
            }))
        }
    }
}

/// It is active; after the second step with a date to come.
pub(crate) async fn is_active(
    reader: &Reader<'_>,
    step: usize,
    id: &SubscriptionId,
    _body: &Nothing,
) -> Result<bool, Problem> {
    let subscription = reader.subscription(*id).await?;
    let date = subscription.next_charge_scheduled_at;
    let is_to_come = date.is_some_and(|date| date > reader.today());
    Ok(subscription.status == SubscriptionStatus::Active && (step == 0 || is_to_come))
}

/// Cancelling it again for the reason it had before. Without one there is no way back.
fn undo(before: &Subscription) -> Option<Intent> {
    let reason = before.cancellation_reason.clone()?;
    let comment = before
        .cancellation_reason_comments
        .clone()
        .filter(|text| !text.is_empty());
    let body = Cancellation { reason, comment };
    let undo = |body| Intent::CancelSubscription {
        subscription_id: before.id,
        body,
    };
    problems(&body).is_empty().then(|| undo(body))
}

/// The first day of the subscription's rhythm that can be set.
fn next_date(reader: &Reader<'_>, subscription: &Subscription) -> Date {
    let earliest = reader.today().add_days(DAYS_AHEAD);
    let interval = subscription
        .interval()
        .filter(|interval| interval.every <= LONGEST_INTERVAL);
    let rhythm = subscription.next_charge_scheduled_at.zip(interval);
    let Some((last, interval)) = rhythm else {
        return earliest;
    };
    // No rhythm is shorter than a day, so at most as many steps as days have passed.
    let most = last.days_until(earliest).max(0).unsigned_abs();
    (0..=most)
        .map(|times| interval.after(last, times))
        .find(|date| *date >= earliest)
        .unwrap_or(earliest)
}
