//! Pausing a subscription until a day, and resuming it.
//!
//! Upstream has no paused state, only a next date that is far away. That the customer paused is
//! a fact of hers; it counts as long as upstream's date is the one she paused until.

use protocol::view::SubscriptionCard;
use protocol::{
    Date, FieldProblem, Intent, NextDate, Operation, Pause, Problem, SubscriptionId,
    SubscriptionsDate,
};
use recharge::Subscription;

use super::subscription::{changeable, skipped_dates, wrong};
use crate::plan::{Stop, Write};
use crate::reader::Reader;
use crate::rules::{check_date, date_rules};

/// The name of the fact of a subscription; its value is the day on which it resumes.
fn fact(id: SubscriptionId) -> String {
    format!("paused:{id}")
}

/// Pauses until a day after the next charge.
pub(crate) async fn pause(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &Pause,
) -> Result<Option<Write>, Stop> {
    let write = pause_until(reader, *id, body.until).await?;
    Ok(Some(write))
}

/// Pauses one of several.
pub(crate) async fn pause_one(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &SubscriptionsDate,
) -> Result<Option<Write>, Stop> {
    let write = pause_until(reader, *id, body.date).await?;
    Ok(Some(write.undo(None)))
}

async fn pause_until(reader: &Reader<'_>, id: SubscriptionId, until: Date) -> Result<Write, Stop> {
    let before = changeable(reader, id, Operation::PauseSubscription).await?;
    check_date(reader, until)?;
    if before
        .next_charge_scheduled_at
        .is_some_and(|next| until <= next)
    {
        return Err(wrong("until", FieldProblem::Refused));
    }
    let undo = back(reader, &before)
        .await?
        .map(|date| Intent::ResumeSubscription {
            subscription_id: id,
            body: NextDate { date },
        });
    let request = Subscription::pause(id, until).commit();
    let write = Write::new(request).fact(fact(id), Some(until.to_string()));
    Ok(write.undo(undo))
}

/// Its next charge is on the day it was paused until.
pub(crate) async fn is_paused(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &Pause,
) -> Result<bool, Problem> {
    has_date(reader, *id, body.until).await
}

/// One of several is.
pub(crate) async fn is_one_paused(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &SubscriptionsDate,
) -> Result<bool, Problem> {
    has_date(reader, *id, body.date).await
}

/// Resumes on a day of the customer's choice.
pub(crate) async fn resume(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &NextDate,
) -> Result<Option<Write>, Stop> {
    let before = changeable(reader, *id, Operation::ResumeSubscription).await?;
    check_date(reader, body.date)?;
    let until = back(reader, &before).await?;
    let undo = until
        .filter(|until| *until > body.date)
        .map(|until| Intent::PauseSubscription {
            subscription_id: *id,
            body: Pause { until },
        });
    let request = Subscription::set_next_charge_date(*id, body.date).commit();
    Ok(Some(Write::new(request).fact(fact(*id), None).undo(undo)))
}

/// Its next charge is on the day on which it resumes.
pub(crate) async fn is_resumed(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &NextDate,
) -> Result<bool, Problem> {
    has_date(reader, *id, body.date).await
}

/// Says on the cards until when subscriptions are paused.
pub(crate) async fn mark(
    reader: &Reader<'_>,
    cards: &mut [SubscriptionCard],
) -> Result<(), Problem> {
    let facts = reader.facts().await?;
    for card in cards {
        let name = fact(card.id);
        let known = facts.iter().find(|(known, _)| *known == name);
        let until: Option<Date> = known.and_then(|(_, until)| until.parse().ok());
        let holds = until.is_some() && until == card.next_date && until > Some(reader.today());
        card.paused_until = until.filter(|_| holds);
    }
    Ok(())
}

/// The date it has, where that can be set again and no skip is lost on the way.
async fn back(reader: &Reader<'_>, before: &Subscription) -> Result<Option<Date>, Problem> {
    let forgets = !skipped_dates(reader, before.id).await?.is_empty();
    let rules = date_rules(reader);
    let date = before.next_charge_scheduled_at;
    Ok(date.filter(|date| !forgets && rules.allow(*date)))
}

async fn has_date(reader: &Reader<'_>, id: SubscriptionId, date: Date) -> Result<bool, Problem> {
    Ok(reader.subscription(id).await?.next_charge_scheduled_at == Some(date))
}
