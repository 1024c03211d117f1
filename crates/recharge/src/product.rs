//! Products of the shop, as upstream knows them.

use base::Timestamp;

use crate::amount::Amount;
use crate::id::ExternalId;
use crate::lenient::upstream;
use crate::line_item::Images;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// A product.
    pub struct Product {
        /// The product in the shop; `None` where upstream does not say.
        external_product_id: Option<ExternalId>,
        /// Its title.
        title: String,
        /// Its vendor.
        vendor: String,
        /// Its pictures.
        images: Vec<Images>,
        /// Its variants.
        variants: Vec<Variant>,
        /// When it was published; `None` where it is not for sale.
        published_at: Option<Timestamp>,
    }
}

upstream! {
    /// A variant of a product.
    pub struct Variant {
        /// The variant in the shop; `None` where upstream does not say.
        external_variant_id: Option<ExternalId>,
        /// Its title.
        title: String,
        /// Stock-keeping unit.
        sku: String,
        /// Its picture, where it has one of its own.
        image: Images,
        /// Its prices.
        prices: VariantPrices,
        /// How many are left.
        inventory: Inventory,
    }
}

upstream! {
    /// How many of a variant are left, where the shop counts them.
    pub struct Inventory {
        /// How many; below zero where more were ordered than there are, `None` where nobody counts.
        level: Option<i64>,
        /// What happens to orders beyond that: `continue` takes them, anything else does not.
        policy: String,
    }
}

impl Inventory {
    /// Whether nothing is left and the shop minds.
    pub fn is_out(&self) -> bool {
        self.level.is_some_and(|level| level <= 0) && self.policy != "continue"
    }
}

upstream! {
    /// The prices of a variant.
    pub struct VariantPrices {
        /// Price of one; `None` where upstream does not say.
        unit_price: Option<Amount>,
        /// What it is said to have cost before.
        compare_at_price: Option<Amount>,
    }
}

impl Resource for Product {
    const NAME: &'static str = "product";
    const PLURAL: &'static str = "products";
}

impl Product {
    /// `GET /products?external_product_ids=`: those of `ids`.
    pub fn list<'a>(ids: impl IntoIterator<Item = &'a ExternalId>) -> Request {
        Request::list("/products").with_list("external_product_ids", ids)
    }

    /// `GET /products`: all of them.
    pub fn list_all() -> Request {
        Request::list("/products")
    }

    /// `GET /product_search`: all of them with their stock, which no other list tells. Only the
    /// variants' `inventory` is as in those.
    pub fn list_stock() -> Request {
        Request::list("/product_search").with("format_version", "2022-06")
    }

    /// `GET /product_search?collection_ids=`: those of a collection. Not every token may ask.
    pub fn list_collection(collection: &ExternalId) -> Request {
        Product::list_stock().with("collection_ids", collection)
    }

    /// A picture of it that suits a list.
    pub fn thumbnail(&self) -> Option<&str> {
        self.images.iter().find_map(Images::thumbnail)
    }
}
