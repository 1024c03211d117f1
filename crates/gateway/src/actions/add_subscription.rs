//! Starting another subscription.

use protocol::view::{CataloguePlan, CatalogueProduct, CatalogueVariant, PlanKind};
use protocol::{
    AddSubscription, CancelSubscription, Cancellation, Intent, NewSubscription, Operation, Problem,
    Refusal, Resource,
};
use recharge::{ExternalId, Intervals, Subscription, SubscriptionCreate, SubscriptionStatus};

use super::{Action, Row, Step};
use crate::plan::{Halt, Write, possible};
use crate::projection::Projection;
use crate::rules::guard::Guard;
use crate::rules::{add_limits, check_date, check_limits, check_payment};
use crate::upstream::reader::Reader;

/// The cancellation reason recorded when a customer undoes a subscription they have just started.
const TAKEN_BACK: &str = "Undone by the customer right after starting";
#[cfg(feature = "testing")]
use crate::testing::{self, Account};

impl Action for AddSubscription {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::CancelSubscription),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Addresses,
                Resource::PaymentMethods,
                Resource::Customer,
            ],
            writes: &["POST /subscriptions"],
            evidence: &["a new subscription to that variant exists"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Address(self.body.address_id)
    }

    /// Starts a subscription of what the shop offers, at the price it has today.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let (product, variant, plan) = offer(reader, &self.body).await?;
        check_limits(add_limits(reader), self.body.quantity, 0)?;
        check_date(reader, self.body.date)?;
        check_payment(reader, self.body.address_id).await?;
        let interval = plan.interval.ok_or(Refusal::NotOffered)?;
        let there = reader.subscriptions().await?.items;
        let create = SubscriptionCreate {
            address_id: self.body.address_id,
            external_product_id: ExternalId::new(product.external_product_id),
            external_variant_id: ExternalId::new(variant.external_variant_id),
            product_title: product.title,
            plan_id: plan.id,
            intervals: Intervals {
                interval,
                charge_every: interval.every.saturating_mul(plan.deliveries_per_charge),
            },
            quantity: self.body.quantity,
            next_charge_scheduled_at: self.body.date,
        };
        let known = there.iter().map(|subscription| subscription.id.0);
        let request = Subscription::create(&create).commit();
        Ok(Some(Write::new(request).known(known)))
    }

    /// One was made that was not there before.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        Ok(started(reader, &self.body).await?.is_some())
    }

    /// Cancelling the new one.
    async fn undo(&self, reader: &Reader<'_>) -> Result<Option<Intent>, Problem> {
        let cancel = |subscription: Subscription| {
            Intent::CancelSubscription(CancelSubscription {
                subscription_id: subscription.id,
                body: Cancellation {
                    reason: TAKEN_BACK.to_owned(),
                    reason_id: None,
                    comment: None,
                },
            })
        };
        Ok(started(reader, &self.body).await?.map(cancel))
    }

    async fn preview(&self, after: &mut Projection, reader: &Reader<'_>) -> Result<(), Problem> {
        if let Some((product, variant, plan)) = possible(offer(reader, &self.body).await)? {
            after.start(&self.body, &product, &variant, &plan);
        }
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let next = testing::next_delivery(account).await;
        let body = protocol::NewSubscription {
            address_id: next.address_id,
            external_variant_id: testing::KILO.into(),
            plan_id: testing::plan(account, "Every 4 weeks").await,
            quantity: 2,
            date: next.date.add_days(2),
        };
        AddSubscription { body }.into()
    }
}

/// The product, the variant and the plan that `body` names, where the shop offers them.
async fn offer(
    reader: &Reader<'_>,
    body: &NewSubscription,
) -> Result<(CatalogueProduct, CatalogueVariant, CataloguePlan), Halt> {
    let (product, variant) = reader.orderable(&body.external_variant_id).await?;
    let mut plans = product.plans.iter();
    let plan = plans.find(|plan| {
        plan.id == body.plan_id
            && plan.kind != PlanKind::Onetime
            && plan.is_for(&variant)
            && plan.listed.add
            && variant.listed.add
    });
    let plan = plan.cloned().ok_or(Refusal::NotOffered)?;
    Ok((product, variant, plan))
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
