//! Skipping deliveries and bringing them back.
//!
//! A skip is remembered by the skipped charge that stays listed on its date: there is
//! no second record that could disagree with it. At most one skipped charge stands on
//! an address and date.

use std::collections::BTreeSet;

use base::Date;

use crate::charges::{self, content_for, line_of, skipped_charge_on};
use crate::clock::today;
use crate::rows::*;

/// The dates on which a purchase item is skipped.
pub(crate) fn skipped_dates(tables: &Tables, purchase_item_id: Id) -> BTreeSet<Date> {
    tables
        .charges
        .values()
        .filter(|c| c.status == ChargeStatus::Skipped && c.has(purchase_item_id))
        .map(|c| c.scheduled_at)
        .collect()
}

/// Skips items of a queued charge and answers the id of the skipped charge. All of its
/// items: the charge itself becomes the skipped one. Some: the charge is split.
pub(crate) fn skip_queued(
    tables: &mut Tables,
    charge_id: Id,
    items: &BTreeSet<Id>,
    now: i64,
) -> Option<Id> {
    let charge = tables.charges.get(&charge_id)?;
    let (address_id, date) = (charge.address_id, charge.scheduled_at);
    let whole = charge
        .content
        .lines
        .iter()
        .all(|line| items.contains(&line.purchase_item_id));
    let standing = skipped_charge_on(tables, address_id, date).is_some();
    let skipped_id = if whole && !standing {
        let charge = tables.charges.get_mut(&charge_id)?;
        charge.status = ChargeStatus::Skipped;
        charge.updated_at = now;
        charge_id
    } else {
        add_skipped(tables, address_id, date, items, now)
    };
    // What was chosen for this charge alone is gone with it.
    let is_for = |s: &BundleSelection| s.charge_id == Some(charge_id);
    let selections = &mut tables.bundle_selections;
    selections.retain(|_, s| !is_for(s) || !items.contains(&s.purchase_item_id));
    for item in items {
        move_past(tables, *item, address_id, date, now);
    }
    charges::regenerate(tables, address_id, now);
    Some(skipped_id)
}

/// Skips items on a date for which no charge is queued yet.
pub(crate) fn skip_ahead(
    tables: &mut Tables,
    address_id: Id,
    date: Date,
    items: &BTreeSet<Id>,
    now: i64,
) -> Id {
    add_skipped(tables, address_id, date, items, now)
}

/// Puts items on the skipped charge of an address and date, which is made if missing.
fn add_skipped(
    tables: &mut Tables,
    address_id: Id,
    date: Date,
    items: &BTreeSet<Id>,
    now: i64,
) -> Id {
    let mut lines = Vec::new();
    let standing = skipped_charge_on(tables, address_id, date).map(|charge| {
        lines.clone_from(&charge.content.lines);
        charge.id
    });
    lines.extend(items.iter().filter_map(|item| line_of(tables, *item)));
    let content = content_for(tables, address_id, lines, None);
    let id =
        standing.unwrap_or_else(|| charges::queue(tables, address_id, date, content.clone(), now));
    if let Some(charge) = tables.charges.get_mut(&id) {
        charge.status = ChargeStatus::Skipped;
        charge.content = content;
        charge.updated_at = now;
    }
    id
}

/// Moves an item whose charge on `date` was skipped to its next one.
fn move_past(tables: &mut Tables, item: Id, address_id: Id, date: Date, now: i64) {
    let skipped = skipped_dates(tables, item);
    if let Some(subscription) = tables.subscriptions.get_mut(&item) {
        subscription.go_past(date, &skipped);
        return;
    }
    // A one-time has no cycle: it waits for the next charge of its address, or a month.
    let next = tables
        .subscriptions
        .values()
        .filter(|s| s.address_id == address_id)
        .filter_map(|s| s.next)
        .filter(|next| *next > date)
        .min()
        .unwrap_or_else(|| date.add_months(1));
    if let Some(onetime) = tables.onetimes.get_mut(&item) {
        onetime.next = next;
        onetime.updated_at = now;
    }
}

/// Brings skipped items back and answers the charge they are on now: the queued one,
/// or `None` where the date lies beyond the queued charge, so that none is there yet.
pub(crate) fn unskip(
    tables: &mut Tables,
    charge_id: Id,
    items: &BTreeSet<Id>,
    now: i64,
) -> Option<Id> {
    let charge = tables.charges.get(&charge_id)?;
    let (address_id, date) = (charge.address_id, charge.scheduled_at);
    for item in items {
        bring_back(tables, *item, date);
    }
    let whole = charge_lines_left(tables, charge_id, items) == 0;
    let queued = charges::open_charge_on(tables, address_id, date).map(|c| c.id);
    let is_next = charges::items_due(tables, address_id).contains_key(&date);
    if whole && is_next && queued.is_none() {
        // The very charge is queued again, under its id.
        if let Some(charge) = tables.charges.get_mut(&charge_id) {
            charge.status = ChargeStatus::Queued;
            charge.updated_at = now;
        }
    } else {
        take_off(tables, charge_id, items, now);
    }
    charges::regenerate(tables, address_id, now);
    charges::open_charge_on(tables, address_id, date).map(|c| c.id)
}

fn bring_back(tables: &mut Tables, item: Id, date: Date) {
    if let Some(subscription) = tables.subscriptions.get_mut(&item) {
        subscription.come_back(date);
    } else if let Some(onetime) = tables.onetimes.get_mut(&item) {
        onetime.next = date;
    }
}

fn charge_lines_left(tables: &Tables, charge_id: Id, items: &BTreeSet<Id>) -> usize {
    tables.charges.get(&charge_id).map_or(0, |charge| {
        charge
            .content
            .lines
            .iter()
            .filter(|line| !items.contains(&line.purchase_item_id))
            .count()
    })
}

/// Removes items from a skipped charge; an empty one goes.
fn take_off(tables: &mut Tables, charge_id: Id, items: &BTreeSet<Id>, now: i64) {
    if charge_lines_left(tables, charge_id, items) == 0 {
        tables.charges.remove(&charge_id);
    } else if let Some(charge) = tables.charges.get_mut(&charge_id) {
        charge
            .content
            .lines
            .retain(|line| !items.contains(&line.purchase_item_id));
        charges::recompute(tables, charge_id, now);
    }
}

/// Forgets an item's skips still to come, as a new frequency, a cancellation and a
/// deletion do. Skips of the past stay on record.
pub(crate) fn forget_coming(tables: &mut Tables, item: Id, now: i64) {
    for charge_id in coming_skips(tables, item, now) {
        take_off(tables, charge_id, &BTreeSet::from([item]), now);
    }
}

/// Forgets an item's skips from a date on, as moving it there does: the cycles they
/// belonged to are not its any more. Earlier ones stay on record.
pub(crate) fn forget_from(tables: &mut Tables, item: Id, date: Date, now: i64) {
    for charge_id in coming_skips(tables, item, now) {
        if tables
            .charges
            .get(&charge_id)
            .is_some_and(|c| c.scheduled_at >= date)
        {
            take_off(tables, charge_id, &BTreeSet::from([item]), now);
        }
    }
}

/// Takes an item's coming skips along to another address.
pub(crate) fn carry_over(tables: &mut Tables, item: Id, to: Id, now: i64) {
    for charge_id in coming_skips(tables, item, now) {
        let Some(date) = tables.charges.get(&charge_id).map(|c| c.scheduled_at) else {
            continue;
        };
        take_off(tables, charge_id, &BTreeSet::from([item]), now);
        add_skipped(tables, to, date, &BTreeSet::from([item]), now);
    }
}

fn coming_skips(tables: &Tables, item: Id, now: i64) -> Vec<Id> {
    let day = today(now);
    tables
        .charges
        .values()
        .filter(|c| c.status == ChargeStatus::Skipped && c.scheduled_at > day && c.has(item))
        .map(|c| c.id)
        .collect()
}
