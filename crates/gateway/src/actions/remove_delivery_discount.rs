use protocol::{
    ApplyDeliveryDiscount, DiscountCode, Intent, Operation, Problem, Refusal,
    RemoveDeliveryDiscount, Resource,
};
use recharge::Charge;

use super::{Action, Row, Step};
use crate::model::discount::{code_of, discounts_on, queued};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for RemoveDeliveryDiscount {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::ApplyDeliveryDiscount),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::PaymentMethods,
            ],
            writes: &["POST /charges/{id}/remove_discount"],
            evidence: &["the charge has no code"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Delivery(self.key())
    }

    /// Takes the code off one delivery. One that sits on the address is not taken off here.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let RemoveDeliveryDiscount {
            address_id, date, ..
        } = self;
        let charge = queued(reader, self.key()).await?;
        let address = reader.address(*address_id).await?;
        let discount = charge.discounts.first().ok_or(Refusal::StateChanged)?;
        if !address.discounts.is_empty() {
            return Err(Refusal::StateChanged.into());
        }
        let undo = code_of(reader, discount).await?.map(|code| {
            Intent::ApplyDeliveryDiscount(ApplyDeliveryDiscount {
                address_id: *address_id,
                date: *date,
                body: DiscountCode { code },
            })
        });
        Ok(Some(
            Write::new(Charge::remove_discount(charge.id)).undo(undo),
        ))
    }

    /// The delivery has no code.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let discounts = discounts_on(reader, self.key()).await?;
        Ok(discounts.is_empty())
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        after.set_discount(|own| *own == self.key(), None);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        testing::undo_of(
            account,
            protocol::ApplyDeliveryDiscount::sample(account).await,
        )
        .await
    }
}
