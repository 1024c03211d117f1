//! One-times.

use base::Date;
use serde_json::json;

use super::item_details::{new_details, replace_details};
use super::{Access, Route, address_in_body, admitted, row, row_mut};
use crate::call::{Answer, Outcome};
use crate::charges;
use crate::clock::today;
use crate::errors::{invalid, invalid_plain};
use crate::incoming::{Incoming, required};
use crate::paging::Query;
use crate::rows::*;
use crate::serialise::onetime as wire;
use crate::skip;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/onetimes", Access::Read(list)),
    ("POST", "/onetimes", Access::Write(create)),
    ("GET", "/onetimes/{id}", Access::Read(get)),
    ("PUT", "/onetimes/{id}", Access::Write(update)),
    ("DELETE", "/onetimes/{id}", Access::Write(delete)),
];

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "created_at", "updated_at"])?;
    let rows = admitted(tables.onetimes.values(), |o| {
        let variant = o.details.external_variant_id.as_deref();
        Ok(!o.is_free_gift
            && query.admits_id("customer_id", o.customer_id)?
            && query.admits_id("address_id", o.address_id)?
            && query.admits_id("address_ids", o.address_id)?
            && query.admits_id("ids", o.id)?
            && query
                .filter("external_variant_id")
                .is_none_or(|id| Some(id) == variant)
            && query.admits_time("created_at", Some(o.created_at))?
            && query.admits_time("updated_at", Some(o.updated_at))?)
    })?;
    query.answer("onetimes", rows.into_iter(), |o| {
        wire::with_includes(tables, o, query.include())
    })
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    Ok(Answer::one(
        "onetime",
        wire::with_includes(tables, row(&tables.onetimes, incoming)?, incoming.include()),
    ))
}

fn create(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let address = address_in_body(tables, incoming)?;
    let (address_id, customer_id) = (address.id, address.customer_id);
    let presentment_currency = address.presentment_currency;
    let mut charges = tables.charges.values();
    if charges.any(|c| c.address_id == address_id && c.status == ChargeStatus::Error) {
        let message = "You must remove/fix existing error charges first.";
        return Err(invalid_plain("general", message));
    }
    let details = new_details(tables, incoming)?;
    let next = when(tables, incoming, address_id)?;
    let id = tables.new_id();
    let onetime = Onetime {
        id,
        customer_id,
        address_id,
        details,
        next,
        is_free_gift: false,
        presentment_currency,
        created_at: incoming.now,
        updated_at: incoming.now,
    };
    let value = wire::onetime(&onetime);
    tables.onetimes.insert(id, onetime);
    charges::settle(tables, address_id, incoming.commit(), incoming.now);
    Ok(Answer::created(201, "onetime", value))
}

/// The date of a new one-time: one of the two timing fields, never both.
fn when(tables: &Tables, incoming: &Incoming, address_id: Id) -> Result<Date, Answer> {
    let field = "next_charge_scheduled_at";
    match (
        incoming.flag("add_to_next_charge")?.unwrap_or(false),
        incoming.date(field)?,
    ) {
        (true, Some(_)) => Err(invalid(
            "add_to_next_charge",
            "Can not be combined with next_charge_scheduled_at",
        )),
        (true, None) => {
            let next = charges::items_due(tables, address_id)
                .into_keys()
                .find(|d| *d > today(incoming.now));
            next.ok_or_else(|| invalid("add_to_next_charge", "No queued charge on this address"))
        }
        (false, date) => {
            let date = required(field, date)?;
            check_not_past(date, incoming.now)?;
            Ok(date)
        }
    }
}

fn check_not_past(date: Date, now: i64) -> Result<(), Answer> {
    if date >= today(now) {
        return Ok(());
    }
    Err(invalid_plain(
        "next_charge_scheduled_at",
        "Cannot be in the past",
    ))
}

fn update(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let onetime = row(&tables.onetimes, incoming)?;
    let (from, customer_id) = (onetime.address_id, onetime.customer_id);
    let details = replace_details(tables, incoming, &onetime.details)?;
    let to = match incoming.number("address_id")? {
        Some(_) => address_in_body(tables, incoming)?.id,
        None => from,
    };
    if tables
        .addresses
        .get(&to)
        .is_none_or(|a| a.customer_id != customer_id)
    {
        return Err(invalid("address_id", "Not found"));
    }
    let date = incoming.date("next_charge_scheduled_at")?;
    if let Some(date) = date {
        check_not_past(date, incoming.now)?;
    }
    let onetime = row_mut(&mut tables.onetimes, incoming)?;
    onetime.details = details;
    onetime.address_id = to;
    onetime.next = date.unwrap_or(onetime.next);
    onetime.updated_at = incoming.now;
    for address_id in [from, to] {
        charges::settle(tables, address_id, incoming.commit(), incoming.now);
    }
    get(tables, incoming)
}

fn delete(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let onetime = row(&tables.onetimes, incoming)?;
    let (id, address_id) = (onetime.id, onetime.address_id);
    skip::forget_coming(tables, id, incoming.now);
    tables.onetimes.remove(&id);
    charges::settle(tables, address_id, incoming.commit(), incoming.now);
    Ok(Answer::json(200, json!({})))
}
