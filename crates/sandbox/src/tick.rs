//! What happens by itself as time passes: charges are regenerated, paid, retried, and
//! prepaid orders are sent.

mod orders;
mod pay;

use pay::{PENDING_MS, succeed};
pub(crate) use pay::{begin, pay, retry_now, retry_soon};

use crate::charges;
use crate::clock::start_of;
use crate::rows::*;

/// Brings the store to `now`, one event after the other in the order of their times.
pub(crate) fn advance(tables: &mut Tables, now: i64) {
    while let Some((at, event)) = next_event(tables, now) {
        match event {
            Event::Regenerate(address_id) => charges::regenerate(tables, address_id, at),
            Event::Pay(charge_id) => pay_when_due(tables, charge_id, at),
            Event::Settle(charge_id) => succeed(tables, charge_id, at),
            Event::Send(order_id) => send(tables, order_id, at),
        }
    }
}

#[derive(Clone, Copy)]
enum Event {
    Regenerate(Id),
    Pay(Id),
    Settle(Id),
    Send(Id),
}

/// The earliest thing that should have happened by `now`.
fn next_event(tables: &Tables, now: i64) -> Option<(i64, Event)> {
    let stale = tables.uncommitted.iter().map(|(address, since)| {
        (
            since + charges::REGENERATION_MS,
            Event::Regenerate(*address),
        )
    });
    let due = tables
        .charges
        .values()
        .filter_map(|charge| match charge.status {
            ChargeStatus::Queued => Some((start_of(charge.scheduled_at), Event::Pay(charge.id))),
            ChargeStatus::Error => Some((start_of(charge.retry_date?), Event::Pay(charge.id))),
            // One without an attempt waits for something else than the checkout.
            ChargeStatus::Pending => Some((
                charge.last_charge_attempt? + PENDING_MS,
                Event::Settle(charge.id),
            )),
            _ => None,
        });
    let unsent = tables
        .orders
        .values()
        .filter(|order| order.status == "queued")
        .map(|order| (start_of(order.scheduled_at), Event::Send(order.id)));
    stale
        .chain(due)
        .chain(unsent)
        .filter(|(at, _)| *at <= now)
        .min_by_key(|(at, _)| *at)
}

/// Pays a charge on its day; a stale one is regenerated first, as upstream does.
fn pay_when_due(tables: &mut Tables, charge_id: Id, at: i64) {
    let Some(charge) = tables.charges.get(&charge_id) else {
        return;
    };
    let address_id = charge.address_id;
    if tables.uncommitted.contains_key(&address_id) {
        charges::regenerate(tables, address_id, at);
    } else {
        pay(tables, charge_id, at);
    }
}

fn send(tables: &mut Tables, order_id: Id, now: i64) {
    if let Some(order) = tables.orders.get_mut(&order_id) {
        order.status = "success";
        order.processed_at = Some(now);
        order.updated_at = now;
    }
}
