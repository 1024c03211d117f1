//! Reading charges.

use super::{Access, Route, admitted, row};
use crate::call::{Answer, Outcome};
use crate::clock::DAY_MS;
use crate::errors::not_found;
use crate::incoming::Incoming;
use crate::paging::Query;
use crate::rows::*;
use crate::serialise::charge as wire;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/charges", Access::Read(list)),
    ("GET", "/charges/{id}", Access::Read(get)),
];

/// How long a paid charge can be read.
const WALL_MS: i64 = 90 * DAY_MS;

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(
        incoming,
        &[
            "id",
            "created_at",
            "updated_at",
            "scheduled_at",
            "processed_at",
        ],
    )?;
    let items = match query.ids("purchase_item_ids")? {
        Some(ids) => Some(ids),
        None => query.ids("purchase_item_id")?,
    };
    let rows = admitted(tables.charges.values(), |c| {
        Ok(!is_behind_the_wall(c, incoming.now)
            && query.admits_id("customer_id", c.customer_id)?
            && query.admits_id("address_id", c.address_id)?
            && query.admits_id("ids", c.id)?
            && query.admits_word("status", c.status.as_str())
            && items
                .as_ref()
                .is_none_or(|ids| ids.iter().any(|id| c.has(*id)))
            && query
                .filter("external_order_id")
                .is_none_or(|id| c.external_order_id.as_deref() == Some(id))
            && has_discount(tables, c, &query)?
            && query.admits_date("scheduled_at", c.scheduled_at)?
            && query.admits_time("processed_at", c.processed_at)?
            && query.admits_time("created_at", Some(c.created_at))?
            && query.admits_time("updated_at", Some(c.updated_at))?)
    })?;
    query.answer("charges", rows.into_iter(), |c| {
        wire::with_includes(tables, c, query.include())
    })
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    let charge = row(&tables.charges, incoming)?;
    if is_behind_the_wall(charge, incoming.now) {
        return Err(not_found());
    }
    let value = wire::with_includes(tables, charge, incoming.include());
    Ok(Answer::one("charge", value))
}

/// Paid charges vanish 90 days after they were processed; their orders stay.
fn is_behind_the_wall(charge: &Charge, now: i64) -> bool {
    charge.status.is_paid() && charge.processed_at.is_some_and(|at| now - at > WALL_MS)
}

fn has_discount(tables: &Tables, charge: &Charge, query: &Query) -> Result<bool, Answer> {
    let discount = charge
        .content
        .discount
        .as_ref()
        .and_then(|d| tables.discounts.get(&d.id));
    let code = query
        .filter("discount_code")
        .is_none_or(|code| discount.is_some_and(|d| d.code == code));
    let id = query
        .ids("discount_id")?
        .is_none_or(|ids| discount.is_some_and(|d| ids.contains(&d.id)));
    Ok(code && id)
}
