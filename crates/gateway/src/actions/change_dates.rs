use protocol::{
    ChangeDates, Intent, Operation, Problem, Resource, SubscriptionId, SubscriptionsDate,
};

use super::subscription::{changeable, earlier_day, moved};
use super::{Action, Row, Step};
use crate::model::pause::has_date;
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for ChangeDates {
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
            evidence: &["the next charge is on that date"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::subscriptions(&self.body.subscription_ids)
    }

    fn steps(&self) -> Vec<Step> {
        Step::each(0, &self.body.subscription_ids)
    }

    async fn plan(&self, reader: &Reader<'_>, step: Step) -> Result<Option<Write>, Halt> {
        change_one(reader, step.item(&self.body.subscription_ids), &self.body).await
    }

    async fn took_effect(&self, reader: &Reader<'_>, step: Step) -> Result<bool, Problem> {
        is_one_changed(reader, step.item(&self.body.subscription_ids), &self.body).await
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        for id in after.accepted(&self.body.subscription_ids) {
            after.set_next_date(*id, self.body.date);
        }
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let detail = testing::changeable(account).await;
        let body = SubscriptionsDate {
            subscription_ids: vec![detail.card.id],
            date: testing::days_after(&detail, 6),
        };
        ChangeDates { body }.into()
    }
}

/// Moves one of several; those that are there already stay.
async fn change_one(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &SubscriptionsDate,
) -> Result<Option<Write>, Halt> {
    let undo = undo_all(reader, id, body).await?;
    let subscription = changeable(reader, *id, Operation::ChangeDate).await?;
    let write = moved(reader, &subscription, body.date).await?;
    Ok(write.map(|write| write.undo(undo)))
}

/// Back to the day that all of several had, where that was one day. Asked before the first of
/// them moves.
pub(super) async fn undo_all(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &SubscriptionsDate,
) -> Result<Option<Intent>, Problem> {
    if body.subscription_ids.first() != Some(id) {
        return Ok(None);
    }
    let mut days = Vec::new();
    for id in &body.subscription_ids {
        days.push(earlier_day(reader, &reader.subscription(*id).await?).await?);
    }
    days.dedup();
    Ok(match days[..] {
        [Some(date)] => Some(Intent::ChangeDates(ChangeDates {
            body: SubscriptionsDate {
                subscription_ids: body.subscription_ids.clone(),
                date,
            },
        })),
        _ => None,
    })
}

/// The next charge of one of several is on that day.
async fn is_one_changed(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &SubscriptionsDate,
) -> Result<bool, Problem> {
    has_date(reader, *id, body.date).await
}
