//! Changing how often a subscription comes.

use protocol::view::{CataloguePlan, CatalogueProduct, CatalogueVariant};
use protocol::{
    FieldProblem, Frequency, Intent, Interval, Operation, PlanId, Problem, SubscriptionId,
};
use recharge::{Rhythm, Subscription, SubscriptionUpdate};

use super::subscription::{changeable, last, skipped_dates, wrong};
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// Sends the unit and both frequencies together. What is paid ahead stays paid for as many
/// deliveries.
pub(crate) async fn change(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &Frequency,
) -> Result<Option<Write>, Stop> {
    let subscription = changeable(reader, *id, Operation::ChangeFrequency).await?;
    let before = subscription.interval();
    if before == Some(body.interval) {
        return Ok(None);
    }
    let offered = offered(reader, &subscription).await?;
    let plan = offered
        .iter()
        .find(|(interval, _)| *interval == body.interval);
    let Some((interval, plan_id)) = plan else {
        return Err(wrong("interval", FieldProblem::Refused));
    };
    let update = SubscriptionUpdate {
        rhythm: Some(Rhythm {
            interval: *interval,
            charge_every: interval
                .every
                .saturating_mul(subscription.deliveries_per_charge()),
        }),
        plan_id: Some(*plan_id),
        ..SubscriptionUpdate::default()
    };
    // Going back would not bring back what upstream forgets now.
    let forgets = !skipped_dates(reader, *id).await?.is_empty();
    let back = before.filter(|before| !forgets && offered.iter().any(|(one, _)| one == before));
    let undo = back.map(|interval| Intent::ChangeFrequency {
        subscription_id: *id,
        body: Frequency { interval },
    });
    last(Subscription::update(*id, &update), undo)
}

/// It comes that often.
pub(crate) async fn is_changed(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &Frequency,
) -> Result<bool, Problem> {
    Ok(reader.subscription(*id).await?.interval() == Some(body.interval))
}

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
