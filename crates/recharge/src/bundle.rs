//! Bundles whose contents the customer chooses: the choices, and what was chosen.

use serde_json::{Value, json};

use crate::id::{BundleSelectionId, ChargeId, ExternalId, SubscriptionId};
use crate::lenient::upstream;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// A product that is a box.
    pub struct BundleProduct {
        /// The product in the shop; `None` where this is no box.
        external_product_id: Option<ExternalId>,
        /// The sizes it comes in.
        variants: Vec<BundleVariant>,
    }
}

upstream! {
    /// One size of a box.
    pub struct BundleVariant {
        /// The variant in the shop.
        external_variant_id: Option<ExternalId>,
        /// How many items it takes: as many as any of these says.
        ranges: Vec<BundleRange>,
        /// How many items it takes at most; 0 where upstream does not say.
        items_count: u32,
        /// Where its items come from.
        option_sources: Vec<OptionSource>,
    }
}

upstream! {
    /// How many items fit.
    pub struct BundleRange {
        /// The fewest.
        quantity_min: u32,
        /// The most; `None` for no limit.
        quantity_max: Option<u32>,
    }
}

upstream! {
    /// A collection of the shop that a box is filled from.
    pub struct OptionSource {
        /// The collection.
        collection_id: Option<ExternalId> = "collection_id" | "option_source_id",
        /// Whose collection it is, such as `shopify`; empty where upstream does not say.
        source_platform: String,
    }
}

upstream! {
    /// Products that belong together.
    pub struct Collection {
        /// Its id.
        id: Option<ExternalId>,
        /// Its title.
        title: String,
    }
}

upstream! {
    /// A product of a collection. Nothing but its ids is told.
    pub struct CollectionProduct {
        /// The collection.
        collection_id: Option<ExternalId>,
        /// The product in the shop.
        external_product_id: Option<ExternalId>,
    }
}

upstream! {
    /// What is in a box.
    pub struct BundleSelection: BundleSelectionId {
        /// The charge that it is for; `None` for all to come.
        charge_id: Option<ChargeId>,
        /// What was chosen.
        items: Vec<BundleItem>,
    }
}

upstream! {
    /// One kind of thing in a box.
    pub struct BundleItem {
        /// The collection that it was chosen from.
        collection_id: Option<ExternalId>,
        /// Whose collection that is, such as `shopify`.
        collection_source: String,
        /// The product in the shop.
        external_product_id: Option<ExternalId>,
        /// The variant in the shop.
        external_variant_id: Option<ExternalId>,
        /// How many.
        quantity: u32,
    }
}

impl Resource for BundleSelection {
    const NAME: &'static str = "bundle_selection";
    const PLURAL: &'static str = "bundle_selections";
}

impl Resource for Collection {
    const NAME: &'static str = "collection";
    const PLURAL: &'static str = "collections";
}

impl Collection {
    /// `GET /collections`: all of them.
    pub fn list_all() -> Request {
        Request::list("/collections")
    }
}

impl Resource for CollectionProduct {
    const NAME: &'static str = "collection_product";
    const PLURAL: &'static str = "collection_products";
}

impl CollectionProduct {
    /// `GET /collection_products?collection_id=`: what is in a collection.
    pub fn list(collection: &ExternalId) -> Request {
        Request::list("/collection_products").with("collection_id", collection)
    }

    /// `GET /collection_products`: what is in any collection.
    pub fn list_all() -> Request {
        Request::list("/collection_products")
    }
}

impl BundleSelection {
    /// `POST /bundle_selections`: fills a box for the first time.
    pub fn create(item: SubscriptionId, items: &[BundleItem]) -> Request {
        let body = json!({ "purchase_item_id": item, "items": wire(items) });
        Request::post("/bundle_selections", body)
    }

    /// `PUT /bundle_selections/{id}`: fills it anew.
    pub fn update(id: BundleSelectionId, items: &[BundleItem]) -> Request {
        Request::put(
            format!("/bundle_selections/{id}"),
            json!({ "items": wire(items) }),
        )
    }
}

/// External ids are flat text here, unlike nearly everywhere else.
fn wire(items: &[BundleItem]) -> Value {
    let text = |id: &Option<ExternalId>| id.as_ref().map(ToString::to_string);
    let item = |item: &BundleItem| {
        json!({
            "collection_id": text(&item.collection_id),
            "collection_source": item.collection_source,
            "external_product_id": text(&item.external_product_id),
            "external_variant_id": text(&item.external_variant_id),
            "quantity": item.quantity,
        })
    };
    items.iter().map(item).collect()
}
