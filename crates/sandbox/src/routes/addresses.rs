//! Addresses: reading, making, changing, removing.

use super::{Access, Route, admitted, row};
use crate::call::{Answer, Outcome};
use crate::incoming::Incoming;
use crate::paging::Query;
use crate::rows::*;
use crate::serialise::address as wire;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/addresses", Access::Read(list)),
    ("GET", "/addresses/{id}", Access::Read(get)),
];

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "created_at", "updated_at"])?;
    let rows = admitted(tables.addresses.values(), |a| {
        let discount = a.discount_id.and_then(|id| tables.discounts.get(&id));
        let is_active = tables
            .subscriptions
            .values()
            .any(|s| s.address_id == a.id && s.status == SubscriptionStatus::Active);
        Ok(query.admits_id("customer_id", a.customer_id)?
            && query.admits_id("ids", a.id)?
            && query
                .filter("discount_code")
                .is_none_or(|code| discount.is_some_and(|d| d.code == code))
            && query
                .ids("discount_id")?
                .is_none_or(|ids| discount.is_some_and(|d| ids.contains(&d.id)))
            && query
                .filter("is_active")
                .is_none_or(|wanted| (wanted == "true") == is_active)
            && query.admits_time("created_at", Some(a.created_at))?
            && query.admits_time("updated_at", Some(a.updated_at))?)
    })?;
    query.answer("addresses", rows.into_iter(), |a| {
        wire::with_includes(tables, a, incoming)
    })
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    let address = row(&tables.addresses, incoming)?;
    Ok(Answer::one(
        "address",
        wire::with_includes(tables, address, incoming),
    ))
}
