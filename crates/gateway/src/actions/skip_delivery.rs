use protocol::view::DeliveryItem;
use protocol::{Intent, Operation, Problem, Refusal, Resource, SkipDelivery, UnskipDelivery};
use recharge::{Charge, ChargeStatus};

use super::{Action, Row, Step};
use crate::model::delivery::{
    charges_on, check_open, deduplicated, delivery, is_all_skipped, selected_items,
};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for SkipDelivery {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::UnskipDelivery),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &[
                "POST /charges/{id}/skip",
                "POST /addresses/{id}/charges/skip",
            ],
            evidence: &["all items are skipped on that date"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::delivery(self.address_id, self.date, &self.body.purchase_item_ids)
    }

    /// Skips items: on the queued charge where there is one for that day, else ahead of it.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let key = self.key();
        let items = deduplicated(&self.body.purchase_item_ids);
        let delivery = delivery(reader, key).await?;
        check_open(&delivery)?;
        let selected: Vec<&DeliveryItem> = selected_items(&delivery, &items).collect();
        if selected.iter().any(|item| item.skipped) {
            return Err(Refusal::StateChanged.into());
        }
        if selected.iter().any(|item| !item.skippable) {
            return Err(Refusal::NotSkippable.into());
        }
        if selected.iter().any(|item| item.skip_limited) {
            return Err(Refusal::SkipLimit.into());
        }
        let charges = charges_on(reader, key).await?;
        let queued = charges
            .iter()
            .find(|charge| charge.status == ChargeStatus::Queued);
        let undo = Intent::UnskipDelivery(UnskipDelivery {
            address_id: key.address_id,
            date: key.date,
            body: self.body.clone(),
        });
        let request = match queued {
            Some(charge) => Charge::skip(charge.id, &items),
            None => Charge::skip_future(key.address_id, key.date, &items),
        };
        Ok(Some(Write::new(request).undo(undo)))
    }

    /// All of the items are skipped on that day.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let key = self.key();
        is_all_skipped(reader, key, &self.body.purchase_item_ids).await
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        after.set_skipped(self.key(), &self.body.purchase_item_ids, true);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let delivery = testing::plain_delivery(account).await;
        SkipDelivery {
            address_id: delivery.key.address_id,
            date: delivery.key.date,
            body: protocol::DeliveryItems {
                purchase_item_ids: testing::skippable(&delivery),
            },
        }
        .into()
    }
}
