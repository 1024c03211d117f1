//! Bundles: boxes that the customer fills.

use base::Money;
use serde::Serialize;

use super::Id;

/// A product that is a box, and what may go into it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Bundle {
    pub(crate) id: Id,
    pub(crate) external_product_id: String,
    /// The collection that it is filled from.
    pub(crate) collection_id: Id,
    pub(crate) sizes: Vec<BundleSize>,
    pub(crate) created_at: i64,
}

/// One size of the box.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BundleSize {
    pub(crate) id: Id,
    pub(crate) external_variant_id: String,
    pub(crate) quantity_min: u32,
    pub(crate) quantity_max: u32,
}

/// What a customer chose for one box.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BundleSelection {
    pub(crate) id: Id,
    pub(crate) customer_id: Id,
    pub(crate) purchase_item_id: Id,
    pub(crate) bundle_variant_id: Id,
    pub(crate) external_product_id: String,
    pub(crate) external_variant_id: String,
    /// For one charge only; otherwise for every one to come.
    pub(crate) charge_id: Option<Id>,
    pub(crate) items: Vec<BundleItem>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// One thing in the box.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BundleItem {
    pub(crate) id: Id,
    pub(crate) collection_id: String,
    pub(crate) external_product_id: String,
    pub(crate) external_variant_id: String,
    pub(crate) quantity: u32,
    pub(crate) price: Money,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}
