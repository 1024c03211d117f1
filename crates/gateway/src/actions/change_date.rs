use protocol::{ChangeDate, Intent, NextDate, Operation, Problem, Resource};
use recharge::Subscription;

use super::subscription::{changeable, earlier_day, moved};
use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for ChangeDate {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::ChangeDate),
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
        Guard::Subscription(self.subscription_id)
    }

    /// Moves it to a day that the merchant allows. Upstream counts the interval from that day on and
    /// joins what the address has on it.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let ChangeDate {
            subscription_id: id,
            body,
        } = self;
        let subscription = changeable(reader, *id, Operation::ChangeDate).await?;
        let Some(write) = moved(reader, &subscription, body.date).await? else {
            return Ok(None);
        };
        Ok(Some(write.undo(undo(reader, &subscription).await?)))
    }

    /// Its next charge is on that day.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let ChangeDate {
            subscription_id: id,
            body,
        } = self;
        Ok(reader.subscription(*id).await?.next_charge_scheduled_at == Some(body.date))
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        let ChangeDate {
            subscription_id,
            body,
        } = self;
        after.set_next_date(*subscription_id, body.date);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let detail = testing::changeable(account).await;
        let body = protocol::NextDate {
            date: testing::days_after(&detail, 5),
        };
        ChangeDate {
            subscription_id: detail.card.id,
            body,
        }
        .into()
    }
}

/// Back to the day it had.
async fn undo(reader: &Reader<'_>, before: &Subscription) -> Result<Option<Intent>, Problem> {
    let date = earlier_day(reader, before).await?;
    Ok(date.map(|date| {
        Intent::ChangeDate(ChangeDate {
            subscription_id: before.id,
            body: NextDate { date },
        })
    }))
}
