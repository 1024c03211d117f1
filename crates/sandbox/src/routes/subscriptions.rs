//! Subscriptions: reading, making, changing.

use super::{Access, Route, admitted, row};
use crate::call::{Answer, Outcome};
use crate::incoming::Incoming;
use crate::paging::Query;
use crate::rows::*;
use crate::serialise::subscription as wire;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/subscriptions", Access::Read(list)),
    ("GET", "/subscriptions/{id}", Access::Read(get)),
];

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
        wire::with_includes(tables, s, incoming)
    })
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    let subscription = row(&tables.subscriptions, incoming)?;
    Ok(Answer::one(
        "subscription",
        wire::with_includes(tables, subscription, incoming),
    ))
}
