//! What can be done with a charge: skip, bring back, pay now, move, discount, refund.

use std::collections::BTreeSet;

use base::{Date, Money};

use super::subscription_actions::check_is_ahead;
use super::{Access, Route, row, row_mut};
use crate::call::{Answer, Outcome};
use crate::charges;
use crate::clock::today;
use crate::discounts;
use crate::errors::{invalid, not_found, not_on_this_plan, wrong_state};
use crate::incoming::{Incoming, required};
use crate::rows::*;
use crate::serialise::charge as wire;
use crate::settings::Process;
use crate::{skip, tick};

pub(super) const ROUTES: &[Route] = &[
    ("POST", "/charges/{id}/skip", Access::Write(skip)),
    ("POST", "/charges/{id}/unskip", Access::Write(unskip)),
    ("POST", "/charges/{id}/process", Access::Write(process)),
    (
        "POST",
        "/charges/{id}/change_next_charge_date",
        Access::Write(change_date),
    ),
    (
        "POST",
        "/charges/{id}/apply_discount",
        Access::Write(apply_discount),
    ),
    (
        "POST",
        "/charges/{id}/remove_discount",
        Access::Write(remove_discount),
    ),
    ("POST", "/charges/{id}/refund", Access::Write(refund)),
    (
        "POST",
        "/charges/{id}/capture_payment",
        Access::Write(capture),
    ),
];

fn answer(tables: &Tables, charge_id: Id) -> Outcome {
    let charge = tables.charges.get(&charge_id).ok_or_else(not_found)?;
    Ok(Answer::one("charge", wire::charge(tables, charge)))
}

/// The purchase items of a charge.
fn items_of(charge: &Charge) -> BTreeSet<Id> {
    let lines = charge.content.lines.iter();
    lines.map(|line| line.purchase_item_id).collect()
}

/// The items a skip or unskip is about: those named, or all of the charge.
fn items(charge: &Charge, incoming: &Incoming) -> Result<BTreeSet<Id>, Answer> {
    let on_charge = items_of(charge);
    let named = match incoming.ids("purchase_item_ids")? {
        Some(ids) => ids,
        None => match incoming.number("purchase_item_id")? {
            Some(id) => BTreeSet::from([id]),
            None => return Ok(on_charge),
        },
    };
    if named.is_empty() || !named.is_subset(&on_charge) {
        return Err(invalid(
            "purchase_item_ids",
            "Purchase items are not on this charge",
        ));
    }
    Ok(named)
}

fn skip(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let charge = row(&tables.charges, incoming)?;
    if charge.status != ChargeStatus::Queued {
        return Err(wrong_state("Only queued charges can be skipped"));
    }
    let (charge_id, date) = (charge.id, charge.scheduled_at);
    let items = items(charge, incoming)?;
    let prepaid = charge
        .content
        .lines
        .iter()
        .any(|line| items.contains(&line.purchase_item_id) && line.is_prepaid);
    if prepaid {
        return Err(wrong_state("Prepaid subscriptions can not be skipped"));
    }
    // The charge may be stale: an item that was moved or cancelled since is not due on it.
    let is_due = |item: &Id| match tables.subscriptions.get(item) {
        Some(subscription) => subscription
            .queued(&skip::skipped_dates(tables, *item))
            .contains(&date),
        None => tables
            .onetimes
            .get(item)
            .is_some_and(|onetime| onetime.next == date),
    };
    if !items.iter().all(is_due) {
        return Err(wrong_state("This charge is being updated"));
    }
    let skipped =
        skip::skip_queued(tables, charge_id, &items, incoming.now).ok_or_else(not_found)?;
    answer(tables, skipped)
}

fn unskip(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let charge = row(&tables.charges, incoming)?;
    if charge.status != ChargeStatus::Skipped {
        return Err(wrong_state("Only skipped charges can be unskipped"));
    }
    if charge.scheduled_at <= today(incoming.now) {
        return Err(wrong_state("Charges of the past can not be unskipped"));
    }
    let (charge_id, mut brought_back) = (charge.id, charge.clone());
    let items = items(charge, incoming)?;
    match skip::unskip(tables, charge_id, &items, incoming.now) {
        Some(queued) => answer(tables, queued),
        None => {
            // Beyond the queued charge there is none to show: the answer is the one
            // that will be, once its turn comes.
            brought_back.status = ChargeStatus::Queued;
            Ok(Answer::one("charge", wire::charge(tables, &brought_back)))
        }
    }
}

fn process(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let process = tables.shop.settings.process;
    if process == Process::Off {
        return Err(not_on_this_plan());
    }
    let charge = row(&tables.charges, incoming)?;
    if !matches!(charge.status, ChargeStatus::Queued | ChargeStatus::Error) {
        return Err(wrong_state(
            "Only queued or failed charges can be processed",
        ));
    }
    let (id, address_id) = (charge.id, charge.address_id);
    if tables.uncommitted.contains_key(&address_id) {
        charges::regenerate(tables, address_id, incoming.now);
        if !tables.charges.contains_key(&id) {
            return Err(wrong_state("This charge is being updated"));
        }
    }
    match process {
        Process::Pending => tick::begin(tables, id, incoming.now),
        Process::AtOnce | Process::Off => tick::pay(tables, id, incoming.now),
    }
    answer(tables, id)
}

fn change_date(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let charge = row(&tables.charges, incoming)?;
    if !charge.is_open() {
        return Err(wrong_state("Only queued or failed charges can be moved"));
    }
    let field = "next_charge_date";
    let date = required(field, incoming.date(field)?)?;
    check_is_ahead(field, date, incoming.now)?;
    let (from, address_id) = (charge.scheduled_at, charge.address_id);
    for item in items_of(charge) {
        move_one(tables, item, from, date)?;
    }
    charges::regenerate(tables, address_id, incoming.now);
    let moved = charges::open_charge_on(tables, address_id, date)
        .map(|c| c.id)
        .ok_or_else(not_found)?;
    answer(tables, moved)
}

/// Moves one item of a charge; the charges after it stay where they are. Where several are
/// queued already, a moved one must not meet or pass another.
fn move_one(tables: &mut Tables, item: Id, from: Date, to: Date) -> Result<(), Answer> {
    if let Some(onetime) = tables.onetimes.get_mut(&item) {
        onetime.next = to;
    }
    let skipped = skip::skipped_dates(tables, item);
    let subscription = tables.subscriptions.get_mut(&item);
    if subscription.is_none_or(|subscription| subscription.move_one(from, to, &skipped)) {
        return Ok(());
    }
    Err(invalid(
        "next_charge_date",
        "Another charge of this subscription is in the way",
    ))
}

fn apply_discount(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let charge = row(&tables.charges, incoming)?;
    let (id, address_id, customer_id) = (charge.id, charge.address_id, charge.customer_id);
    if charge.status != ChargeStatus::Queued {
        return Err(wrong_state(
            "Discounts can be applied to queued charges only",
        ));
    }
    let field = "discount_code";
    let address = tables.addresses.get(&address_id);
    if charge.content.discount.is_some() || address.is_some_and(|a| a.discount_id.is_some()) {
        return Err(invalid(
            field,
            "A discount is already applied to the charge or its address",
        ));
    }
    let discount = match incoming.number("discount_id")? {
        Some(id) => tables.discounts.get(&id),
        None => {
            let code = required(field, incoming.text(field)?)?;
            discounts::by_code(tables, &code)
        }
    };
    let discount = discount.ok_or_else(|| invalid(field, "Discount code not found"))?;
    discounts::check(
        tables,
        discount,
        customer_id,
        address_id,
        field,
        incoming.now,
    )?;
    if !discounts::reaches_minimum(discount, &charge.content.lines) {
        return Err(invalid(field, "Discount minimum subtotal is not met"));
    }
    let discount = AppliedDiscount {
        id: discount.id,
        on_charge: true,
    };
    row_mut(&mut tables.charges, incoming)?.content.discount = Some(discount);
    charges::recompute(tables, id, incoming.now);
    answer(tables, id)
}

fn remove_discount(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let charge = row_mut(&mut tables.charges, incoming)?;
    let id = charge.id;
    if charge.status != ChargeStatus::Queued
        || !charge
            .content
            .discount
            .as_ref()
            .is_some_and(|d| d.on_charge)
    {
        return Err(wrong_state("No discount is applied to this charge"));
    }
    charge.content.discount = None;
    charges::recompute(tables, id, incoming.now);
    answer(tables, id)
}

/// This store's processor takes the money at once, so nothing ever waits to be captured.
fn capture(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    row(&tables.charges, incoming)?;
    Err(wrong_state("Only authorized charges can be captured"))
}

fn refund(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let charge = row_mut(&mut tables.charges, incoming)?;
    if !matches!(
        charge.status,
        ChargeStatus::Success | ChargeStatus::PartiallyRefunded
    ) {
        return Err(wrong_state("Only successful charges can be refunded"));
    }
    let price = charge.content.totals.price;
    let before = charge.refunded.unwrap_or(Money::zero(price.currency()));
    let refunded = match incoming.flag("full_refund")? {
        Some(true) => price,
        _ => {
            let amount = required("amount", incoming.text("amount")?)?;
            let amount = Money::parse(&amount, price.currency())
                .ok()
                .filter(|m| m.minor() > 0);
            let total = amount
                .and_then(|amount| before.plus(amount))
                .filter(|total| *total <= price);
            total.ok_or_else(|| invalid("amount", "Not a valid amount."))?
        }
    };
    charge.refunded = Some(refunded);
    charge.status = if refunded == price {
        ChargeStatus::Refunded
    } else {
        ChargeStatus::PartiallyRefunded
    };
    charge.updated_at = incoming.now;
    let id = charge.id;
    answer(tables, id)
}
