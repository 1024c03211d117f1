//! Changing how many come.

use protocol::{ChangeQuantity, Intent, Operation, Problem, Quantity, Resource};
use recharge::{Subscription, SubscriptionUpdate};

use super::subscription::{changeable, committed_write};
use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::check_quantity;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for ChangeQuantity {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::ChangeQuantity),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["PUT /subscriptions/{id}"],
            evidence: &["the subscription has that quantity"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Subscription(self.subscription_id)
    }

    /// Sets the quantity, within the merchant's limits.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let ChangeQuantity {
            subscription_id: id,
            body,
        } = self;
        let before = changeable(reader, *id, Operation::ChangeQuantity)
            .await?
            .quantity;
        if before == body.quantity {
            return Ok(None);
        }
        check_quantity(reader, body.quantity, before)?;
        let update = SubscriptionUpdate {
            quantity: Some(body.quantity),
            ..SubscriptionUpdate::default()
        };
        let back = check_quantity(reader, before, body.quantity);
        let undo = back
            .is_ok()
            .then_some(Intent::ChangeQuantity(ChangeQuantity {
                subscription_id: *id,
                body: Quantity { quantity: before },
            }));
        committed_write(Subscription::update(*id, &update), undo)
    }

    /// So many come.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let ChangeQuantity {
            subscription_id: id,
            body,
        } = self;
        Ok(reader.subscription(*id).await?.quantity == body.quantity)
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        let ChangeQuantity {
            subscription_id,
            body,
        } = self;
        after.change_card(*subscription_id, |card| card.quantity = body.quantity);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let detail = testing::changeable(account).await;
        let body = protocol::Quantity {
            quantity: detail.card.quantity + 1,
        };
        ChangeQuantity {
            subscription_id: detail.card.id,
            body,
        }
        .into()
    }
}
