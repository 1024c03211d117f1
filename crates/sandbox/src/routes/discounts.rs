//! Discount codes.

use super::{Access, Route, admitted, row};
use crate::call::{Answer, Outcome};
use crate::incoming::Incoming;
use crate::paging::Query;
use crate::rows::*;
use crate::serialise::discount as wire;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/discounts", Access::Read(list)),
    ("GET", "/discounts/{id}", Access::Read(get)),
];

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "created_at"])?;
    let rows = admitted(tables.discounts.values(), |d| {
        Ok(query
            .filter("discount_code")
            .is_none_or(|code| d.code.eq_ignore_ascii_case(code))
            && query.admits_word("status", d.status)
            && query.admits_id("ids", d.id)?)
    })?;
    query.answer("discounts", rows.into_iter(), wire::discount)
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    Ok(Answer::one(
        "discount",
        wire::discount(row(&tables.discounts, incoming)?),
    ))
}
