use protocol::view::DeliveryKey;
use protocol::{
    DeliveryItems, Intent, Operation, Problem, PurchaseItemId, Refusal, Resource, SkipDelivery,
    SkipSubscriptions, SubscriptionDelivery, SubscriptionsSkip, UnskipDelivery,
};

use super::{Action, Row, Step};
use crate::model::delivery::{delivery, is_all_skipped, selected_items};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for SkipSubscriptions {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::UnskipDelivery),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &[
                "POST /charges/{id}/skip",
                "POST /addresses/{id}/charges/skip",
            ],
            evidence: &["the delivery is skipped"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::each_subscription(self.body.deliveries.iter().map(|one| one.subscription_id))
    }

    fn steps(&self) -> Vec<Step> {
        Step::each(0, &self.body.deliveries)
    }

    async fn plan(&self, reader: &Reader<'_>, step: Step) -> Result<Option<Write>, Halt> {
        skip_one(reader, step.item(&self.body.deliveries), &self.body).await
    }

    async fn took_effect(&self, reader: &Reader<'_>, step: Step) -> Result<bool, Problem> {
        is_one_skipped(reader, step.item(&self.body.deliveries)).await
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        for one in after.accepted(&self.body.deliveries) {
            if let Some(address_id) = after.card(one.subscription_id).map(|c| c.address_id) {
                let item = PurchaseItemId::from(one.subscription_id);
                after.set_skipped(
                    DeliveryKey {
                        address_id,
                        date: one.date,
                    },
                    &[item],
                    true,
                );
            }
        }
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let detail = testing::changeable(account).await;
        let delivery = SubscriptionDelivery {
            subscription_id: detail.card.id,
            date: testing::days_after(&detail, 0),
        };
        let body = SubscriptionsSkip {
            deliveries: vec![delivery],
        };
        SkipSubscriptions { body }.into()
    }
}

/// Skips the delivery of one of several subscriptions.
async fn skip_one(
    reader: &Reader<'_>,
    one: &SubscriptionDelivery,
    all: &SubscriptionsSkip,
) -> Result<Option<Write>, Halt> {
    let subscription = reader.subscription(one.subscription_id).await?;
    let body = items_of(one);
    let address_id = subscription.address_id;
    let key = DeliveryKey {
        address_id,
        date: one.date,
    };
    let found = delivery(reader, key).await;
    let is_there =
        found.is_ok_and(|d| selected_items(&d, &body.purchase_item_ids).next().is_some());
    if !is_there {
        return Err(Refusal::StateChanged.into());
    }
    let undo = unskip_all(reader, key, one, all).await?;
    let skip = SkipDelivery {
        address_id,
        date: one.date,
        body,
    };
    let write = skip.plan(reader, Step::Once(0)).await?;
    Ok(write.map(|write| write.undo(undo)))
}

/// Bringing all of several back, where they are items of one delivery. Asked before the first of
/// them is skipped.
async fn unskip_all(
    reader: &Reader<'_>,
    key: DeliveryKey,
    one: &SubscriptionDelivery,
    all: &SubscriptionsSkip,
) -> Result<Option<Intent>, Problem> {
    if all.deliveries.first() != Some(one) {
        return Ok(None);
    }
    for other in &all.deliveries {
        let address_id = reader.subscription(other.subscription_id).await?.address_id;
        if (address_id, other.date) != (key.address_id, key.date) {
            return Ok(None);
        }
    }
    let items = all.deliveries.iter().map(|one| one.subscription_id.into());
    Ok(Some(Intent::UnskipDelivery(UnskipDelivery {
        address_id: key.address_id,
        date: key.date,
        body: DeliveryItems {
            purchase_item_ids: items.collect(),
        },
    })))
}

/// The delivery of one of several subscriptions is skipped.
async fn is_one_skipped(reader: &Reader<'_>, one: &SubscriptionDelivery) -> Result<bool, Problem> {
    let address_id = reader.subscription(one.subscription_id).await?.address_id;
    let key = DeliveryKey {
        address_id,
        date: one.date,
    };
    is_all_skipped(reader, key, &[one.subscription_id.into()]).await
}

fn items_of(one: &SubscriptionDelivery) -> DeliveryItems {
    DeliveryItems {
        purchase_item_ids: vec![one.subscription_id.into()],
    }
}
