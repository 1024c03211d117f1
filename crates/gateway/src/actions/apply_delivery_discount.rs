use protocol::{
    ApplyDeliveryDiscount, FieldProblem, Intent, Nothing, Operation, Problem,
    RemoveDeliveryDiscount, Resource,
};
use recharge::Charge;

use super::{Action, Row, Step};
use crate::model::delivery::delivery;
use crate::model::discount::{discounts_on, has_code, queued, usable};
use crate::plan::{Halt, Write, field_error, possible};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for ApplyDeliveryDiscount {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::RemoveDeliveryDiscount),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::PaymentMethods,
            ],
            writes: &["POST /charges/{id}/apply_discount"],
            evidence: &["the charge has the code"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Delivery(self.key())
    }

    /// Puts a code on one delivery.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let ApplyDeliveryDiscount {
            address_id,
            date,
            body,
        } = self;
        let key = self.key();
        let charge = queued(reader, key).await?;
        let address = reader.address(*address_id).await?;
        if !charge.discounts.is_empty() || !address.discounts.is_empty() {
            return Err(field_error("code", FieldProblem::DiscountNotCombinable));
        }
        let delivery = delivery(reader, key).await?;
        let sum = delivery.totals.map(|totals| totals.items);
        let discount = usable(reader, &body.code, sum).await?;
        let undo = Intent::RemoveDeliveryDiscount(RemoveDeliveryDiscount {
            address_id: *address_id,
            date: *date,
            body: Nothing {},
        });
        let request = Charge::apply_discount(charge.id, &discount.code);
        Ok(Some(Write::new(request).undo(undo)))
    }

    /// The delivery has the code.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let discounts = discounts_on(reader, self.key()).await?;
        has_code(reader, &discounts, &self.body.code).await
    }

    async fn preview(&self, after: &mut Projection, reader: &Reader<'_>) -> Result<(), Problem> {
        let discount = possible(usable(reader, &self.body.code, None).await)?;
        after.set_discount(|own| *own == self.key(), discount.as_ref());
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let next = testing::next_delivery(account).await;
        ApplyDeliveryDiscount {
            address_id: next.address_id,
            date: next.date,
            body: testing::code("FINCH10"),
        }
        .into()
    }
}
