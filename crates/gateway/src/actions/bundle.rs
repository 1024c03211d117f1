//! What is in a box that the customer fills herself.

use std::collections::{BTreeMap, BTreeSet};

use protocol::view::{BoxChoice, BoxContents, BoxItem};
use protocol::{BundleContents, FieldProblem, Intent, Operation, Problem, Refusal, SubscriptionId};
use recharge::{BundleItem, BundleSelection, BundleVariant, ExternalId, Subscription};

use super::subscription::{changeable, wrong};
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// Fills the box: as many items as its size takes, each of its collection.
pub(crate) async fn fill(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &BundleContents,
) -> Result<Option<Write>, Stop> {
    let subscription = changeable(reader, *id, Operation::UpdateBundle).await?;
    let contents = contents(reader, &subscription).await?;
    let contents = contents.ok_or(Refusal::StateChanged)?;
    let wanted = counted(&body.items);
    if counted(&contents.items) == wanted {
        return Ok(None);
    }
    let many = wanted.values().copied().fold(0, u32::saturating_add);
    if !(contents.min..=contents.max).contains(&many) {
        return Err(wrong("items", FieldProblem::OutOfRange));
    }
    let mut items = Vec::new();
    for (variant, quantity) in wanted {
        let choice = contents
            .choices
            .iter()
            .find(|choice| choice.external_variant_id == variant);
        let choice = choice.ok_or(Refusal::NoLongerSold)?;
        items.push(BundleItem {
            collection_id: ExternalId::new(&choice.collection_id),
            external_product_id: ExternalId::new(&choice.external_product_id),
            external_variant_id: ExternalId::new(variant),
            quantity,
        });
    }
    let standing = standing(&subscription).map(|selection| selection.id);
    let request = match standing {
        Some(selection) => BundleSelection::update(selection, &items),
        None => BundleSelection::create(*id, &items),
    };
    let undo = standing.map(|_| Intent::UpdateBundle {
        subscription_id: *id,
        body: BundleContents {
            items: contents.items,
        },
    });
    Ok(Some(Write::new(request.commit()).undo(undo)))
}

/// The box holds what was sent.
pub(crate) async fn is_filled(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &BundleContents,
) -> Result<bool, Problem> {
    let subscription = reader.subscription(*id).await?;
    Ok(counted(&chosen(&subscription)) == counted(&body.items))
}

/// What is in the box and what may be, of a subscription that is one.
pub(crate) async fn contents(
    reader: &Reader<'_>,
    subscription: &Subscription,
) -> Result<Option<BoxContents>, Problem> {
    let Some(size) = size(subscription) else {
        return Ok(None);
    };
    let (min, max) = match size.ranges.first() {
        Some(range) => (range.quantity_min, range.quantity_max),
        None => (size.items_count, size.items_count),
    };
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
        min,
        max,
        items: chosen(subscription),
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

/// The selection for all charges to come.
fn standing(subscription: &Subscription) -> Option<&BundleSelection> {
    let mut selections = subscription.include.bundle_selections.iter();
    selections.find(|selection| selection.charge_id.is_none())
}

fn chosen(subscription: &Subscription) -> Vec<BoxItem> {
    let items = standing(subscription).map(|selection| selection.items.as_slice());
    let item = |item: &BundleItem| {
        Some(BoxItem {
            external_variant_id: item.external_variant_id.as_ref()?.to_string(),
            quantity: item.quantity,
        })
    };
    items.unwrap_or_default().iter().filter_map(item).collect()
}

/// How many of each variant: a list may name one twice, or none of one.
fn counted(items: &[BoxItem]) -> BTreeMap<&str, u32> {
    let mut counted = BTreeMap::new();
    for item in items.iter().filter(|item| item.quantity > 0) {
        let count: &mut u32 = counted
            .entry(item.external_variant_id.as_str())
            .or_default();
        *count = count.saturating_add(item.quantity);
    }
    counted
}
