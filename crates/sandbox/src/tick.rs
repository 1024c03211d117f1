//! What happens by itself as time passes: charges are regenerated, paid, retried, and
//! prepaid orders are sent.

use recharge::Date;

use crate::charges;
use crate::clock::{start_of, today};
use crate::rows::*;

/// After so many refusals a charge is not tried again.
const MAX_ATTEMPTS: u32 = 8;
/// Days between two attempts.
const RETRY_EVERY_DAYS: i32 = 3;

/// Brings the store to `now`, one event after the other in the order of their times.
pub(crate) fn advance(tables: &mut Tables, now: i64) {
    while let Some((at, event)) = next_event(tables, now) {
        match event {
            Event::Regenerate(address_id) => charges::regenerate(tables, address_id, at),
            Event::Pay(charge_id) => pay_when_due(tables, charge_id, at),
            Event::Send(order_id) => send(tables, order_id, at),
        }
    }
}

#[derive(Clone, Copy)]
enum Event {
    Regenerate(Id),
    Pay(Id),
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

/// Tries to take the money for a charge; success makes orders and queues the next charges.
pub(crate) fn pay(tables: &mut Tables, charge_id: Id, now: i64) {
    let Some(charge) = tables.charges.get(&charge_id) else {
        return;
    };
    match refusal(tables, charge, now) {
        Some((message, kind)) => refuse(tables, charge_id, message, kind, now),
        None => succeed(tables, charge_id, now),
    }
}

/// Why the payment would be refused.
fn refusal(tables: &Tables, charge: &Charge, now: i64) -> Option<(&'static str, &'static str)> {
    let address = tables.addresses.get(&charge.address_id);
    let method = address
        .and_then(|a| a.payment_method_id)
        .and_then(|id| tables.payment_methods.get(&id));
    let Some(method) = method else {
        return Some((
            "No payment method is associated with this address.",
            "CUSTOMER_NEEDS_TO_UPDATE_CARD",
        ));
    };
    if method.status == "invalid" {
        return Some(("Your card was declined.", "CUSTOMER_NEEDS_TO_UPDATE_CARD"));
    }
    let day = today(now);
    match method.details {
        PaymentDetails::Card {
            exp_month,
            exp_year,
            ..
        } if (exp_year, exp_month) < (day.year(), day.month()) => {
            Some(("Your card has expired.", "CUSTOMER_NEEDS_TO_UPDATE_CARD"))
        }
        _ => None,
    }
}

fn refuse(tables: &mut Tables, charge_id: Id, message: &str, kind: &'static str, now: i64) {
    let Some(charge) = tables.charges.get_mut(&charge_id) else {
        return;
    };
    let day = today(now);
    charge.charge_attempts += 1;
    charge.last_charge_attempt = Some(now);
    charge.status = ChargeStatus::Error;
    charge.updated_at = now;
    charge.error = Some(format!(
        "None\r\n [{}] [{message}]",
        crate::clock::stamp_bare(now)
    ));
    let gives_up = charge.charge_attempts >= MAX_ATTEMPTS;
    charge.error_type = Some(if gives_up {
        "CLOSED_MAX_RETRIES_REACHED"
    } else {
        kind
    });
    charge.retry_date = (!gives_up).then(|| day.add_days(RETRY_EVERY_DAYS));
    if gives_up {
        for item in charge
            .content
            .lines
            .iter()
            .map(|line| line.purchase_item_id)
        {
            // A one-time has no later date: it is given up with its charge.
            tables.onetimes.remove(&item);
            if let Some(subscription) = tables.subscriptions.get_mut(&item) {
                subscription.max_retries_reached = true;
                subscription.next = None;
            }
        }
    }
}

/// After the payment of an address changed, failed charges are tried again tomorrow.
pub(crate) fn retry_soon(tables: &mut Tables, address_id: Id, now: i64) {
    let failed = |c: &&mut Charge| c.address_id == address_id && c.status == ChargeStatus::Error;
    let mut revived = Vec::new();
    for charge in tables.charges.values_mut().filter(failed) {
        if charge.retry_date.is_none() {
            revived.push((charge.scheduled_at, charge.content.lines.clone()));
        }
        charge.error_type = Some("CARD_UPDATED_NOW_PENDING_NEXT_ATTEMPT");
        charge.retry_date = Some(today(now).add_days(1));
        charge.updated_at = now;
    }
    // Items given up with their charge wait for it again.
    for (date, lines) in revived {
        for line in lines {
            if let Some(subscription) = tables.subscriptions.get_mut(&line.purchase_item_id)
                && subscription.max_retries_reached
                && subscription.status == SubscriptionStatus::Active
            {
                subscription.max_retries_reached = false;
                subscription.next = Some(date);
            }
        }
    }
}

fn succeed(tables: &mut Tables, charge_id: Id, now: i64) {
    let Some(charge) = tables.charges.get_mut(&charge_id) else {
        return;
    };
    charge.status = ChargeStatus::Success;
    charge.processed_at = Some(now);
    charge.updated_at = now;
    charge.retry_date = None;
    charge.error = None;
    charge.error_type = None;
    charge.external_transaction_id = Some(format!("ch_{charge_id}"));
    let (date, address_id, customer_id) =
        (charge.scheduled_at, charge.address_id, charge.customer_id);
    let lines = charge.content.lines.clone();
    make_orders(tables, charge_id, now);
    if let Some(customer) = tables.customers.get_mut(&customer_id) {
        customer.first_charge_processed_at.get_or_insert(now);
    }
    for line in lines {
        tables.onetimes.remove(&line.purchase_item_id);
        move_to_next_cycle(tables, line.purchase_item_id, date, now);
    }
    charges::regenerate(tables, address_id, now);
}

/// After a paid charge on `date` a subscription waits for its next cycle, or expires.
fn move_to_next_cycle(tables: &mut Tables, subscription_id: Id, date: Date, now: i64) {
    let skipped = crate::skip::skipped_dates(tables, subscription_id);
    let Some(subscription) = tables.subscriptions.get_mut(&subscription_id) else {
        return;
    };
    subscription.charges_made += 1;
    subscription.max_retries_reached = false;
    // A charge paid late leaves cycles behind that nobody was charged for.
    let from = date.max(today(now));
    let cycle = subscription.cycle_after(from);
    // Days and weeks do not drift, so counting may start afresh; months count from
    // where they began, lest the 31st become the 28th for good.
    if subscription.interval.unit != recharge::Unit::Month {
        subscription.anchor = cycle;
    }
    let mut next = cycle;
    while skipped.contains(&next) {
        next = subscription.cycle_after(next);
    }
    subscription.next = Some(next);
    if subscription
        .expire_after
        .is_some_and(|limit| subscription.charges_made >= limit)
    {
        subscription.status = SubscriptionStatus::Expired;
        subscription.next = None;
    }
}

/// One order now, and for prepaid items one for each later delivery already paid.
fn make_orders(tables: &mut Tables, charge_id: Id, now: i64) {
    let Some(charge) = tables.charges.get(&charge_id).cloned() else {
        return;
    };
    let first = add_order(
        tables,
        &charge,
        charge.content.clone(),
        charge.scheduled_at,
        Some(now),
    );
    let number = tables.orders.get(&first).map_or(0, |order| order.number);
    let mut count = 1;
    for line in charge.content.lines.iter().filter(|line| line.is_prepaid) {
        let Some(subscription) = tables.subscriptions.get(&line.purchase_item_id) else {
            continue;
        };
        let (interval, deliveries) = (
            subscription.interval,
            subscription.charge_every / subscription.interval.every,
        );
        for n in 1..deliveries {
            let date = interval.after(charge.scheduled_at, n);
            let content = Content {
                lines: vec![already_paid(line)],
                ..charge.content.clone()
            };
            add_order(tables, &charge, zeroed(content), date, None);
            count += 1;
        }
    }
    if let Some(charge) = tables.charges.get_mut(&charge_id) {
        charge.orders_count = count;
        charge.external_order_id = Some((5_210_000_000_000 + u64::from(number)).to_string());
    }
}

fn already_paid(line: &Line) -> Line {
    let nothing = recharge::Money::zero(line.subtotal.currency());
    Line {
        unit_price: nothing,
        subtotal: nothing,
        discount: nothing,
        tax: nothing,
        ..line.clone()
    }
}

fn zeroed(mut content: Content) -> Content {
    let nothing = recharge::Money::zero(content.currency);
    let totals = &mut content.totals;
    for amount in [
        &mut totals.lines,
        &mut totals.discounts,
        &mut totals.shipping,
        &mut totals.tax,
        &mut totals.price,
    ] {
        *amount = nothing;
    }
    content
}

fn add_order(
    tables: &mut Tables,
    charge: &Charge,
    content: Content,
    date: Date,
    sent: Option<i64>,
) -> Id {
    let id = tables.new_id();
    let number = 1_001 + tables.orders.len() as u32;
    let is_prepaid = content.lines.iter().any(|line| line.is_prepaid);
    let created_at = sent.or(charge.processed_at).unwrap_or(charge.created_at);
    tables.orders.insert(
        id,
        Order {
            id,
            charge_id: charge.id,
            customer_id: charge.customer_id,
            address_id: charge.address_id,
            status: if sent.is_some() { "success" } else { "queued" },
            kind: charge.kind,
            is_prepaid,
            scheduled_at: date,
            processed_at: sent,
            number,
            content,
            created_at,
            updated_at: created_at,
        },
    );
    id
}

fn send(tables: &mut Tables, order_id: Id, now: i64) {
    if let Some(order) = tables.orders.get_mut(&order_id) {
        order.status = "success";
        order.processed_at = Some(now);
        order.updated_at = now;
    }
}
