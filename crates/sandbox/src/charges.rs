//! Charges: what each address owes on each date, forecast from its purchase items.
//!
//! For every address and date on which at least one item has its *next* charge there is
//! one open charge. Whatever changes an item or its address throws the charge away and
//! makes another with another id; a charge whose content would be the same stays.

mod content;
mod totals;

use std::collections::BTreeMap;

use base::{Date, Money};

pub(crate) use content::{content_for, items_due, line_of};
pub(crate) use totals::in_currency;

use crate::rows::*;

/// How long upstream takes to regenerate charges when it is not asked to at once.
pub(crate) const REGENERATION_MS: i64 = 5_000;

/// Ends a write: with `commit` the address's charges are regenerated at once,
/// otherwise they stay stale for a while and say so.
pub(crate) fn settle(tables: &mut Tables, address_id: Id, commit: bool, now: i64) {
    if commit {
        regenerate(tables, address_id, now);
    } else {
        tables.uncommitted.insert(address_id, now);
    }
}

/// Makes the open charges of an address what its items now ask for.
pub(crate) fn regenerate(tables: &mut Tables, address_id: Id, now: i64) {
    tables.uncommitted.remove(&address_id);
    let mut wanted = items_due(tables, address_id);
    for charge_id in open_charges(tables, address_id) {
        let Some(charge) = tables.charges.get(&charge_id) else {
            continue;
        };
        let (date, is_queued) = (charge.scheduled_at, charge.status == ChargeStatus::Queued);
        let Some(lines) = wanted.remove(&date) else {
            tables.charges.remove(&charge_id);
            continue;
        };
        // A discount of the address takes the place of one on the charge.
        let from_address = tables
            .addresses
            .get(&address_id)
            .and_then(|a| a.discount_id);
        let own_discount = charge
            .content
            .discount
            .as_ref()
            .filter(|d| d.on_charge && from_address.is_none())
            .map(|d| d.id);
        let same = content_for(tables, address_id, lines.clone(), own_discount);
        if same == charge.content {
            continue;
        }
        let content = content_for(tables, address_id, lines, None);
        if is_queued {
            tables.charges.remove(&charge_id);
            queue(tables, address_id, date, content, now);
        } else if let Some(charge) = tables.charges.get_mut(&charge_id) {
            charge.content = content;
            charge.updated_at = now;
        }
    }
    for (date, lines) in wanted {
        let content = content_for(tables, address_id, lines, None);
        queue(tables, address_id, date, content, now);
    }
}

/// The charges of an address that follow its items.
fn open_charges(tables: &Tables, address_id: Id) -> Vec<Id> {
    tables
        .charges
        .values()
        .filter(|c| c.address_id == address_id && c.is_open())
        .map(|c| c.id)
        .collect()
}

/// The open charge of an address on a date.
pub(crate) fn open_charge_on(tables: &Tables, address_id: Id, date: Date) -> Option<&Charge> {
    tables
        .charges
        .values()
        .find(|c| c.address_id == address_id && c.scheduled_at == date && c.is_open())
}

/// The skipped charge of an address on a date.
pub(crate) fn skipped_charge_on(tables: &Tables, address_id: Id, date: Date) -> Option<&Charge> {
    tables.charges.values().find(|c| {
        c.address_id == address_id && c.scheduled_at == date && c.status == ChargeStatus::Skipped
    })
}

/// Adds a charge with status queued and answers its id.
pub(crate) fn queue(
    tables: &mut Tables,
    address_id: Id,
    date: Date,
    content: Content,
    now: i64,
) -> Id {
    let id = tables.new_id();
    let customer_id = tables
        .addresses
        .get(&address_id)
        .map_or(0, |a| a.customer_id);
    tables.charges.insert(
        id,
        Charge {
            id,
            customer_id,
            address_id,
            status: ChargeStatus::Queued,
            kind: "recurring",
            scheduled_at: date,
            content,
            processed_at: None,
            retry_date: None,
            last_charge_attempt: None,
            charge_attempts: 0,
            error: None,
            error_type: None,
            external_order_id: None,
            external_transaction_id: None,
            orders_count: 0,
            refunded: None,
            tags: Some("Subscription, Subscription Recurring Order".into()),
            created_at: now,
            updated_at: now,
        },
    );
    id
}

/// Computes a charge's sums and shares anew after its lines changed.
pub(crate) fn recompute(tables: &mut Tables, charge_id: Id, now: i64) {
    let Some(charge) = tables.charges.get(&charge_id) else {
        return;
    };
    let own_discount = charge
        .content
        .discount
        .as_ref()
        .filter(|d| d.on_charge)
        .map(|d| d.id);
    let content = content_for(
        tables,
        charge.address_id,
        charge.content.lines.clone(),
        own_discount,
    );
    if let Some(charge) = tables.charges.get_mut(&charge_id) {
        charge.content = content;
        charge.updated_at = now;
    }
}

/// Splits `whole` over `weights` in proportion, exactly: the last weight that is not
/// zero takes what rounding leaves.
pub(crate) fn share(whole: Money, weights: &[Money]) -> Vec<Money> {
    let total: i64 = weights.iter().map(|w| w.minor()).sum();
    let mut parts: Vec<i64> = vec![0; weights.len()];
    if total > 0 {
        let mut left = whole.minor();
        for (part, weight) in parts.iter_mut().zip(weights) {
            *part =
                (i128::from(whole.minor()) * i128::from(weight.minor()) / i128::from(total)) as i64;
            left -= *part;
        }
        if let Some(last) = weights.iter().rposition(|w| w.minor() > 0) {
            parts[last] += left;
        }
    }
    parts
        .into_iter()
        .map(|minor| Money::from_minor(minor, whole.currency()))
        .collect()
}

/// The lines of each date on which the address has something to pay.
pub(crate) type Due = BTreeMap<Date, Vec<Line>>;
