//! Changing how many come.

use protocol::{FieldProblem, Intent, Operation, Problem, Quantity, SubscriptionId};
use recharge::{Subscription, SubscriptionUpdate};

use super::subscription::{changeable, last, wrong};
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// Sets the quantity, within the merchant's limits.
pub(crate) async fn change(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &Quantity,
) -> Result<Option<Write>, Stop> {
    let before = changeable(reader, *id, Operation::ChangeQuantity)
        .await?
        .quantity;
    if before == body.quantity {
        return Ok(None);
    }
    let rules = &reader.gateway.policy.subscriptions;
    let allowed = rules.fewest..=rules.most;
    if !allowed.contains(&body.quantity) {
        return Err(wrong("quantity", FieldProblem::OutOfRange));
    }
    let update = SubscriptionUpdate {
        quantity: Some(body.quantity),
        ..SubscriptionUpdate::default()
    };
    let undo = allowed.contains(&before).then_some(Intent::ChangeQuantity {
        subscription_id: *id,
        body: Quantity { quantity: before },
    });
    last(Subscription::update(*id, &update), undo)
}

/// So many come.
pub(crate) async fn is_changed(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &Quantity,
) -> Result<bool, Problem> {
    Ok(reader.subscription(*id).await?.quantity == body.quantity)
}
