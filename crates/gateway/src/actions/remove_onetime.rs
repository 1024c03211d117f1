use protocol::{
    AddOnetime, Intent, NewOnetime, Operation, Problem, ProblemKind, PurchaseItemId, RemoveOnetime,
    Resource,
};
use recharge::Onetime;

use super::onetime::changeable;
use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for RemoveOnetime {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::AddOnetime),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["DELETE /onetimes/{id}"],
            evidence: &["the one-time product is gone"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Onetime(self.onetime_id)
    }

    /// Takes a one-time product off its delivery.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let RemoveOnetime { onetime_id: id, .. } = self;
        let onetime = changeable(reader, *id).await?;
        let undo = onetime.external_variant_id.as_ref().map(|variant| {
            let body = NewOnetime {
                address_id: onetime.address_id,
                external_variant_id: variant.to_string(),
                quantity: onetime.quantity,
                date: onetime.next_charge_scheduled_at,
            };
            Intent::AddOnetime(AddOnetime { body })
        });
        Ok(Some(Write::new(Onetime::delete(*id).commit()).undo(undo)))
    }

    /// It is not there any more.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let RemoveOnetime { onetime_id: id, .. } = self;
        match reader.onetime(*id).await {
            Ok(onetime) => Ok(onetime.is_cancelled),
            Err(problem) if problem.kind == ProblemKind::NotFound => Ok(true),
            Err(problem) => Err(problem),
        }
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        let RemoveOnetime { onetime_id, .. } = self;
        let today = after.today;
        after.take_off(PurchaseItemId::from(*onetime_id), today);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let onetime_id = testing::onetime_id(account).await;
        let body = protocol::Nothing {};
        RemoveOnetime { onetime_id, body }.into()
    }
}
