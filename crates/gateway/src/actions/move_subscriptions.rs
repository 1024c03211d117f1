//! Sending subscriptions to another address, one call for each.

use std::collections::BTreeSet;

use protocol::{
    AddressId, Intent, MoveSubscriptions, Operation, Problem, Refusal, Resource, SubscriptionId,
    SubscriptionsMove,
};
use recharge::Subscription;

use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for MoveSubscriptions {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::MoveSubscriptions),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["POST /subscriptions/{id}/change_address"],
            evidence: &["the subscription ships to the address"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::moving(self.address_id, &self.body)
    }

    fn steps(&self) -> Vec<Step> {
        Step::each(0, &self.body.subscription_ids)
    }

    async fn plan(&self, reader: &Reader<'_>, step: Step) -> Result<Option<Write>, Halt> {
        move_one(
            reader,
            step.item(&self.body.subscription_ids),
            &self.address_id,
            &self.body,
        )
        .await
    }

    async fn took_effect(&self, reader: &Reader<'_>, step: Step) -> Result<bool, Problem> {
        ships_to(
            reader,
            step.item(&self.body.subscription_ids),
            &self.address_id,
        )
        .await
    }

    async fn preview(&self, after: &mut Projection, reader: &Reader<'_>) -> Result<(), Problem> {
        let MoveSubscriptions { address_id, body } = self;
        let discounted = addresses_with_discounts(reader).await?;
        for id in after.accepted(&body.subscription_ids) {
            after.move_to(*id, *address_id, &discounted);
        }
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let addresses = testing::addresses(account).await;
        let body = SubscriptionsMove {
            subscription_ids: vec![addresses[0].subscriptions[0].id],
        };
        MoveSubscriptions {
            address_id: addresses[1].id,
            body,
        }
        .into()
    }
}

/// Moves one of them. What is there already stays, so that the rest can be tried again.
async fn move_one(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    to: &AddressId,
    body: &SubscriptionsMove,
) -> Result<Option<Write>, Halt> {
    let subscription = reader.subscription(*id).await?;
    if subscription.address_id == *to {
        return Ok(None);
    }
    // Without one the next charge would fail.
    if reader.address(*to).await?.payment_method_id.is_none() {
        return Err(Refusal::NoPaymentMethod.into());
    }
    let request = Subscription::change_address(*id, *to);
    let is_last = body.subscription_ids.last() == Some(id);
    let request = if is_last { request.commit() } else { request };
    Ok(Some(
        Write::new(request).undo(back(reader, to, body).await?),
    ))
}

/// Moving them back, where all of them come from one address.
async fn back(
    reader: &Reader<'_>,
    to: &AddressId,
    body: &SubscriptionsMove,
) -> Result<Option<Intent>, Problem> {
    let all = reader.subscriptions().await?.items;
    let moved = all
        .iter()
        .filter(|s| body.subscription_ids.contains(&s.id) && s.address_id != *to);
    let from: BTreeSet<AddressId> = moved.clone().map(|s| s.address_id).collect();
    let [address_id] = Vec::from_iter(from)[..] else {
        return Ok(None);
    };
    Ok(Some(Intent::MoveSubscriptions(MoveSubscriptions {
        address_id,
        body: SubscriptionsMove {
            subscription_ids: moved.map(|s| s.id).collect(),
        },
    })))
}

/// It goes there.
async fn ships_to(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    to: &AddressId,
) -> Result<bool, Problem> {
    Ok(reader.subscription(*id).await?.address_id == *to)
}

async fn addresses_with_discounts(reader: &Reader<'_>) -> Result<Vec<AddressId>, Problem> {
    let addresses = reader.addresses().await?.items;
    let discounted = addresses
        .iter()
        .filter(|address| !address.discounts.is_empty());
    Ok(discounted.map(|address| address.id).collect())
}
