use protocol::{
    ApplyDiscount, FieldProblem, Intent, Nothing, Operation, Problem, RemoveDiscount, Resource,
};
use recharge::{Address, ChargeStatus};

use super::{Action, Row, Step};
use crate::model::discount::{has_code, next_sum, usable};
use crate::plan::{Halt, Write, field_error, possible};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for ApplyDiscount {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::RemoveDiscount),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["PUT /addresses/{id}"],
            evidence: &["the address has the code"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Address(self.address_id)
    }

    /// Puts a code on everything that goes to an address.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let ApplyDiscount {
            address_id: id,
            body,
        } = self;
        let address = reader.address(*id).await?;
        let charges = reader.charges().await?.items;
        let taken = charges.iter().any(|charge| {
            charge.address_id == *id
                && charge.status == ChargeStatus::Queued
                && !charge.discounts.is_empty()
        });
        if taken || !address.discounts.is_empty() {
            return Err(field_error("code", FieldProblem::DiscountNotCombinable));
        }
        let discount = usable(reader, &body.code, next_sum(reader, *id).await?).await?;
        let undo = Intent::RemoveDiscount(RemoveDiscount {
            address_id: *id,
            body: Nothing {},
        });
        let request = Address::set_discount(*id, Some(&discount.code)).commit();
        Ok(Some(Write::new(request).undo(undo)))
    }

    /// The address has the code.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let ApplyDiscount {
            address_id: id,
            body,
        } = self;
        let address = reader.address(*id).await?;
        has_code(reader, &address.discounts, &body.code).await
    }

    async fn preview(&self, after: &mut Projection, reader: &Reader<'_>) -> Result<(), Problem> {
        let ApplyDiscount { address_id, body } = self;
        let discount = possible(usable(reader, &body.code, None).await)?;
        after.set_discount(|key| key.address_id == *address_id, discount.as_ref());
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let address_id = testing::next_delivery(account).await.address_id;
        let body = testing::code("welcome5");
        ApplyDiscount { address_id, body }.into()
    }
}
