//! What the changes of a subscription have in common.

use protocol::{Date, FieldProblem, Intent, Operation, Problem, Refusal, SubscriptionId};
use recharge::{Request, Subscription, SubscriptionStatus};

use crate::model::delivery::skipped_dates;
use crate::model::pause::paused_fact;
use crate::model::yearly::{pauses, pauses_fact};
use crate::plan::{Halt, Write, field_error};
use crate::rules::{check_date, check_lock, date_rules};
use crate::upstream::reader::Reader;

/// The move itself; none where the next charge is on that day already.
pub(super) async fn moved(
    reader: &Reader<'_>,
    subscription: &Subscription,
    date: Date,
) -> Result<Option<Write>, Halt> {
    if subscription.next_charge_scheduled_at == Some(date) {
        return Ok(None);
    }
    check_date(reader, date)?;
    let move_it = Subscription::set_next_charge_date(subscription.id, date);
    let write = committed_write(move_it, None)?;
    // It is not paused any more, even where it later gets the day until which it was.
    let paused = paused_fact(subscription.id);
    let is_paused = reader.fact(&paused).await?.is_some();
    Ok(write.map(|write| {
        if is_paused {
            write.fact(paused, None)
        } else {
            write
        }
    }))
}

/// The day it has, where that could be chosen again and nothing was skipped: upstream forgets
/// skips when a date moves.
pub(super) async fn earlier_day(
    reader: &Reader<'_>,
    before: &Subscription,
) -> Result<Option<Date>, Problem> {
    let date = before.next_charge_scheduled_at;
    let forgets = !skipped_dates(reader, before.id).await?.is_empty();
    Ok(date.filter(|date| !forgets && date_rules(reader).allow(*date)))
}

/// The pause itself, and the subscription as it was before.
pub(super) async fn pause_until(
    reader: &Reader<'_>,
    id: SubscriptionId,
    until: Date,
) -> Result<(Write, Subscription), Halt> {
    let before = changeable(reader, id, Operation::PauseSubscription).await?;
    check_date(reader, until)?;
    if before
        .next_charge_scheduled_at
        .is_some_and(|next| until <= next)
    {
        return Err(field_error("until", FieldProblem::Refused));
    }
    let rules = &reader.upstream.policy.subscriptions;
    let from = before.next_charge_scheduled_at.unwrap_or(reader.today());
    let longest = rules
        .longest_pause_days
        .and_then(|days| i32::try_from(days).ok());
    if longest.is_some_and(|longest| from.days_until(until) > longest) {
        return Err(Refusal::PauseTooLong.into());
    }
    let request = Subscription::pause(id, until).commit();
    let write = Write::new(request).fact(paused_fact(id), Some(until.to_string()));
    if rules.most_pauses_per_year.is_none() {
        return Ok((write, before));
    }
    let mut days = pauses(reader, id).await?;
    days.push(reader.today());
    let days: Vec<String> = days.iter().map(Date::to_string).collect();
    Ok((write.fact(pauses_fact(id), Some(days.join(","))), before))
}

/// The subscription, where `operation` can be used on it now: active, and not locked.
pub(super) async fn changeable(
    reader: &Reader<'_>,
    id: SubscriptionId,
    operation: Operation,
) -> Result<Subscription, Halt> {
    let subscription = reader.subscription(id).await?;
    if subscription.status != SubscriptionStatus::Active {
        return Err(Refusal::StateChanged.into());
    }
    check_lock(reader, &subscription, operation).await?;
    Ok(subscription)
}

/// The last write of an action, whose answer shows the charges as they are then.
pub(super) fn committed_write(
    request: Request,
    undo: Option<Intent>,
) -> Result<Option<Write>, Halt> {
    Ok(Some(Write::new(request.commit()).undo(undo)))
}
