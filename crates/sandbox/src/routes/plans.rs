//! Plans.

use super::{Access, Route, admitted, row};
use crate::call::{Answer, Outcome};
use crate::incoming::Incoming;
use crate::paging::Query;
use crate::rows::*;
use crate::serialise::plan as wire;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/plans", Access::Read(list)),
    ("GET", "/plans/{id}", Access::Read(get)),
];

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "created_at", "updated_at"])?;
    let of_variants = query.filter("external_variant_id");
    let rows = admitted(tables.plans.values(), |p| {
        let sells = |id: &str| {
            tables
                .variant(id)
                .is_some_and(|(product, _)| product.external_product_id == p.external_product_id)
        };
        Ok(
            query.admits_word("external_product_id", &p.external_product_id)
                && query.admits_word("external_product_ids", &p.external_product_id)
                && of_variants.is_none_or(|list| list.split(',').any(sells))
                && query.admits_word("type", p.kind)
                && query.admits_id("ids", p.id)?
                && query.admits_time("updated_at", Some(p.created_at))?,
        )
    })?;
    query.answer("plans", rows.into_iter(), wire::plan)
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    Ok(Answer::one(
        "plan",
        wire::plan(row(&tables.plans, incoming)?),
    ))
}
