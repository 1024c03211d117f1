//! The shop and what it sells.

use base::{Currency, Money, Unit};
use serde::Serialize;

use super::Id;
use crate::settings::Settings;

/// The shop itself.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Shop {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) currency: Currency,
    /// Prices include tax.
    pub(crate) taxes_included: bool,
    pub(crate) settings: Settings,
    /// Scheme and host of the portal that upstream hosts.
    pub(crate) hosted_origin: String,
    pub(crate) created_at: i64,
}

/// Something the shop sells.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Product {
    pub(crate) external_product_id: String,
    /// Names its picture.
    pub(crate) handle: &'static str,
    pub(crate) title: String,
    pub(crate) vendor: &'static str,
    /// What its variants differ in, such as `Size`.
    pub(crate) option: &'static str,
    pub(crate) variants: Vec<Variant>,
}

/// Products that belong together.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Collection {
    pub(crate) id: Id,
    pub(crate) title: String,
    pub(crate) description: &'static str,
    pub(crate) created_at: i64,
}

/// A product of a collection.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CollectionProduct {
    pub(crate) id: Id,
    pub(crate) collection_id: Id,
    pub(crate) external_product_id: String,
    pub(crate) created_at: i64,
}

/// One way to buy a product.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Variant {
    pub(crate) external_variant_id: String,
    pub(crate) title: String,
    pub(crate) sku: String,
    pub(crate) price: Money,
    pub(crate) grams: u32,
    /// How many are left; `None` where nobody counts.
    pub(crate) stock: Option<u32>,
}

/// One way to subscribe to a product.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Plan {
    pub(crate) id: Id,
    pub(crate) title: String,
    /// `subscription`, `prepaid` or `onetime`.
    pub(crate) kind: &'static str,
    pub(crate) external_product_id: String,
    pub(crate) unit: Unit,
    pub(crate) order_every: u32,
    pub(crate) charge_every: u32,
    /// How many charges of one subscription are queued at once.
    pub(crate) max_queued_charges: u32,
    pub(crate) sort_order: u32,
    pub(crate) created_at: i64,
}
