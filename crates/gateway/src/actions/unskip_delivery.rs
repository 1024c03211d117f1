use protocol::view::Caution;
use protocol::{
    Intent, Operation, Problem, PurchaseItemId, Refusal, Resource, SkipDelivery, UnskipDelivery,
};
use recharge::{Charge, ChargeStatus};

use super::{Action, Row, Step};
use crate::model::delivery::{charges_on, check_open, deduplicated, delivery, holds};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for UnskipDelivery {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::SkipDelivery),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["POST /charges/{id}/unskip"],
            evidence: &["no item is skipped on that date"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::delivery(self.address_id, self.date, &self.body.purchase_item_ids)
    }

    /// Brings skipped items back, from the skipped charge that stands for them.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let key = self.key();
        let items = deduplicated(&self.body.purchase_item_ids);
        let delivery = delivery(reader, key).await?;
        check_open(&delivery)?;
        let charges = charges_on(reader, key).await?;
        let charge = charges
            .iter()
            .find(|charge| holds(charge, &ChargeStatus::Skipped, &items))
            .ok_or(Refusal::StateChanged)?;
        let undo = Intent::SkipDelivery(SkipDelivery {
            address_id: key.address_id,
            date: key.date,
            body: self.body.clone(),
        });
        Ok(Some(
            Write::new(Charge::unskip(charge.id, &items)).undo(undo),
        ))
    }

    /// None of the items is skipped on that day any more.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let key = self.key();
        let charges = charges_on(reader, key).await?;
        let is_skipped = |id: &PurchaseItemId| {
            charges
                .iter()
                .any(|charge| holds(charge, &ChargeStatus::Skipped, &[*id]))
        };
        Ok(!deduplicated(&self.body.purchase_item_ids)
            .iter()
            .any(is_skipped))
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        let key = self.key();
        if after
            .delivery(key)
            .is_some_and(|own| own.given_to.is_some())
        {
            after.cautions.push(Caution::GiftStays);
        }
        after.set_skipped(key, &self.body.purchase_item_ids, false);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        testing::undo_of(account, protocol::SkipDelivery::sample(account).await).await
    }
}
