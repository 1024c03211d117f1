//! Sending subscriptions to another address, one call for each.

use std::collections::BTreeSet;

use protocol::{AddressId, Intent, Problem, Refusal, SubscriptionId, SubscriptionsMove};
use recharge::Subscription;

use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// Moves one of them. What is there already stays, so that the rest can be tried again.
pub(crate) async fn move_one(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    to: &AddressId,
    body: &SubscriptionsMove,
) -> Result<Option<Write>, Stop> {
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
    Ok(Some(Intent::MoveSubscriptions {
        address_id,
        body: SubscriptionsMove {
            subscription_ids: moved.map(|s| s.id).collect(),
        },
    }))
}

/// It goes there.
pub(crate) async fn is_there(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    to: &AddressId,
) -> Result<bool, Problem> {
    Ok(reader.subscription(*id).await?.address_id == *to)
}
