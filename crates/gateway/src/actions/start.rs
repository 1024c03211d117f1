//! Starting another subscription.

use protocol::view::{CataloguePlan, CatalogueProduct, CatalogueVariant, PlanKind};
use protocol::{Cancellation, Intent, NewSubscription, Problem, Refusal};
use recharge::{ExternalId, Rhythm, Subscription, SubscriptionCreate, SubscriptionStatus};

use super::onetime::{check_payment, check_quantity};
use crate::plan::{Stop, Write};
use crate::reader::Reader;
use crate::rules::check_date;

/// What the shop is told where a customer takes back what she has just started.
const TAKEN_BACK: &str = "Taken back right after it was started";

/// Starts a subscription of what the shop offers, at the price it has today.
pub(crate) async fn start(
    reader: &Reader<'_>,
    body: &NewSubscription,
) -> Result<Option<Write>, Stop> {
    let (product, variant, plan) = offer(reader, body).await?;
    check_quantity(reader, body.quantity)?;
    check_date(reader, body.date)?;
    check_payment(reader, body.address_id).await?;
    let interval = plan.interval.ok_or(Refusal::NotOffered)?;
    let there = reader.subscriptions().await?.items;
    let create = SubscriptionCreate {
        address_id: body.address_id,
        external_product_id: ExternalId::new(product.external_product_id),
        external_variant_id: ExternalId::new(variant.external_variant_id),
        product_title: product.title,
        plan_id: plan.id,
        rhythm: Rhythm {
            interval,
            charge_every: interval.every.saturating_mul(plan.deliveries_per_charge),
        },
        quantity: body.quantity,
        next_charge_scheduled_at: body.date,
    };
    let known = there.iter().map(|subscription| subscription.id.0);
    let request = Subscription::create(&create).commit();
    Ok(Some(Write::new(request).known(known)))
}

/// The product, the variant and the plan that `body` names, where the shop offers them.
pub(crate) async fn offer(
    reader: &Reader<'_>,
    body: &NewSubscription,
) -> Result<(CatalogueProduct, CatalogueVariant, CataloguePlan), Stop> {
    let (product, variant) = reader.orderable(&body.external_variant_id).await?;
    let mut plans = product.plans.iter();
    let plan = plans.find(|plan| {
        plan.id == body.plan_id && plan.kind != PlanKind::Onetime && plan.is_for(&variant)
    });
    let plan = plan.cloned().ok_or(Refusal::NotOffered)?;
    Ok((product, variant, plan))
}

/// One was made that was not there before.
pub(crate) async fn is_started(
    reader: &Reader<'_>,
    body: &NewSubscription,
) -> Result<bool, Problem> {
    Ok(started(reader, body).await?.is_some())
}

/// Cancelling the new one.
pub(crate) async fn undo(
    reader: &Reader<'_>,
    body: &NewSubscription,
) -> Result<Option<Intent>, Problem> {
    let cancel = |subscription: Subscription| Intent::CancelSubscription {
        subscription_id: subscription.id,
        body: Cancellation {
            reason: TAKEN_BACK.to_owned(),
            comment: None,
        },
    };
    Ok(started(reader, body).await?.map(cancel))
}

async fn started(
    reader: &Reader<'_>,
    body: &NewSubscription,
) -> Result<Option<Subscription>, Problem> {
    let is_it = |subscription: &Subscription| {
        let variant = subscription.external_variant_id.as_ref();
        reader.is_new(subscription.id.0)
            && subscription.status == SubscriptionStatus::Active
            && subscription.address_id == body.address_id
            && subscription.quantity == body.quantity
            && variant.map(ExternalId::as_str) == Some(body.external_variant_id.as_str())
    };
    Ok(reader.subscriptions().await?.items.into_iter().find(is_it))
}
