//! What is in a bundle, and what can be.

use std::collections::{BTreeMap, BTreeSet};

use protocol::view::{BoxChoice, BoxContents, BoxItem, BoxRange};
use protocol::{Problem, PurchaseItemId};
use recharge::{
    BundleItem, BundleSelection, BundleVariant, Charge, ChargeId, ChargeStatus, OptionSource,
    Subscription,
};

use crate::upstream::reader::Reader;

/// What is in the box and what may be, of a subscription that is one.
pub(crate) async fn contents(
    reader: &Reader<'_>,
    subscription: &Subscription,
) -> Result<Option<BoxContents>, Problem> {
    let Some(size) = size(subscription) else {
        return Ok(None);
    };
    let ranges = size.ranges.iter().map(|range| BoxRange {
        min: range.quantity_min,
        max: range.quantity_max,
    });
    let mut ranges: Vec<BoxRange> = ranges.collect();
    if ranges.is_empty() {
        ranges.push(BoxRange {
            min: size.items_count,
            max: Some(size.items_count),
        });
    }
    let mut choices = Vec::new();
    for source in &size.option_sources {
        let Some(collection) = &source.collection_id else {
            continue;
        };
        for product in reader.collection(collection).await? {
            let Some(product_id) = &product.external_product_id else {
                continue;
            };
            let variants = product.variants.iter().filter_map(|variant| {
                Some(BoxChoice {
                    collection_id: collection.to_string(),
                    external_product_id: product_id.to_string(),
                    external_variant_id: variant.external_variant_id.as_ref()?.to_string(),
                    title: product.title.clone(),
                    variant: variant.title.clone(),
                })
            });
            choices.extend(variants);
        }
    }
    // Two collections may have a thing in common.
    let mut known = BTreeSet::new();
    choices.retain(|choice| known.insert(choice.external_variant_id.clone()));
    Ok(Some(BoxContents {
        ranges,
        items: chosen(current(reader, subscription).await?),
        choices,
    }))
}

/// The size of the box; `None` where the subscription is none.
fn size(subscription: &Subscription) -> Option<&BundleVariant> {
    let product = &subscription.include.bundle_product;
    product.external_product_id.as_ref()?;
    let mut sizes = product.variants.iter();
    sizes.find(|size| size.external_variant_id == subscription.external_variant_id)
}

/// Whose collection a box is filled from, in the word that a selection repeats.
pub(crate) fn source_of(subscription: &Subscription, collection: &str) -> String {
    let sources = size(subscription).map(|size| size.option_sources.as_slice());
    let mut sources = sources.unwrap_or_default().iter();
    let is_it = |source: &&OptionSource| {
        let id = source.collection_id.as_ref();
        id.is_some_and(|id| id.as_str() == collection) && !source.source_platform.is_empty()
    };
    sources
        .find(is_it)
        .map_or("shopify", |source| &source.source_platform)
        .to_owned()
}

/// The selection for the next charge, where that has one of its own, else the one for all to come.
pub(crate) async fn current<'a>(
    reader: &Reader<'_>,
    subscription: &'a Subscription,
) -> Result<Option<&'a BundleSelection>, Problem> {
    let selections = &subscription.include.bundle_selections;
    let for_charge = |id: Option<ChargeId>| {
        let mut selections = selections.iter();
        selections.find(|selection| selection.charge_id == id)
    };
    if selections
        .iter()
        .all(|selection| selection.charge_id.is_none())
    {
        return Ok(for_charge(None));
    }
    let item = PurchaseItemId::from(subscription.id);
    let charges = reader.charges().await?.items.into_iter();
    let holds = |charge: &Charge| {
        let mut lines = charge.line_items.iter();
        charge.status == ChargeStatus::Queued && lines.any(|l| l.purchase_item_id == item)
    };
    let next = charges
        .filter(holds)
        .min_by_key(|charge| charge.scheduled_at);
    let own = next.and_then(|charge| for_charge(Some(charge.id)));
    Ok(own.or_else(|| for_charge(None)))
}

pub(crate) fn chosen(selection: Option<&BundleSelection>) -> Vec<BoxItem> {
    let items = selection.map(|selection| selection.items.as_slice());
    let item = |item: &BundleItem| {
        Some(BoxItem {
            external_variant_id: item.external_variant_id.as_ref()?.to_string(),
            quantity: item.quantity,
        })
    };
    items.unwrap_or_default().iter().filter_map(item).collect()
}

/// How many of each variant: a list may name one twice, or none of one.
pub(crate) fn counted(items: &[BoxItem]) -> BTreeMap<&str, u32> {
    let mut counted = BTreeMap::new();
    for item in items.iter().filter(|item| item.quantity > 0) {
        let count: &mut u32 = counted
            .entry(item.external_variant_id.as_str())
            .or_default();
        *count = count.saturating_add(item.quantity);
    }
    counted
}
