//! Subscriptions: reading, making, changing, erasing.

use recharge::{Interval, Unit};

use super::goods::{self, replace_goods};
use super::{Access, Route, address_in_body, admitted, row, row_mut};
use crate::call::{Answer, Outcome};
use crate::charges;
use crate::clock::today;
use crate::errors::{invalid, invalid_plain, not_found};
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

/// The longest interval, in units.
const MAX_INTERVAL: u64 = 1000;

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "created_at", "updated_at"])?;
    let rows = admitted(tables.subscriptions.values(), |s| {
        let variant = s.goods.external_variant_id.as_deref();
        Ok(query.admits_id("customer_id", s.customer_id)?
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
        wire::subscription(subscription),
    ))
}

fn create(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let address = address_in_body(tables, incoming)?;
    let (address_id, customer_id) = (address.id, address.customer_id);
    let presentment_currency = address.presentment_currency;
    let goods = goods::new_goods(tables, incoming)?;
    let field = "next_charge_scheduled_at";
    let next = required(field, incoming.date(field)?)?;
    if next < today(incoming.now) {
        return Err(invalid_plain(field, "Cannot be in the past"));
    }
    let plan_id = incoming.number("plan_id")?;
    let rhythm = match rhythm(tables, incoming)? {
        Some(rhythm) => rhythm,
        None => required("order_interval_unit", None)?,
    };
    let id = tables.new_id();
    let subscription = Subscription {
        id,
        customer_id,
        address_id,
        goods,
        plan_id,
        interval: rhythm.interval,
        charge_every: rhythm.charge_every,
        order_day_of_month: incoming.number("order_day_of_month")?,
        order_day_of_week: incoming.number("order_day_of_week")?,
        status: SubscriptionStatus::Active,
        anchor: next,
        next: Some(next),
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
    let value = wire::subscription(&subscription);
    tables.subscriptions.insert(id, subscription);
    charges::settle(tables, address_id, incoming.commit(), incoming.now);
    Ok(Answer::created(201, "subscription", value))
}

fn update(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let subscription = row(&tables.subscriptions, incoming)?;
    let (id, address_id) = (subscription.id, subscription.address_id);
    let force = incoming.param("force_update") == Some("true")
        || incoming.flag("force_update")?.unwrap_or(false);
    if subscription.status != SubscriptionStatus::Active && !force {
        return Err(invalid(
            "status",
            "Cancelled subscriptions can not be updated",
        ));
    }
    let rhythm = rhythm(tables, incoming)?;
    let goods = replace_goods(tables, incoming, &subscription.goods)?;
    let changes_rhythm = rhythm.as_ref().is_some_and(|r| {
        (r.interval, r.charge_every) != (subscription.interval, subscription.charge_every)
    });
    if changes_rhythm {
        skip::forget_coming(tables, id, incoming.now);
    }
    let subscription = row_mut(&mut tables.subscriptions, incoming)?;
    subscription.goods = goods;
    if let Some(rhythm) = rhythm {
        subscription.interval = rhythm.interval;
        subscription.charge_every = rhythm.charge_every;
        // The next date stays; cycles count from it.
        subscription.anchor = subscription.next.unwrap_or(subscription.anchor);
    }
    if let Some(plan_id) = incoming.number("plan_id")? {
        subscription.plan_id = Some(plan_id);
    }
    if incoming.has("order_day_of_month") {
        subscription.order_day_of_month = incoming.number("order_day_of_month")?;
    }
    if incoming.has("order_day_of_week") {
        subscription.order_day_of_week = incoming.number("order_day_of_week")?;
    }
    let limit = "expire_after_specific_number_of_charges";
    if incoming.has(limit) {
        subscription.expire_after = incoming.number(limit)?.map(|n| n as u32);
    }
    subscription.updated_at = incoming.now;
    charges::settle(tables, address_id, incoming.commit(), incoming.now);
    answer(tables, incoming)
}

fn delete(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let subscription = row(&tables.subscriptions, incoming)?;
    let (id, address_id) = (subscription.id, subscription.address_id);
    skip::forget_coming(tables, id, incoming.now);
    tables.subscriptions.remove(&id);
    charges::regenerate(tables, address_id, incoming.now);
    Ok(Answer::empty())
}

/// How often something comes and is paid.
struct Rhythm {
    interval: Interval,
    charge_every: u32,
}

/// The rhythm that a body asks for, by a plan or by the three interval fields together.
fn rhythm(tables: &Tables, incoming: &Incoming) -> Result<Option<Rhythm>, Answer> {
    let fields = [
        "order_interval_unit",
        "order_interval_frequency",
        "charge_interval_frequency",
    ];
    let sent = fields
        .iter()
        .filter(|field| incoming.value(field).is_some())
        .count();
    if sent == 0 {
        let Some(plan_id) = incoming.number("plan_id")? else {
            return Ok(None);
        };
        let plan = tables.plans.get(&plan_id).ok_or_else(not_found)?;
        let interval = Interval {
            unit: plan.unit,
            every: plan.order_every,
        };
        return Ok(Some(Rhythm {
            interval,
            charge_every: plan.charge_every,
        }));
    }
    if sent < fields.len() {
        let rule = "when passing order_interval_unit provide charge_interval_frequency and \
                    order_interval_frequency to update the interval information";
        return Err(invalid_plain("charge_interval_unit_type", rule));
    }
    let unit = match incoming.text(fields[0])?.as_deref() {
        Some("day") => Unit::Day,
        Some("week") => Unit::Week,
        Some("month") => Unit::Month,
        _ => return Err(invalid(fields[0], "Not a valid choice.")),
    };
    let count = |field: &str| -> Result<u32, Answer> {
        match incoming.number(field)? {
            Some(n) if (1..=MAX_INTERVAL).contains(&n) => Ok(n as u32),
            _ => Err(invalid(
                field,
                "Must be greater than or equal to 1 and less than or equal to 1000.",
            )),
        }
    };
    let (every, charge_every) = (count(fields[1])?, count(fields[2])?);
    if charge_every % every != 0 {
        return Err(invalid(
            fields[2],
            "charge_interval_frequency must be a multiple of order_interval_frequency",
        ));
    }
    Ok(Some(Rhythm {
        interval: Interval { unit, every },
        charge_every,
    }))
}
