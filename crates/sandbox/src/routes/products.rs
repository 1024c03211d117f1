//! Products.

use super::{Access, Route};
use crate::call::{Answer, Outcome};
use crate::errors::not_found;
use crate::incoming::Incoming;
use crate::paging::{Listed, Query};
use crate::rows::*;
use crate::serialise::product as wire;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/products", Access::Read(list)),
    ("GET", "/products/{id}", Access::Read(get)),
];

/// Products have no id of Recharge's; the shop platform's orders them.
impl Listed for Product {
    fn id(&self) -> Id {
        self.external_product_id.parse().unwrap_or_default()
    }

    fn key(&self, _field: &str) -> Option<i64> {
        Some(self.id() as i64)
    }
}

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id"])?;
    let wanted = |p: &&Product| query.admits_word("external_product_ids", &p.external_product_id);
    query.answer("products", tables.products.iter().filter(wanted), |p| {
        wire::product(tables, p)
    })
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    let id = incoming.segments.first().map(String::as_str);
    let product = tables
        .products
        .iter()
        .find(|p| Some(p.external_product_id.as_str()) == id);
    Ok(Answer::one(
        "product",
        wire::product(tables, product.ok_or_else(not_found)?),
    ))
}
