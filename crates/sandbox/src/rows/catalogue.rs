//! The shop, what it sells, and its discount codes.

use recharge::{Currency, Money, Unit};
use serde::Serialize;

use super::Id;

/// The shop itself.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Shop {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) currency: Currency,
    /// Prices include tax.
    pub(crate) taxes_included: bool,
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

/// One way to buy a product.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Variant {
    pub(crate) external_variant_id: String,
    pub(crate) title: String,
    pub(crate) sku: String,
    pub(crate) price: Money,
    pub(crate) grams: u32,
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
    pub(crate) sort_order: u32,
    pub(crate) created_at: i64,
}

/// What a discount takes off.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) enum DiscountValue {
    /// Whole percent of the lines.
    Percentage(u32),
    /// An amount off the lines.
    Fixed(Money),
    /// An amount off shipping.
    Shipping(Money),
}

/// A discount code.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Discount {
    pub(crate) id: Id,
    pub(crate) code: String,
    pub(crate) value: DiscountValue,
    pub(crate) enabled: bool,
    /// Whether a portal may offer to enter it. The API applies it all the same.
    pub(crate) portal_can_apply: bool,
    pub(crate) created_at: i64,
}
