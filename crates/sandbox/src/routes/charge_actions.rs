//! What can be done with a charge: skip, bring back, pay now, move, discount, refund.

use std::collections::BTreeSet;

use recharge::Money;

use super::subscription_actions::{check_is_ahead, move_to};
use super::{Access, Route, row, row_mut};
use crate::call::{Answer, Outcome};
use crate::charges;
use crate::clock::today;
use crate::errors::{invalid, not_found, wrong_state};
use crate::incoming::{Incoming, required};
use crate::rows::*;
use crate::serialise::charge as wire;
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
];

fn answer(tables: &Tables, charge_id: Id) -> Outcome {
    let charge = tables.charges.get(&charge_id).ok_or_else(not_found)?;
    Ok(Answer::one("charge", wire::charge(tables, charge)))
}

/// The items a skip or unskip is about: those named, or all of the charge.
fn items(charge: &Charge, incoming: &Incoming) -> Result<BTreeSet<Id>, Answer> {
    let on_charge: BTreeSet<Id> = charge
        .content
        .lines
        .iter()
        .map(|line| line.purchase_item_id)
        .collect();
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
        Some(subscription) => subscription.next == Some(date),
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
    tick::pay(tables, id, incoming.now);
    answer(tables, id)
}

fn change_date(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let charge = row(&tables.charges, incoming)?;
    if !charge.is_open() {
        return Err(wrong_state("Only queued or failed charges can be moved"));
    }
    let date = required("next_charge_date", incoming.date("next_charge_date")?)?;
    check_is_ahead("next_charge_date", date, incoming.now)?;
    let address_id = charge.address_id;
    let items: Vec<Id> = charge
        .content
        .lines
        .iter()
        .map(|line| line.purchase_item_id)
        .collect();
    for item in items {
        if let Some(onetime) = tables.onetimes.get_mut(&item) {
            onetime.next = date;
        }
        move_to(tables, item, date, incoming.now);
    }
    charges::regenerate(tables, address_id, incoming.now);
    let moved = charges::open_charge_on(tables, address_id, date)
        .map(|c| c.id)
        .ok_or_else(not_found)?;
    answer(tables, moved)
}

fn apply_discount(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let charge = row(&tables.charges, incoming)?;
    let id = charge.id;
    if charge.status != ChargeStatus::Queued {
        return Err(wrong_state(
            "Discounts can be applied to queued charges only",
        ));
    }
    if charge.content.discount.is_some() {
        return Err(invalid(
            "discount_code",
            "A discount is already applied to the charge or its address",
        ));
    }
    let discount = match incoming.number("discount_id")? {
        Some(id) => tables
            .discounts
            .get(&id)
            .ok_or_else(|| invalid("discount_id", "Not found"))?,
        None => {
            let code = required("discount_code", incoming.text("discount_code")?)?;
            discount_by_code(tables, &code).ok_or_else(|| invalid("discount_code", "Not found"))?
        }
    };
    if !discount.enabled {
        return Err(invalid("discount_code", "Discount is disabled"));
    }
    let discount = AppliedDiscount {
        id: discount.id,
        on_charge: true,
    };
    row_mut(&mut tables.charges, incoming)?.content.discount = Some(discount);
    charges::recompute(tables, id, incoming.now);
    answer(tables, id)
}

/// The discount of a code, in whatever case it was typed.
pub(super) fn discount_by_code<'a>(tables: &'a Tables, code: &str) -> Option<&'a Discount> {
    tables
        .discounts
        .values()
        .find(|d| d.code.eq_ignore_ascii_case(code.trim()))
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
    charge.status = match refunded == price {
        true => ChargeStatus::Refunded,
        false => ChargeStatus::PartiallyRefunded,
    };
    charge.updated_at = incoming.now;
    let id = charge.id;
    answer(tables, id)
}
