//! Reading what is the shop's, and nobody's own.

use std::collections::{BTreeMap, BTreeSet};

use protocol::Problem;
use recharge::{CollectionProduct, Discount, DiscountId, ExternalId, Product, list_all};

use super::{LIST_CAP, Reader, problem};
use crate::upstream::links::safe_picture;

/// Products that are asked for in one call, so that its URL stays short.
const PRODUCTS_AT_ONCE: usize = 50;

impl Reader<'_> {
    /// A discount of the store, which is nobody's.
    pub(crate) async fn discount(&self, id: DiscountId) -> Result<Discount, Problem> {
        self.one(Discount::retrieve(id)).await
    }

    /// The products of a collection that boxes are filled from: by their ids or, where upstream
    /// does not list those, by the search of the shop.
    pub(crate) async fn collection(&self, id: &ExternalId) -> Result<Vec<Product>, Problem> {
        let request = CollectionProduct::list(id);
        let Ok(listed) = list_all::<CollectionProduct>(self, request, LIST_CAP).await else {
            let request = Product::list_collection(id);
            let searched = list_all(self, request, LIST_CAP).await.map_err(problem)?;
            return Ok(searched.items);
        };
        let ids = listed.items.into_iter();
        let ids: Vec<ExternalId> = ids.filter_map(|row| row.external_product_id).collect();
        let mut products = Vec::new();
        for some in ids.chunks(PRODUCTS_AT_ONCE) {
            let found = list_all(self, Product::list(some), LIST_CAP).await;
            products.extend(found.map_err(problem)?.items);
        }
        Ok(products)
    }

    /// Pictures of products, by the product's id. Without them a page is still whole, so a
    /// failure here is no problem.
    pub(crate) async fn pictures(&self, wanted: BTreeSet<&ExternalId>) -> BTreeMap<String, String> {
        let (known, now_ms) = (&self.upstream.pictures, self.upstream.env.now_ms());
        let is_new = |id: &&&ExternalId| known.get(id.as_str(), now_ms).is_none();
        let missing: Vec<&ExternalId> = wanted.iter().filter(is_new).copied().collect();
        for some in missing.chunks(PRODUCTS_AT_ONCE) {
            let request = Product::list(some.iter().copied());
            let found = list_all::<Product>(&*self.upstream.recharge, request, LIST_CAP).await;
            let Ok(listed) = found else { continue };
            let mut pictures: BTreeMap<String, Option<String>> =
                some.iter().map(|id| (id.to_string(), None)).collect();
            for product in &listed.items {
                if let Some(id) = &product.external_product_id {
                    pictures.insert(id.to_string(), product.thumbnail().and_then(safe_picture));
                }
            }
            for (id, picture) in pictures {
                known.set(id, now_ms, picture);
            }
        }
        let picture = |id: &&ExternalId| known.get(id.as_str(), now_ms).flatten();
        wanted
            .iter()
            .filter_map(|id| Some((id.to_string(), picture(id)?)))
            .collect()
    }
}
