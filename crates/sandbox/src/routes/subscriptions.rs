//! Subscriptions: reading, making, changing, erasing.

use std::collections::BTreeMap;

use base::Date;

use super::intervals::{self, Intervals};
use super::item_details::{new_details, replace_details};
use super::{Access, Route, address_in_body, admitted, row};
use crate::call::{Answer, Outcome};
use crate::charges;
use crate::clock::today;
use crate::errors::{invalid, invalid_plain};
use crate::incoming::{Incoming, required};
use crate::paging::Query;
use crate::rows::*;
use crate::serialise::subscription as wire;
use crate::skip;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/subscriptions", Access::Read(list)),
    ("POST", "/subscriptions", Access::Write(create)),
    ("GET", "/subscriptions/{id}", Access::Read(get)),
    ("PUT", "/subscriptions/{id}", Access::Write(update)),
    ("DELETE", "/subscriptions/{id}", Access::Write(delete)),
];

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "created_at", "updated_at"])?;
    let bundles_only = query.filter("bundles_only") == Some("true");
    let is_bundle = |s: &Subscription| {
        let product = s.details.external_product_id.as_ref();
        let mut bundles = tables.bundles.iter();
        bundles.any(|bundle| Some(&bundle.external_product_id) == product)
    };
    let rows = admitted(tables.subscriptions.values(), |s| {
        let variant = s.details.external_variant_id.as_deref();
        Ok((is_bundle(s) || !bundles_only)
            && query.admits_id("customer_id", s.customer_id)?
            && query.admits_id("address_id", s.address_id)?
            && query.admits_id("address_ids", s.address_id)?
            && query.admits_id("ids", s.id)?
            && query.admits_word("status", wire::status(s.status))
            && query
                .filter("external_variant_id")
                .is_none_or(|id| Some(id) == variant)
            && query.admits_time("created_at", Some(s.created_at))?
            && query.admits_time("updated_at", Some(s.updated_at))?)
    })?;
    query.answer("subscriptions", rows.into_iter(), |s| {
        wire::with_includes(tables, s, query.include())
    })
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    let subscription = row(&tables.subscriptions, incoming)?;
    Ok(Answer::one(
        "subscription",
        wire::with_includes(tables, subscription, incoming.include()),
    ))
}

/// The subscription of the path as it is now.
pub(super) fn answer(tables: &Tables, incoming: &Incoming) -> Outcome {
    let subscription = row(&tables.subscriptions, incoming)?;
    Ok(Answer::one(
        "subscription",
        wire::subscription(tables, subscription),
    ))
}

pub(super) fn create(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let address = address_in_body(tables, incoming)?;
    let (address_id, customer_id) = (address.id, address.customer_id);
    let presentment_currency = address.presentment_currency;
    let details = new_details(tables, incoming)?;
    intervals::check_has_plan(tables, &details)?;
    let field = "next_charge_scheduled_at";
    let next = required(field, incoming.date(field)?)?;
    if next < today(incoming.now) {
        return Err(invalid_plain(field, "Cannot be in the past"));
    }
    let named = intervals::plan(tables, incoming, &details)?;
    let intervals = match intervals::read(tables, incoming)? {
        Some(intervals) => intervals,
        None => required("order_interval_unit", None)?,
    };
    let plan = named.or_else(|| intervals::plan_of(tables, &details, intervals));
    let (plan_id, queue) = (plan.map(|p| p.id), plan.map_or(1, |p| p.max_queued_charges));
    let (week_day, month_day) =
        intervals::fixed_days(incoming, intervals.interval.unit, (None, None))?;
    let id = tables.new_id();
    let mut subscription = Subscription {
        id,
        customer_id,
        address_id,
        details,
        plan_id,
        interval: intervals.interval,
        charge_every: intervals.charge_every,
        queue,
        order_day_of_month: month_day,
        order_day_of_week: week_day,
        status: SubscriptionStatus::Active,
        anchor: next,
        next: Some(next),
        exceptions: BTreeMap::new(),
        expire_after: incoming
            .number("expire_after_specific_number_of_charges")?
            .map(|n| n as u32),
        charges_made: 0,
        max_retries_reached: false,
        presentment_currency,
        cancellation: None,
        created_at: incoming.now,
        updated_at: incoming.now,
    };
    subscription.align();
    let value = wire::subscription(tables, &subscription);
    tables.subscriptions.insert(id, subscription);
    charges::settle(tables, address_id, incoming.commit(), incoming.now);
    Ok(Answer::created(201, "subscription", value))
}

pub(super) fn update(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let mut subscription = row(&tables.subscriptions, incoming)?.clone();
    let (id, address_id) = (subscription.id, subscription.address_id);
    let force = incoming.param("force_update") == Some("true")
        || incoming.flag("force_update")?.unwrap_or(false);
    if subscription.status != SubscriptionStatus::Active && !force {
        return Err(invalid(
            "status",
            "Cancelled subscriptions can not be updated",
        ));
    }
    subscription.details = replace_details(tables, incoming, &subscription.details)?;
    if incoming.has("external_variant_id") {
        intervals::check_has_plan(tables, &subscription.details)?;
    }
    change_intervals(tables, incoming, &mut subscription)?;
    let limit = "expire_after_specific_number_of_charges";
    if incoming.has(limit) {
        subscription.expire_after = incoming.number(limit)?.map(|n| n as u32);
    }
    subscription.updated_at = incoming.now;
    tables.subscriptions.insert(id, subscription);
    charges::settle(tables, address_id, incoming.commit(), incoming.now);
    answer(tables, incoming)
}

/// The intervals, the plan and the fixed days that a body asks for. Other intervals remove what
/// was skipped and moved by hand; the next date stays, unless the store recalculates it.
fn change_intervals(
    tables: &mut Tables,
    incoming: &Incoming,
    subscription: &mut Subscription,
) -> Result<(), Answer> {
    let old = Intervals {
        interval: subscription.interval,
        charge_every: subscription.charge_every,
    };
    let new = intervals::read(tables, incoming)?.unwrap_or(old);
    let named = intervals::plan(tables, incoming, &subscription.details)?;
    if new != old || named.is_some() || incoming.has("external_variant_id") {
        let plan = named.or_else(|| intervals::plan_of(tables, &subscription.details, new));
        subscription.plan_id = plan.map(|plan| plan.id);
        subscription.queue = plan.map_or(1, |plan| plan.max_queued_charges);
    }
    subscription.interval = new.interval;
    subscription.charge_every = new.charge_every;
    if new != old {
        skip::forget_coming(tables, subscription.id, incoming.now);
        subscription.exceptions.clear();
        let recalculates = tables.shop.settings.recalculate_next_charge;
        if let (Some(next), true) = (subscription.next, recalculates) {
            subscription.anchor = last_paid(tables, subscription.id).unwrap_or(next);
            subscription.next = Some(subscription.cycle_after(today(incoming.now)));
        }
        subscription.anchor = subscription.next.unwrap_or(subscription.anchor);
    }
    let days = (
        subscription.order_day_of_week,
        subscription.order_day_of_month,
    );
    let new_days = intervals::fixed_days(incoming, new.interval.unit, days)?;
    (
        subscription.order_day_of_week,
        subscription.order_day_of_month,
    ) = new_days;
    if new_days != days || new != old {
        subscription.align();
    }
    Ok(())
}

/// The date of a subscription's last paid charge.
fn last_paid(tables: &Tables, subscription_id: Id) -> Option<Date> {
    let paid = |c: &&Charge| c.status.is_paid() && c.has(subscription_id);
    let dates = tables.charges.values().filter(paid);
    dates.map(|charge| charge.scheduled_at).max()
}

pub(super) fn delete(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let subscription = row(&tables.subscriptions, incoming)?;
    let (id, address_id) = (subscription.id, subscription.address_id);
    skip::forget_coming(tables, id, incoming.now);
    tables.subscriptions.remove(&id);
    charges::regenerate(tables, address_id, incoming.now);
    Ok(Answer::empty())
}
