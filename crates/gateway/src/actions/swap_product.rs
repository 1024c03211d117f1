//! Swapping what a subscription is of.

use protocol::view::{CataloguePlan, CatalogueProduct, CatalogueVariant};
use protocol::{Intent, Operation, Problem, ProblemKind, Refusal, Resource, Swap, SwapProduct};
use recharge::{ExternalId, Intervals, Subscription, SubscriptionProduct, SubscriptionUpdate};

use super::subscription::{changeable, committed_write};
use super::{Action, Row, Step};
use crate::model::plans::plans;
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for SwapProduct {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::SwapProduct),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["PUT /subscriptions/{id}"],
            evidence: &["the subscription has that variant"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Subscription(self.subscription_id)
    }

    /// Swaps to a variant that the shop sells by one of its plans, at the price it has today.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let SwapProduct {
            subscription_id: id,
            body,
        } = self;
        let before = changeable(reader, *id, Operation::SwapProduct).await?;
        let chosen = chosen(body)?;
        let (product, variant) = reader.orderable(&body.external_variant_id).await?;
        if product.external_product_id != body.external_product_id {
            return Err(Refusal::NoLongerSold.into());
        }
        let plan = fitting(&product, &variant, &before, body).ok_or(Refusal::NotOffered)?;
        let deliveries = before.deliveries_per_charge();
        let intervals = plan.interval.map(|interval| Intervals {
            interval,
            charge_every: interval.every.saturating_mul(deliveries),
        });
        let update = SubscriptionUpdate {
            intervals,
            plan_id: Some(plan.id),
            product: Some(chosen),
            ..SubscriptionUpdate::default()
        };
        let undo = undo(reader, &before).await?;
        committed_write(Subscription::update(*id, &update), undo)
    }

    /// It is of that variant.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let SwapProduct {
            subscription_id: id,
            body,
        } = self;
        let now = reader.subscription(*id).await?;
        let variant = now.external_variant_id.as_ref().map(ExternalId::as_str);
        Ok(variant == Some(body.external_variant_id.as_str()))
    }

    async fn preview(&self, after: &mut Projection, reader: &Reader<'_>) -> Result<(), Problem> {
        let SwapProduct {
            subscription_id,
            body,
        } = self;
        let before = reader.subscription(*subscription_id).await?;
        let catalogue = reader.catalogue().await?;
        let Some((product, variant)) = catalogue.variant(&body.external_variant_id) else {
            return Ok(());
        };
        after.change_card(*subscription_id, |card| {
            card.title.clone_from(&product.title);
            card.variant.clone_from(&variant.title);
            card.image.clone_from(&product.image);
            card.price = Some(variant.price);
        });
        let plan = fitting(product, variant, &before, body);
        if let Some(interval) = plan.and_then(|plan| plan.interval) {
            after.set_interval(*subscription_id, interval);
        }
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let detail = testing::changeable(account).await;
        let body = testing::other_variant(account, &detail).await;
        SwapProduct {
            subscription_id: detail.card.id,
            body,
        }
        .into()
    }
}

/// The plan that a swap asks for or, where it names none, the one by which it comes as often as
/// before. As many deliveries stay paid at once.
fn fitting<'a>(
    product: &'a CatalogueProduct,
    variant: &'a CatalogueVariant,
    before: &Subscription,
    body: &Swap,
) -> Option<&'a CataloguePlan> {
    let mut plans = plans(product, variant, before.deliveries_per_charge());
    let plan = plans.find(|plan| match body.plan_id {
        Some(wanted) => plan.id == wanted,
        None => plan.interval == before.interval() && plan.listed.swap,
    });
    plan.filter(|plan| plan.listed.swap && variant.listed.swap)
}

/// Back to what it was of, where the shop still sells that for what it cost: an old price cannot
/// be had again.
async fn undo(reader: &Reader<'_>, before: &Subscription) -> Result<Option<Intent>, Problem> {
    let catalogue = reader.catalogue().await?;
    let variant = before.external_variant_id.as_ref();
    let Some((product, variant)) = variant.and_then(|id| catalogue.variant(id.as_str())) else {
        return Ok(None);
    };
    let mut body = Swap {
        external_product_id: product.external_product_id.clone(),
        external_variant_id: variant.external_variant_id.clone(),
        plan_id: None,
    };
    let price = before.price.in_currency(variant.price.currency());
    let is_same = price == Some(variant.price) && variant.is_orderable();
    body.plan_id = fitting(product, variant, before, &body).map(|plan| plan.id);
    let is_same = is_same && body.plan_id.is_some();
    Ok(is_same.then_some(Intent::SwapProduct(SwapProduct {
        subscription_id: before.id,
        body,
    })))
}

fn chosen(body: &Swap) -> Result<SubscriptionProduct, Problem> {
    let bad = || {
        let title = "A product and a variant must be named.";
        Problem::new(ProblemKind::BadRequest, title)
    };
    Ok(SubscriptionProduct {
        external_product_id: ExternalId::new(&body.external_product_id).ok_or_else(bad)?,
        external_variant_id: ExternalId::new(&body.external_variant_id).ok_or_else(bad)?,
    })
}
