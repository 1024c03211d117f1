//! What the shop offers in the portal, read once for all customers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use protocol::view::{
    Catalogue, CataloguePlan, CatalogueProduct, CatalogueVariant, Listed, PlanDiscount, PlanKind,
    Stock,
};
use protocol::{Currency, Money, Problem, Refusal};
use recharge::{
    Collection, CollectionProduct, DiscountValueType, ExternalId, Plan, Product, Variant, list_all,
};

use super::Upstream;
use super::links::safe_picture;
use super::reader::{Reader, problem, refused_if_gone};
use super::sold::Sold;
use crate::plan::Halt;
use crate::policy::{Policy, ProductList};

/// How long the catalogue is reused: what is sold changes rarely, and upstream judges each order.
const KEPT_MS: i64 = 60_000;
/// Products shown at most.
const PRODUCTS: usize = 500;
/// Plans read at most, and products of collections.
const PLANS: usize = 5_000;
/// Collections read at most.
const COLLECTIONS: usize = 500;

impl Reader<'_> {
    /// What the shop sells, whatever the merchant lists it for.
    pub(crate) async fn catalogue(&self) -> Result<Arc<Catalogue>, Problem> {
        let sold = self.sold().await?;
        let offered = &self.upstream.offered;
        let mut offered = offered.lock().unwrap_or_else(PoisonError::into_inner);
        match &*offered {
            Some((read_ms, catalogue)) if *read_ms == sold.read_ms => Ok(Arc::clone(catalogue)),
            _ => {
                let catalogue = Arc::new(offer(&sold, &self.upstream.policy));
                *offered = Some((sold.read_ms, Arc::clone(&catalogue)));
                Ok(catalogue)
            }
        }
    }

    async fn sold(&self) -> Result<Arc<Sold>, Problem> {
        let now_ms = self.upstream.env.now_ms();
        let mut cached = self.upstream.sold.lock().await;
        match &*cached {
            Some(sold) if now_ms - sold.read_ms < KEPT_MS => Ok(Arc::clone(sold)),
            _ => {
                let sold = Arc::new(read(self.upstream, now_ms).await?);
                *cached = Some(Arc::clone(&sold));
                Ok(sold)
            }
        }
    }

    /// The same as customers see it: what the merchant lists for something.
    pub(crate) async fn listed(&self) -> Result<Catalogue, Problem> {
        let mut catalogue = Catalogue::clone(&*self.catalogue().await?);
        for product in &mut catalogue.products {
            product.variants.retain(|variant| variant.listed.is_any());
        }
        catalogue
            .products
            .retain(|product| !product.variants.is_empty());
        Ok(catalogue)
    }

    /// A variant that can be ordered now, with its product.
    pub(crate) async fn orderable(
        &self,
        external_variant_id: &str,
    ) -> Result<(CatalogueProduct, CatalogueVariant), Halt> {
        let catalogue = self.catalogue().await?;
        match catalogue.variant(external_variant_id) {
            Some((product, variant)) if variant.is_orderable() => {
                Ok((product.clone(), variant.clone()))
            }
            Some(_) => Err(Refusal::SoldOut.into()),
            None => Err(Refusal::NoLongerSold.into()),
        }
    }
}

async fn read(upstream: &Upstream, read_ms: i64) -> Result<Sold, Problem> {
    let recharge = &*upstream.recharge;
    let plans = list_all::<Plan>(recharge, Plan::list_all(), PLANS).await;
    let plans = plans.map_err(problem).map_err(refused_if_gone)?.items;
    let products = list_all::<Product>(recharge, Product::list_all(), PRODUCTS).await;
    let products = products.map_err(problem).map_err(refused_if_gone)?;
    Ok(Sold {
        read_ms,
        plans,
        products,
        out: out_of_stock(upstream).await,
        collections: collections(upstream).await,
    })
}

/// What a policy offers of what is sold.
fn offer(sold: &Sold, policy: &Policy) -> Catalogue {
    let mut offered: BTreeMap<&ExternalId, Vec<&Plan>> = BTreeMap::new();
    for plan in sold.plans.iter().filter(|plan| plan.is_offered()) {
        if let Some(product) = &plan.external_product_id {
            offered.entry(product).or_default().push(plan);
        }
    }
    let shown = sold.products.items.iter().filter_map(|product| {
        let id = product.external_product_id.as_ref()?;
        let plans = offered.remove(id)?;
        let collections = sold.collections.get(id).map_or(&[][..], Vec::as_slice);
        on_offer(product, plans, collections, policy, &sold.out)
    });
    Catalogue {
        products: shown.collect(),
        cut: sold.products.cut,
    }
}

/// The variants of which nothing is left. Not every token may ask; then all count as available,
/// and upstream finds out when it charges.
async fn out_of_stock(upstream: &Upstream) -> BTreeSet<ExternalId> {
    let listed = list_all::<Product>(&*upstream.recharge, Product::list_stock(), PRODUCTS).await;
    let products = listed.map(|listed| listed.items).unwrap_or_default();
    let variants = products.into_iter().flat_map(|product| product.variants);
    let out = variants.filter(|variant| variant.inventory.is_out());
    out.filter_map(|variant| variant.external_variant_id)
        .collect()
}

/// The collections that each product is in, by id and title. Where they cannot be read, the
/// catalogue is still whole but for what the merchant lists by collection.
async fn collections(upstream: &Upstream) -> BTreeMap<ExternalId, Vec<(ExternalId, String)>> {
    let recharge = &*upstream.recharge;
    let listed = list_all::<Collection>(recharge, Collection::list_all(), COLLECTIONS).await;
    let listed = listed.map(|listed| listed.items).unwrap_or_default();
    let titles: BTreeMap<ExternalId, String> = listed
        .into_iter()
        .filter_map(|collection| Some((collection.id?, collection.title)))
        .collect();
    if titles.is_empty() {
        return BTreeMap::new();
    }
    let request = CollectionProduct::list_all();
    let listed = list_all::<CollectionProduct>(recharge, request, PLANS).await;
    let mut found: BTreeMap<ExternalId, Vec<(ExternalId, String)>> = BTreeMap::new();
    for row in listed.map(|listed| listed.items).unwrap_or_default() {
        let collection = row
            .collection_id
            .and_then(|id| titles.get(&id).cloned().map(|title| (id, title)));
        if let (Some(collection), Some(product)) = (collection, row.external_product_id) {
            found.entry(product).or_default().push(collection);
        }
    }
    found
}

/// A product as it is offered; `None` where it is not for sale.
fn on_offer(
    product: &Product,
    mut plans: Vec<&Plan>,
    collections: &[(ExternalId, String)],
    policy: &Policy,
    out: &BTreeSet<ExternalId>,
) -> Option<CatalogueProduct> {
    product.published_at.as_ref()?;
    plans.sort_by_key(|plan| plan.sort_order);
    let external_product_id = product.external_product_id.as_ref()?.to_string();
    let lists = &policy.products;
    let listed = |variant: &str| {
        let has = |list: &ProductList| {
            let ids = collections.iter().map(|(id, _)| id.as_str());
            list.has(&external_product_id, ids, variant)
        };
        Listed {
            add: has(&lists.add),
            swap: has(&lists.swap),
            once: has(&lists.once),
        }
    };
    let variants = product.variants.iter();
    let variants: Vec<CatalogueVariant> = variants
        .filter_map(|variant| on_sale(variant, policy, listed, out))
        .collect();
    (!variants.is_empty()).then_some(CatalogueProduct {
        external_product_id,
        title: product.title.clone(),
        image: product.thumbnail().and_then(safe_picture),
        collections: collections.iter().map(|(_, title)| title.clone()).collect(),
        variants,
        plans: plans.iter().map(|plan| shown(plan, policy)).collect(),
    })
}

/// A variant as it is offered; one without a price is not.
fn on_sale(
    variant: &Variant,
    policy: &Policy,
    listed: impl Fn(&str) -> Listed,
    out: &BTreeSet<ExternalId>,
) -> Option<CatalogueVariant> {
    let id = variant.external_variant_id.as_ref()?;
    let stock = match (out.contains(id), policy.zero_inventory_purchase) {
        (false, _) => Stock::Available,
        (true, true) => Stock::Waits,
        (true, false) => Stock::SoldOut,
    };
    Some(CatalogueVariant {
        external_variant_id: id.to_string(),
        title: variant.title.clone(),
        price: variant
            .prices
            .unit_price
            .as_ref()?
            .in_currency(policy.currency)?,
        stock,
        listed: listed(id.as_str()),
    })
}

fn shown(plan: &Plan, policy: &Policy) -> CataloguePlan {
    let kind = PlanKind::from(plan.kind.as_str());
    let preferences = &plan.subscription_preferences;
    let restricted = plan
        .external_variant_ids
        .iter()
        .filter(|_| plan.has_variant_restrictions);
    CataloguePlan {
        id: plan.id,
        title: plan.title.clone(),
        interval: preferences.interval().filter(|_| kind != PlanKind::Onetime),
        deliveries_per_charge: preferences.deliveries_per_charge(),
        discount: discount(plan, policy.currency),
        listed: Listed {
            add: policy.products.add.has_plan(plan.id),
            swap: policy.products.swap.has_plan(plan.id),
            once: policy.products.once.has_plan(plan.id),
        },
        external_variant_ids: restricted.map(ExternalId::to_string).collect(),
        kind,
    }
}

/// What a plan takes off the price of one. What it takes off the shipping is seen on the charge.
fn discount(plan: &Plan, currency: Currency) -> Option<PlanDiscount> {
    let amount = plan.discount_amount.as_ref()?;
    match plan.discount_type {
        DiscountValueType::Percentage => Some(PlanDiscount {
            hundredths_of_percent: hundredths(amount.as_str()),
            amount: None,
        }),
        DiscountValueType::FixedAmount => Some(PlanDiscount {
            hundredths_of_percent: 0,
            amount: amount.in_currency(currency),
        }),
        _ => None,
    }
    .filter(|discount| {
        discount.hundredths_of_percent > 0 || discount.amount.is_some_and(|off| off.minor() > 0)
    })
}

/// A percentage such as `12.5` in hundredths, at most 100 %. It is read like a sum of dollars,
/// which has two places too.
pub(crate) fn hundredths(percent: &str) -> u32 {
    let read = Money::parse(percent, Currency::USD).map_or(0, Money::minor);
    u32::try_from(read.clamp(0, 10_000)).unwrap_or_default()
}
