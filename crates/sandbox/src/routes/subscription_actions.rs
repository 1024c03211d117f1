//! What can be done with a subscription: its date, address, skips, end and new beginning.

use std::collections::BTreeSet;

use base::Date;

use super::subscriptions::answer;
use super::{Access, Route, row, row_mut};
use crate::call::{Answer, Outcome};
use crate::charges::{self, open_charge_on};
use crate::clock::today;
use crate::errors::{invalid, wrong_state};
use crate::incoming::{Incoming, required};
use crate::rows::*;
use crate::schedule::delivery_dates;
use crate::serialise::charge as charge_wire;
use crate::skip;

pub(super) const ROUTES: &[Route] = &[
    (
        "POST",
        "/subscriptions/{id}/set_next_charge_date",
        Access::Write(set_next_charge_date),
    ),
    (
        "POST",
        "/subscriptions/{id}/change_address",
        Access::Write(change_address),
    ),
    ("POST", "/subscriptions/{id}/cancel", Access::Write(cancel)),
    (
        "POST",
        "/subscriptions/{id}/activate",
        Access::Write(activate),
    ),
    (
        "POST",
        "/subscriptions/{id}/charges/skip",
        Access::Write(skip_by_subscription),
    ),
    (
        "POST",
        "/addresses/{id}/charges/skip",
        Access::Write(skip_by_address),
    ),
];

/// The longest comment on a cancellation, in characters.
const MAX_COMMENT: usize = 1024;

fn set_next_charge_date(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let subscription = active(tables, incoming)?;
    let (id, address_id) = (subscription.id, subscription.address_id);
    let date = required("date", incoming.date("date")?)?;
    check_is_ahead("date", date, incoming.now)?;
    move_to(tables, id, date, incoming.now);
    charges::settle(tables, address_id, incoming.commit(), incoming.now);
    answer(tables, incoming)
}

/// Sets a subscription's next date, from which its cycles count from then on.
pub(super) fn move_to(tables: &mut Tables, subscription_id: Id, date: Date, now: i64) {
    skip::forget_from(tables, subscription_id, date, now);
    if let Some(subscription) = tables.subscriptions.get_mut(&subscription_id) {
        subscription.next = Some(date);
        subscription.anchor = date;
        subscription.exceptions.clear();
        subscription.max_retries_reached = false;
    }
}

/// A charge can be moved to tomorrow at the earliest.
pub(super) fn check_is_ahead(field: &str, date: Date, now: i64) -> Result<(), Answer> {
    if date > today(now) {
        Ok(())
    } else {
        Err(invalid(field, "date is not far enough in the future"))
    }
}

fn change_address(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let subscription = row(&tables.subscriptions, incoming)?;
    let (id, from) = (subscription.id, subscription.address_id);
    let target = super::address_in_body(tables, incoming)?;
    if target.customer_id != subscription.customer_id {
        return Err(invalid("address_id", "Not found"));
    }
    let to = target.id;
    let date = incoming.date("next_charge_scheduled_at")?;
    if let Some(date) = date {
        check_is_ahead("next_charge_scheduled_at", date, incoming.now)?;
    }
    if to != from {
        skip::carry_over(tables, id, to, incoming.now);
    }
    let subscription = row_mut(&mut tables.subscriptions, incoming)?;
    subscription.address_id = to;
    subscription.updated_at = incoming.now;
    let is_active = subscription.status == SubscriptionStatus::Active;
    if let (Some(date), true) = (date, is_active) {
        move_to(tables, id, date, incoming.now);
    }
    for address_id in [from, to] {
        charges::settle(tables, address_id, incoming.commit(), incoming.now);
    }
    answer(tables, incoming)
}

fn cancel(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let subscription = row(&tables.subscriptions, incoming)?;
    let (id, address_id) = (subscription.id, subscription.address_id);
    if subscription.status != SubscriptionStatus::Active {
        return Err(invalid("status", "Subscription is already cancelled"));
    }
    let reason = required("cancellation_reason", incoming.text("cancellation_reason")?)?;
    if reason.trim().is_empty() {
        return Err(invalid(
            "cancellation_reason",
            "Shorter than minimum length 1.",
        ));
    }
    let comments = incoming.text("cancellation_reason_comments")?;
    if comments
        .as_ref()
        .is_some_and(|text| text.chars().count() > MAX_COMMENT)
    {
        return Err(invalid(
            "cancellation_reason_comments",
            "Longer than maximum length 1024.",
        ));
    }
    skip::forget_coming(tables, id, incoming.now);
    let subscription = row_mut(&mut tables.subscriptions, incoming)?;
    subscription.status = SubscriptionStatus::Cancelled;
    let next_was = subscription.next.take();
    subscription.cancellation = Some(Cancellation {
        reason,
        comments,
        at: incoming.now,
        next_was,
    });
    subscription.updated_at = incoming.now;
    charges::settle(tables, address_id, incoming.commit(), incoming.now);
    answer(tables, incoming)
}

fn activate(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let subscription = row_mut(&mut tables.subscriptions, incoming)?;
    if subscription.status == SubscriptionStatus::Active {
        return Err(invalid("status", "Subscription is already active"));
    }
    let day = today(incoming.now);
    let (id, address_id) = (subscription.id, subscription.address_id);
    let next_was = subscription.cancellation.take().and_then(|c| c.next_was);
    // Back to the date it had, or the first of its cycle that is still to come.
    let next = next_was
        .filter(|date| *date > day)
        .unwrap_or_else(|| subscription.cycle_after(day));
    subscription.status = SubscriptionStatus::Active;
    subscription.next = Some(next);
    subscription.max_retries_reached = false;
    subscription.updated_at = incoming.now;
    // What was chosen for a charge that is no more does not come back.
    let selections = &mut tables.bundle_selections;
    selections.retain(|_, s| s.purchase_item_id != id || s.charge_id.is_none());
    charges::settle(tables, address_id, incoming.commit(), incoming.now);
    answer(tables, incoming)
}

fn active<'a>(tables: &'a Tables, incoming: &Incoming) -> Result<&'a Subscription, Answer> {
    let subscription = row(&tables.subscriptions, incoming)?;
    match subscription.status {
        SubscriptionStatus::Active => Ok(subscription),
        _ => Err(invalid("status", "Subscription is not active")),
    }
}

fn skip_by_subscription(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let subscription = active(tables, incoming)?;
    if incoming
        .number("subscription_id")?
        .is_some_and(|id| id != subscription.id)
    {
        return Err(invalid(
            "subscription_id",
            "Does not match the subscription of the path",
        ));
    }
    let (address_id, items) = (subscription.address_id, BTreeSet::from([subscription.id]));
    skip_on_date(tables, incoming, address_id, &items)
}

fn skip_by_address(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let address_id = row(&tables.addresses, incoming)?.id;
    let items = required("subscription_ids", incoming.ids("subscription_ids")?)?;
    if items.is_empty() {
        return Err(invalid(
            "subscription_ids",
            "Shorter than minimum length 1.",
        ));
    }
    skip_on_date(tables, incoming, address_id, &items)
}

/// Skips subscriptions of one address on a date of their schedule.
fn skip_on_date(
    tables: &mut Tables,
    incoming: &Incoming,
    address_id: Id,
    items: &BTreeSet<Id>,
) -> Outcome {
    let date = required("date", incoming.date("date")?)?;
    if date <= today(incoming.now) {
        return Err(invalid("date", "date is not far enough in the future"));
    }
    for item in items {
        check_can_skip(tables, address_id, *item, date)?;
    }
    charges::regenerate(tables, address_id, incoming.now);
    let is_due = |item: &&Id| {
        tables
            .subscriptions
            .get(item)
            .is_some_and(|s| s.queued(&skip::skipped_dates(tables, s.id)).contains(&date))
    };
    let due: BTreeSet<Id> = items.iter().filter(is_due).copied().collect();
    let ahead: BTreeSet<Id> = items.difference(&due).copied().collect();
    let mut skipped = None;
    if let (false, Some(charge)) = (
        due.is_empty(),
        open_charge_on(tables, address_id, date).map(|c| c.id),
    ) {
        skipped = skip::skip_queued(tables, charge, &due, incoming.now);
    }
    if !ahead.is_empty() {
        skipped = Some(skip::skip_ahead(
            tables,
            address_id,
            date,
            &ahead,
            incoming.now,
        ));
    }
    let charge = skipped
        .and_then(|id| tables.charges.get(&id))
        .ok_or_else(crate::errors::not_found)?;
    Ok(Answer::one("charge", charge_wire::charge(tables, charge)))
}

/// A subscription can be skipped on a date of its schedule, once, unless it is paid for already.
fn check_can_skip(tables: &Tables, address_id: Id, item: Id, date: Date) -> Result<(), Answer> {
    let Some(subscription) = tables
        .subscriptions
        .get(&item)
        .filter(|s| s.address_id == address_id)
    else {
        return Err(invalid("subscription_ids", "Not found"));
    };
    if subscription.is_prepaid() {
        return Err(wrong_state("Prepaid subscriptions can not be skipped"));
    }
    let skipped = skip::skipped_dates(tables, item);
    if skipped.contains(&date) {
        return Err(wrong_state("This delivery is already skipped"));
    }
    if !delivery_dates(subscription, &skipped, date).contains(&date) {
        return Err(invalid("date", "No charge is scheduled on this date"));
    }
    Ok(())
}
