use base::{Interval, Money};
use recharge::{PlanId, open_enum};
use serde::{Deserialize, Serialize};

use crate::json::{Read, words};

/// What a customer may add or swap to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Read)]
pub struct Catalogue {
    /// The products in the shop's order, each with at least one variant and one plan.
    pub products: Vec<CatalogueProduct>,
    /// Whether there are more than could be read.
    #[serde(default)]
    pub cut: bool,
}

/// A product on offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct CatalogueProduct {
    /// Its id in the shop.
    pub external_product_id: String,
    /// Its title.
    pub title: String,
    /// A picture: an https or `data:image/` URL.
    pub image: Option<String>,
    /// The titles of the collections that it is in, by which it is found too.
    #[serde(default)]
    pub collections: Vec<String>,
    /// What it comes in, in the shop's order.
    pub variants: Vec<CatalogueVariant>,
    /// How it can be bought, in the shop's order.
    pub plans: Vec<CataloguePlan>,
}

/// One variant of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct CatalogueVariant {
    /// Its id in the shop.
    pub external_variant_id: String,
    /// Its title; may be empty.
    pub title: String,
    /// Price of one in the store's currency, before a plan's discount, shipping and tax.
    pub price: Money,
    /// Whether it can be had.
    pub stock: Stock,
    /// What the merchant lists it for.
    pub listed: Listed,
}

/// What customers may do with a variant, or by a plan, as the merchant lists it. It takes both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Read)]
pub struct Listed {
    /// Start a subscription.
    pub add: bool,
    /// Swap the product of a subscription for it.
    pub swap: bool,
    /// Buy it once.
    pub once: bool,
}

impl Listed {
    /// Whether it is listed for anything.
    pub fn is_any(self) -> bool {
        self.add || self.swap || self.once
    }
}

/// A way to buy a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct CataloguePlan {
    /// The plan.
    pub id: PlanId,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: PlanKind,
    /// How often it delivers; `None` for one-time plans.
    pub interval: Option<Interval>,
    /// Deliveries per payment; more than 1 for a prepaid one.
    pub deliveries_per_charge: u32,
    /// What it takes off; `None` for nothing.
    pub discount: Option<PlanDiscount>,
    /// The variants it is for; empty for all of the product's.
    pub external_variant_ids: Vec<String>,
    /// What the merchant lists it for.
    pub listed: Listed,
}

/// What a plan takes off the price of one: a percentage or an amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct PlanDiscount {
    /// Hundredths of a percent, 1000 for 10 %; 0 where it is an amount.
    pub hundredths_of_percent: u32,
    /// The amount; `None` where it is a percentage.
    pub amount: Option<Money>,
}

open_enum! {
    /// The kind of a plan.
    pub enum PlanKind {
        /// Delivered again and again, paid each time.
        Subscription = "subscription",
        /// Delivered again and again, paid ahead.
        Prepaid = "prepaid",
        /// Bought once.
        Onetime = "onetime",
    }
}

open_enum! {
    /// Whether a variant can be had.
    pub enum Stock {
        /// It can.
        Available = "available",
        /// Nothing is left; it can be ordered and its delivery waits.
        Waits = "waits",
        /// Nothing is left and it cannot be ordered.
        SoldOut = "sold_out",
    }
}

words!(PlanKind, Stock);

impl Catalogue {
    /// A variant with its product; `None` where it is not on offer.
    pub fn variant(
        &self,
        external_variant_id: &str,
    ) -> Option<(&CatalogueProduct, &CatalogueVariant)> {
        self.products.iter().find_map(|product| {
            let mut variants = product.variants.iter();
            let found = variants.find(|v| v.external_variant_id == external_variant_id)?;
            Some((product, found))
        })
    }
}

impl CatalogueProduct {
    /// The plans of `kind` in which `variant` can be had.
    pub fn plans_of<'a>(
        &'a self,
        variant: &'a CatalogueVariant,
        kind: &'a PlanKind,
    ) -> impl Iterator<Item = &'a CataloguePlan> {
        let mut plans = self.plans.iter();
        std::iter::from_fn(move || plans.find(|plan| plan.kind == *kind && plan.is_for(variant)))
    }

    /// Whether `variant` can be bought once.
    pub fn sells_once(&self, variant: &CatalogueVariant) -> bool {
        let mut plans = self.plans_of(variant, &PlanKind::Onetime);
        variant.listed.once && plans.any(|plan| plan.listed.once)
    }
}

impl CatalogueVariant {
    /// Whether it can be ordered now.
    pub fn is_orderable(&self) -> bool {
        self.stock != Stock::SoldOut
    }
}

impl CataloguePlan {
    /// Whether it is for `variant` of its product.
    pub fn is_for(&self, variant: &CatalogueVariant) -> bool {
        self.external_variant_ids.is_empty()
            || self
                .external_variant_ids
                .contains(&variant.external_variant_id)
    }

    /// Price of one of `variant` on this plan, before shipping and tax; never below zero.
    pub fn price_of(&self, variant: &CatalogueVariant) -> Money {
        let (full, currency) = (variant.price.minor(), variant.price.currency());
        let off = match &self.discount {
            None => 0,
            Some(PlanDiscount {
                amount: Some(amount),
                ..
            }) if amount.currency() == currency => amount.minor(),
            // Half a smallest unit is rounded in the customer's favour.
            Some(PlanDiscount {
                hundredths_of_percent,
                ..
            }) => full
                .saturating_mul(i64::from(*hundredths_of_percent))
                .saturating_add(5_000)
                .div_euclid(10_000),
        };
        Money::from_minor(full.saturating_sub(off).max(0), currency)
    }
}
