//! The rows of the store: what it remembers, in its own words.
//!
//! Nothing here is what goes over the wire; `serialise` writes that.

mod bundle;
mod catalogue;
mod charge;
mod credit;
mod discount;
mod document;
mod item;
mod people;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::hosted::Bearer;

pub(crate) use bundle::*;
pub(crate) use catalogue::*;
pub(crate) use charge::*;
pub(crate) use credit::*;
pub(crate) use discount::*;
pub(crate) use document::*;
pub(crate) use item::*;
pub(crate) use people::*;

/// The id of any row. One counter numbers all tables, so an id of one kind is never
/// mistaken for an id of another.
pub(crate) type Id = u64;

/// All rows of one store. Serialising it gives the dump by which tests see that
/// a read changed nothing.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Tables {
    pub(crate) shop: Shop,
    pub(crate) customers: BTreeMap<Id, Customer>,
    pub(crate) addresses: BTreeMap<Id, Address>,
    pub(crate) payment_methods: BTreeMap<Id, PaymentMethod>,
    pub(crate) subscriptions: BTreeMap<Id, Subscription>,
    pub(crate) onetimes: BTreeMap<Id, Onetime>,
    pub(crate) charges: BTreeMap<Id, Charge>,
    pub(crate) orders: BTreeMap<Id, Order>,
    pub(crate) discounts: BTreeMap<Id, Discount>,
    pub(crate) credit_accounts: BTreeMap<Id, CreditAccount>,
    /// By customer.
    pub(crate) rewards: BTreeMap<Id, Rewards>,
    pub(crate) plans: BTreeMap<Id, Plan>,
    pub(crate) bundles: Vec<Bundle>,
    pub(crate) collections: Vec<Collection>,
    pub(crate) collection_products: Vec<CollectionProduct>,
    pub(crate) bundle_selections: BTreeMap<Id, BundleSelection>,
    pub(crate) documents: BTreeMap<Id, Document>,
    /// Tokens made for customers. Not part of the dump, which tests print.
    #[serde(skip)]
    pub(crate) bearers: Vec<Bearer>,
    pub(crate) products: Vec<Product>,
    /// Addresses whose queued charges are out of date, with the time of the last write.
    pub(crate) uncommitted: BTreeMap<Id, i64>,
    last_id: Id,
}

impl Tables {
    /// No rows yet.
    pub(crate) fn new(shop: Shop) -> Tables {
        Tables {
            shop,
            customers: BTreeMap::new(),
            addresses: BTreeMap::new(),
            payment_methods: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
            onetimes: BTreeMap::new(),
            charges: BTreeMap::new(),
            orders: BTreeMap::new(),
            discounts: BTreeMap::new(),
            credit_accounts: BTreeMap::new(),
            rewards: BTreeMap::new(),
            plans: BTreeMap::new(),
            bundles: Vec::new(),
            collections: Vec::new(),
            collection_products: Vec::new(),
            bundle_selections: BTreeMap::new(),
            documents: BTreeMap::new(),
            bearers: Vec::new(),
            products: Vec::new(),
            uncommitted: BTreeMap::new(),
            last_id: 40_118_200,
        }
    }

    /// An id that no row had before.
    pub(crate) fn new_id(&mut self) -> Id {
        self.last_id += 1;
        self.last_id
    }

    /// The number that the next order gets in the shop.
    pub(crate) fn next_order_number(&self) -> u32 {
        let last = self.orders.values().next_back();
        last.map_or(1_001, |order| order.number + 1)
    }

    /// Whether a product is in a collection.
    pub(crate) fn is_in(&self, collection: Id, external_product_id: &str) -> bool {
        self.collection_products.iter().any(|row| {
            row.collection_id == collection && row.external_product_id == external_product_id
        })
    }

    /// The product and variant of a variant id.
    pub(crate) fn variant(&self, external_variant_id: &str) -> Option<(&Product, &Variant)> {
        self.products.iter().find_map(|product| {
            let variant = product
                .variants
                .iter()
                .find(|v| v.external_variant_id == external_variant_id)?;
            Some((product, variant))
        })
    }
}
