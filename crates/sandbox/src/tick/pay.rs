//! Taking the money for a charge: success, refusal, and trying again.

use base::Date;

use super::orders::make_orders;
use crate::charges;
use crate::clock::today;
use crate::discounts;
use crate::rows::*;

/// After so many refusals a charge is not tried again.
const MAX_ATTEMPTS: u32 = 8;
/// What is out of stock is tried daily, for so long.
const MAX_INVENTORY_ATTEMPTS: u32 = 60;
/// How long a processed charge stays pending where the store's checkout takes its time.
pub(crate) const PENDING_MS: i64 = 5 * 60 * 1000;
/// Days between two attempts.
const RETRY_EVERY_DAYS: i32 = 3;

/// Tries to take the money for a charge; success makes orders and queues the next charges.
pub(crate) fn pay(tables: &mut Tables, charge_id: Id, now: i64) {
    match would_refuse(tables, charge_id, now) {
        Some(refusal) => refuse(tables, charge_id, refusal, now),
        None => succeed(tables, charge_id, now),
    }
}

/// Leaves a charge pending, as stores on Shopify's checkout do: it is paid or refused
/// [`PENDING_MS`] later.
pub(crate) fn begin(tables: &mut Tables, charge_id: Id, now: i64) {
    if would_refuse(tables, charge_id, now).is_some() {
        return pay(tables, charge_id, now);
    }
    if let Some(charge) = tables.charges.get_mut(&charge_id) {
        charge.status = ChargeStatus::Pending;
        charge.last_charge_attempt = Some(now);
        charge.updated_at = now;
    }
    move_on(tables, charge_id, now);
}

/// Why a payment is refused: the message, its kind, and for how many tries.
struct Refusal {
    message: String,
    kind: &'static str,
    retry_every_days: i32,
    max_attempts: u32,
}

/// Why a charge would be refused now.
fn would_refuse(tables: &Tables, charge_id: Id, now: i64) -> Option<Refusal> {
    let charge = tables.charges.get(&charge_id)?;
    let is_missing = |line: &&Line| {
        let variant = line.external_variant_id.as_deref();
        let stock = variant.and_then(|id| tables.variant(id)?.1.stock);
        stock.is_some_and(|left| left < line.quantity)
    };
    if let Some(line) = charge.content.lines.iter().find(is_missing) {
        return Some(Refusal {
            message: format!("Insufficient inventory for {}.", line.title),
            kind: "INSUFFICIENT_INVENTORY",
            retry_every_days: 1,
            max_attempts: MAX_INVENTORY_ATTEMPTS,
        });
    }
    let address = tables.addresses.get(&charge.address_id);
    let own = address
        .and_then(|a| a.payment_method_id)
        .and_then(|id| tables.payment_methods.get(&id));
    let (message, kind) = match own {
        None => (
            "No payment method is associated with this address.",
            "CUSTOMER_NEEDS_TO_UPDATE_CARD",
        ),
        Some(method) => card_refusal(method, now)?,
    };
    if own.is_some() && has_backup(tables, charge, own.map(|m| m.id), now) {
        return None;
    }
    Some(Refusal {
        message: message.to_owned(),
        kind,
        retry_every_days: RETRY_EVERY_DAYS,
        max_attempts: MAX_ATTEMPTS,
    })
}

/// Whether another method of the customer's may and can pay instead.
fn has_backup(tables: &Tables, charge: &Charge, own: Option<Id>, now: i64) -> bool {
    let is_wanted = tables.customers.get(&charge.customer_id).is_some_and(|c| {
        c.backup_payment_methods_enabled && !c.payment_method_fallback_on_failure_disabled
    });
    is_wanted
        && tables.payment_methods.values().any(|m| {
            m.customer_id == charge.customer_id
                && Some(m.id) != own
                && card_refusal(m, now).is_none()
        })
}

/// Why a payment method would be refused.
fn card_refusal(method: &PaymentMethod, now: i64) -> Option<(&'static str, &'static str)> {
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

fn refuse(tables: &mut Tables, charge_id: Id, refusal: Refusal, now: i64) {
    let Some(charge) = tables.charges.get_mut(&charge_id) else {
        return;
    };
    let day = today(now);
    charge.charge_attempts += 1;
    charge.last_charge_attempt = Some(now);
    charge.status = ChargeStatus::Error;
    charge.updated_at = now;
    charge.error = Some(format!(
        "None\r\n [{}] [{}]",
        crate::clock::stamp_bare(now),
        refusal.message
    ));
    let gives_up = charge.charge_attempts >= refusal.max_attempts;
    charge.error_type = Some(if gives_up {
        "CLOSED_MAX_RETRIES_REACHED"
    } else {
        refusal.kind
    });
    charge.retry_date = (!gives_up).then(|| day.add_days(refusal.retry_every_days));
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

/// Tries the failed charges of an address again at once.
pub(crate) fn retry_now(tables: &mut Tables, address_id: Id, now: i64) {
    let failed = |c: &&Charge| c.address_id == address_id && c.status == ChargeStatus::Error;
    let failed: Vec<Id> = tables
        .charges
        .values()
        .filter(failed)
        .map(|c| c.id)
        .collect();
    for charge_id in failed {
        pay(tables, charge_id, now);
    }
}

pub(super) fn succeed(tables: &mut Tables, charge_id: Id, now: i64) {
    let Some(charge) = tables.charges.get_mut(&charge_id) else {
        return;
    };
    let was_pending = charge.status == ChargeStatus::Pending;
    charge.status = ChargeStatus::Success;
    charge.processed_at = Some(now);
    charge.updated_at = now;
    charge.retry_date = None;
    charge.error = None;
    charge.error_type = None;
    charge.external_transaction_id = Some(format!("ch_{charge_id}"));
    let (customer_id, address_id) = (charge.customer_id, charge.address_id);
    take_from_stock(tables, charge_id);
    crate::credits::spend(tables, charge_id, now);
    discounts::redeem(tables, charge_id);
    make_orders(tables, charge_id, now);
    if let Some(customer) = tables.customers.get_mut(&customer_id) {
        customer.first_charge_processed_at.get_or_insert(now);
    }
    if was_pending {
        charges::regenerate(tables, address_id, now)
    } else {
        move_on(tables, charge_id, now)
    }
}

/// Lets the items of a charge that is paid, or about to be, wait for their next cycle.
fn move_on(tables: &mut Tables, charge_id: Id, now: i64) {
    let Some(charge) = tables.charges.get(&charge_id) else {
        return;
    };
    let (date, address_id) = (charge.scheduled_at, charge.address_id);
    for line in charge.content.lines.clone() {
        tables.onetimes.remove(&line.purchase_item_id);
        move_to_next_cycle(tables, line.purchase_item_id, date, now);
    }
    charges::regenerate(tables, address_id, now);
}

fn take_from_stock(tables: &mut Tables, charge_id: Id) {
    let Some(charge) = tables.charges.get(&charge_id) else {
        return;
    };
    for line in &charge.content.lines {
        let is_it =
            |v: &&mut Variant| Some(&v.external_variant_id) == line.external_variant_id.as_ref();
        let mut variants = tables.products.iter_mut().flat_map(|p| &mut p.variants);
        if let Some(stock) = variants.find(is_it).and_then(|v| v.stock.as_mut()) {
            *stock = stock.saturating_sub(line.quantity);
        }
    }
}

/// After a paid charge on `date` a subscription waits for its next cycle, or expires.
fn move_to_next_cycle(tables: &mut Tables, subscription_id: Id, date: Date, now: i64) {
    let skipped = crate::skip::skipped_dates(tables, subscription_id);
    let Some(subscription) = tables.subscriptions.get_mut(&subscription_id) else {
        return;
    };
    subscription.charges_made += 1;
    subscription.max_retries_reached = false;
    let mut date = date;
    if subscription.queue == 1 {
        // A charge paid late leaves cycles behind that nobody was charged for.
        date = date.max(today(now));
        subscription.next = Some(date);
    }
    subscription.pass(date, &skipped);
    if subscription
        .expire_after
        .is_some_and(|limit| subscription.charges_made >= limit)
    {
        subscription.status = SubscriptionStatus::Expired;
        subscription.next = None;
    }
}
