//! The delivery schedule: what comes on which date, computed from the purchase items.

use std::collections::{BTreeMap, BTreeSet};

use base::Date;

use crate::charges::{content_for, line_of, open_charge_on, skipped_charge_on};
use crate::clock::today;
use crate::rows::*;
use crate::skip::skipped_dates;

/// What goes to one address on one date under one charge.
pub(crate) struct Delivery {
    pub(crate) address_id: Id,
    /// The charge queued or skipped for it; none beyond the queued charge.
    pub(crate) charge_id: Option<Id>,
    /// Its charge is being regenerated.
    pub(crate) is_stale: bool,
    /// The order, where it exists already: prepaid.
    pub(crate) order_id: Option<Id>,
    pub(crate) entries: Vec<Entry>,
    /// The sums: those of the charge where there is one, stale as they may be,
    /// otherwise what they would be today.
    pub(crate) content: Content,
}

/// One purchase item of a delivery.
pub(crate) struct Entry {
    pub(crate) line: Line,
    pub(crate) is_skipped: bool,
}

/// How a delivery stands: what is queued, skipped and only forecast on one address and
/// date are three orders, since each has a charge of its own or none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Queued,
    Foreseen,
    Skipped,
}

/// The days up to `until` on which the customer is sent something, or would be if it
/// were not skipped.
pub(crate) fn deliveries(
    tables: &Tables,
    customer_id: Id,
    now: i64,
    until: Date,
) -> Vec<(Date, Vec<Delivery>)> {
    let day = today(now);
    let mut planned: BTreeMap<(Date, Id, Standing), BTreeSet<Id>> = BTreeMap::new();
    let mut plan = |date, address_id, standing, item| {
        planned
            .entry((date, address_id, standing))
            .or_default()
            .insert(item);
    };
    let mine =
        |s: &&Subscription| s.customer_id == customer_id && s.status == SubscriptionStatus::Active;
    for subscription in tables.subscriptions.values().filter(mine) {
        let skipped = skipped_dates(tables, subscription.id);
        let queued = subscription.queued(&skipped);
        for date in delivery_dates(subscription, &skipped, until) {
            let standing = match date {
                _ if skipped.contains(&date) => Standing::Skipped,
                _ if queued.contains(&date) => Standing::Queued,
                _ => Standing::Foreseen,
            };
            plan(date, subscription.address_id, standing, subscription.id);
        }
    }
    for onetime in tables
        .onetimes
        .values()
        .filter(|o| o.customer_id == customer_id)
    {
        for date in skipped_dates(tables, onetime.id) {
            plan(date, onetime.address_id, Standing::Skipped, onetime.id);
        }
        plan(
            onetime.next,
            onetime.address_id,
            Standing::Queued,
            onetime.id,
        );
    }
    let mut days: BTreeMap<Date, Vec<Delivery>> = BTreeMap::new();
    for ((date, address_id, standing), items) in planned {
        if (day..=until).contains(&date) {
            days.entry(date)
                .or_default()
                .push(delivery(tables, address_id, date, standing, &items));
        }
    }
    for order in tables
        .orders
        .values()
        .filter(|o| o.customer_id == customer_id && o.status == "queued")
    {
        if (day..=until).contains(&order.scheduled_at) {
            days.entry(order.scheduled_at)
                .or_default()
                .push(paid_delivery(order));
        }
    }
    days.into_iter().collect()
}

/// The dates of a subscription: skipped ones still to come, the next one, and those that follow.
pub(crate) fn delivery_dates(
    subscription: &Subscription,
    skipped: &BTreeSet<Date>,
    until: Date,
) -> BTreeSet<Date> {
    let mut dates: BTreeSet<Date> = skipped
        .iter()
        .copied()
        .filter(|date| *date <= until)
        .collect();
    let per_charge = subscription.charge_every / subscription.interval.every.max(1);
    for charge_date in subscription.coming(skipped, until) {
        dates.extend((0..per_charge.max(1)).map(|n| subscription.interval.after(charge_date, n)));
    }
    dates
}

fn delivery(
    tables: &Tables,
    address_id: Id,
    date: Date,
    standing: Standing,
    items: &BTreeSet<Id>,
) -> Delivery {
    let charge = match standing {
        Standing::Skipped => skipped_charge_on(tables, address_id, date),
        Standing::Queued => open_charge_on(tables, address_id, date),
        Standing::Foreseen => None,
    };
    let is_skipped = standing == Standing::Skipped;
    let lines: Vec<Line> = items
        .iter()
        .filter_map(|item| line_of(tables, *item))
        .collect();
    let content = match charge {
        Some(charge) => charge.content.clone(),
        None => content_for(tables, address_id, lines.clone(), None),
    };
    let entries = lines
        .into_iter()
        .map(|line| Entry { line, is_skipped })
        .collect();
    Delivery {
        address_id,
        charge_id: charge.map(|c| c.id),
        is_stale: standing == Standing::Queued && tables.uncommitted.contains_key(&address_id),
        order_id: None,
        entries,
        content,
    }
}

fn paid_delivery(order: &Order) -> Delivery {
    let entry = |line: &Line| Entry {
        line: line.clone(),
        is_skipped: false,
    };
    Delivery {
        address_id: order.address_id,
        charge_id: Some(order.charge_id),
        is_stale: false,
        order_id: Some(order.id),
        entries: order.content.lines.iter().map(entry).collect(),
        content: Content::clone(&order.content),
    }
}
