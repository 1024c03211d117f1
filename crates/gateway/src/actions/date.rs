//! Moving the next charge of a subscription.

use protocol::{Intent, NextDate, Operation, Problem, SubscriptionId, SubscriptionsDate};
use recharge::Subscription;

use super::subscription::{changeable, last, skipped_dates};
use crate::plan::{Stop, Write};
use crate::reader::Reader;
use crate::rules::{check_date, date_rules};

/// Moves it to a day that the merchant allows. Upstream counts the rhythm from that day on and
/// joins what the address has on it.
pub(crate) async fn change(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &NextDate,
) -> Result<Option<Write>, Stop> {
    let subscription = changeable(reader, *id, Operation::ChangeDate).await?;
    if subscription.next_charge_scheduled_at == Some(body.date) {
        return Ok(None);
    }
    check_date(reader, body.date)?;
    let undo = undo(reader, &subscription).await?;
    last(Subscription::set_next_charge_date(*id, body.date), undo)
}

/// Its next charge is on that day.
pub(crate) async fn is_changed(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &NextDate,
) -> Result<bool, Problem> {
    Ok(reader.subscription(*id).await?.next_charge_scheduled_at == Some(body.date))
}

/// Moves one of several; those that are there already stay.
pub(crate) async fn change_one(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &SubscriptionsDate,
) -> Result<Option<Write>, Stop> {
    let write = change(reader, id, &NextDate { date: body.date }).await?;
    Ok(write.map(|write| write.undo(None)))
}

/// The next charge of one of several is on that day.
pub(crate) async fn is_one_changed(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &SubscriptionsDate,
) -> Result<bool, Problem> {
    is_changed(reader, id, &NextDate { date: body.date }).await
}

/// Back to the day it had, where that could be chosen and nothing was skipped: upstream forgets
/// skips when a date moves.
async fn undo(reader: &Reader<'_>, before: &Subscription) -> Result<Option<Intent>, Problem> {
    let date = before.next_charge_scheduled_at;
    let date = date.filter(|date| date_rules(reader).allow(*date));
    let forgets = !skipped_dates(reader, before.id).await?.is_empty();
    Ok(date.filter(|_| !forgets).map(|date| Intent::ChangeDate {
        subscription_id: before.id,
        body: NextDate { date },
    }))
}
