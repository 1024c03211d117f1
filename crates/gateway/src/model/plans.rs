//! The plans that a subscription can follow.

use protocol::view::{CataloguePlan, CatalogueProduct, CatalogueVariant};
use protocol::{Interval, Money, PlanId, Problem, SubscriptionId};
use recharge::Subscription;

use crate::upstream::reader::Reader;

/// How often its product can come, each with its plan, in the merchant's order: of the plans by
/// which as many deliveries are paid at once as now.
pub(crate) async fn offered(
    reader: &Reader<'_>,
    subscription: &Subscription,
) -> Result<Vec<(Interval, PlanId)>, Problem> {
    let catalogue = reader.catalogue().await?;
    let variant = subscription.external_variant_id.as_ref();
    let Some((product, variant)) = variant.and_then(|id| catalogue.variant(id.as_str())) else {
        return Ok(Vec::new());
    };
    let mut offered: Vec<(Interval, PlanId)> = Vec::new();
    for plan in plans(product, variant, subscription.deliveries_per_charge()) {
        if let Some(interval) = plan.interval
            && !offered.iter().any(|(known, _)| *known == interval)
        {
            offered.push((interval, plan.id));
        }
    }
    Ok(offered)
}

/// The plans by which a variant comes again and again, so many deliveries paid at once.
pub(crate) fn plans<'a>(
    product: &'a CatalogueProduct,
    variant: &'a CatalogueVariant,
    deliveries_per_charge: u32,
) -> impl Iterator<Item = &'a CataloguePlan> {
    product.plans.iter().filter(move |plan| {
        plan.interval.is_some()
            && plan.deliveries_per_charge == deliveries_per_charge
            && plan.is_for(variant)
    })
}

/// What the shop asks for one of a subscription's product today, on its plan.
pub(crate) enum ShopPrice {
    /// This much.
    Of(Money),
    /// The shop does not offer it any more.
    NotSold,
    /// Not all that the shop offers could be read.
    Unknown,
}

/// What a cancelled subscription would cost if it were started anew. Upstream lets one that is
/// brought back keep the price it had.
pub(crate) async fn shop_price(
    reader: &Reader<'_>,
    id: &SubscriptionId,
) -> Result<ShopPrice, Problem> {
    let subscription = reader.subscription(*id).await?;
    let catalogue = reader.catalogue().await?;
    let variant = subscription.external_variant_id.as_ref();
    let found = variant.and_then(|id| catalogue.variant(id.as_str()));
    let Some((product, variant)) = found else {
        return Ok(if catalogue.cut {
            ShopPrice::Unknown
        } else {
            ShopPrice::NotSold
        });
    };
    let follows = |plan: &&CataloguePlan| Some(plan.id) == subscription.plan_id;
    let plan = product.plans.iter().find(follows);
    let price = plan.map_or(variant.price, |plan| plan.price_of(variant));
    Ok(ShopPrice::Of(price))
}
