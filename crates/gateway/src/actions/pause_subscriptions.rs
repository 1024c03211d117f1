use protocol::{
    Operation, PauseSubscriptions, Problem, Resource, SubscriptionId, SubscriptionsDate,
};

use super::change_dates::undo_all;
use super::subscription::pause_until;
use super::{Action, Row, Step};
use crate::model::pause::has_date;
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for PauseSubscriptions {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::ChangeDates),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["POST /subscriptions/{id}/set_next_charge_date"],
            evidence: &["the next charge is on the date it is paused until"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::subscriptions(&self.body.subscription_ids)
    }

    fn steps(&self) -> Vec<Step> {
        Step::each(0, &self.body.subscription_ids)
    }

    async fn plan(&self, reader: &Reader<'_>, step: Step) -> Result<Option<Write>, Halt> {
        pause_one(reader, step.item(&self.body.subscription_ids), &self.body).await
    }

    async fn took_effect(&self, reader: &Reader<'_>, step: Step) -> Result<bool, Problem> {
        is_one_paused(reader, step.item(&self.body.subscription_ids), &self.body).await
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        for id in after.accepted(&self.body.subscription_ids) {
            after.pause(*id, self.body.date);
        }
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let detail = testing::changeable(account).await;
        let body = SubscriptionsDate {
            subscription_ids: vec![detail.card.id],
            date: testing::days_after(&detail, 50),
        };
        PauseSubscriptions { body }.into()
    }
}

/// Pauses one of several.
async fn pause_one(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &SubscriptionsDate,
) -> Result<Option<Write>, Halt> {
    let undo = undo_all(reader, id, body).await?;
    let (write, _) = pause_until(reader, *id, body.date).await?;
    Ok(Some(write.undo(undo)))
}

/// One of several is.
async fn is_one_paused(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &SubscriptionsDate,
) -> Result<bool, Problem> {
    has_date(reader, *id, body.date).await
}
