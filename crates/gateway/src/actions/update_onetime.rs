use protocol::{Intent, Operation, Problem, Quantity, Resource, UpdateOnetime};
use recharge::Onetime;

use super::onetime::changeable;
use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
use crate::rules::{check_limits, once_limits};
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for UpdateOnetime {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::UpdateOnetime),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::PaymentMethods,
            ],
            writes: &["PUT /onetimes/{id}"],
            evidence: &["the one-time product has that quantity"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Onetime(self.onetime_id)
    }

    /// Sets how many of a one-time product come.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let UpdateOnetime {
            onetime_id: id,
            body,
        } = self;
        let onetime = changeable(reader, *id).await?;
        if onetime.quantity == body.quantity {
            return Ok(None);
        }
        let limits = once_limits(reader);
        check_limits(limits, body.quantity, onetime.quantity)?;
        let back = check_limits(limits, onetime.quantity, body.quantity);
        let undo = back.is_ok().then_some(Intent::UpdateOnetime(UpdateOnetime {
            onetime_id: *id,
            body: Quantity {
                quantity: onetime.quantity,
            },
        }));
        let request = Onetime::update_quantity(*id, body.quantity).commit();
        Ok(Some(Write::new(request).undo(undo)))
    }

    /// So many come.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let UpdateOnetime {
            onetime_id: id,
            body,
        } = self;
        Ok(reader.onetime(*id).await?.quantity == body.quantity)
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        let UpdateOnetime { onetime_id, body } = self;
        after.set_quantity((*onetime_id).into(), body.quantity);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let onetime_id = testing::onetime_id(account).await;
        let body = protocol::Quantity { quantity: 3 };
        UpdateOnetime { onetime_id, body }.into()
    }
}
