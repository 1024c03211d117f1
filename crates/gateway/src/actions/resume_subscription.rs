use protocol::{
    Intent, Operation, Pause, PauseSubscription, Problem, Resource, ResumeSubscription,
};
use recharge::Subscription;

use super::subscription::{changeable, earlier_day};
use super::{Action, Row, Step};
use crate::model::pause::{has_date, paused_fact};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::check_date;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for ResumeSubscription {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::PauseSubscription),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["POST /subscriptions/{id}/set_next_charge_date"],
            evidence: &["the next charge is on the date it resumes"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Subscription(self.subscription_id)
    }

    /// Resumes on a day of the customer's choice.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let ResumeSubscription {
            subscription_id: id,
            body,
        } = self;
        let before = changeable(reader, *id, Operation::ResumeSubscription).await?;
        check_date(reader, body.date)?;
        let until = earlier_day(reader, &before).await?;
        let undo = until.filter(|until| *until > body.date).map(|until| {
            Intent::PauseSubscription(PauseSubscription {
                subscription_id: *id,
                body: Pause { until },
            })
        });
        let request = Subscription::set_next_charge_date(*id, body.date).commit();
        Ok(Some(
            Write::new(request).fact(paused_fact(*id), None).undo(undo),
        ))
    }

    /// Its next charge is on the day on which it resumes.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let ResumeSubscription {
            subscription_id: id,
            body,
        } = self;
        has_date(reader, *id, body.date).await
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        let ResumeSubscription {
            subscription_id,
            body,
        } = self;
        after.set_next_date(*subscription_id, body.date);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        testing::undo_of(account, protocol::PauseSubscription::sample(account).await).await
    }
}
