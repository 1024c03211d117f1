use protocol::{
    ApplyDiscount, DiscountCode, Intent, Operation, Problem, Refusal, RemoveDiscount, Resource,
};
use recharge::Address;

use super::{Action, Row, Step};
use crate::model::discount::code_of;
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for RemoveDiscount {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::ApplyDiscount),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["PUT /addresses/{id}"],
            evidence: &["the address has no code"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Address(self.address_id)
    }

    /// Takes the code off an address.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let RemoveDiscount { address_id: id, .. } = self;
        let address = reader.address(*id).await?;
        let discount = address.discounts.first().ok_or(Refusal::StateChanged)?;
        let undo = code_of(reader, discount).await?.map(|code| {
            Intent::ApplyDiscount(ApplyDiscount {
                address_id: *id,
                body: DiscountCode { code },
            })
        });
        let request = Address::set_discount(*id, None).commit();
        Ok(Some(Write::new(request).undo(undo)))
    }

    /// The address has no code.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let RemoveDiscount { address_id: id, .. } = self;
        Ok(reader.address(*id).await?.discounts.is_empty())
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        let RemoveDiscount { address_id, .. } = self;
        after.set_discount(|key| key.address_id == *address_id, None);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        testing::undo_of(account, protocol::ApplyDiscount::sample(account).await).await
    }
}
