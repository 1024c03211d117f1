use protocol::{
    Intent, NextDate, Operation, PauseSubscription, Problem, Resource, ResumeSubscription,
};

use super::subscription::{earlier_day, pause_until};
use super::{Action, Row, Step};
use crate::model::pause::has_date;
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for PauseSubscription {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::ResumeSubscription),
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
        Guard::Subscription(self.subscription_id)
    }

    /// Pauses until a day after the next charge.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let PauseSubscription {
            subscription_id: id,
            body,
        } = self;
        let (write, before) = pause_until(reader, *id, body.until).await?;
        let back = earlier_day(reader, &before).await?;
        let undo = back.map(|date| {
            Intent::ResumeSubscription(ResumeSubscription {
                subscription_id: *id,
                body: NextDate { date },
            })
        });
        Ok(Some(write.undo(undo)))
    }

    /// Its next charge is on the day it was paused until.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let PauseSubscription {
            subscription_id: id,
            body,
        } = self;
        has_date(reader, *id, body.until).await
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        let PauseSubscription {
            subscription_id,
            body,
        } = self;
        after.pause(*subscription_id, body.until);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let detail = testing::changeable(account).await;
        let body = protocol::Pause {
            until: testing::days_after(&detail, 40),
        };
        PauseSubscription {
            subscription_id: detail.card.id,
            body,
        }
        .into()
    }
}
