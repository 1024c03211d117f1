//! Changing how often a subscription comes.

use protocol::view::Caution;
use protocol::{ChangeFrequency, FieldProblem, Frequency, Intent, Operation, Problem, Resource};
use recharge::{Intervals, Subscription, SubscriptionUpdate};

use super::subscription::{changeable, committed_write};
use super::{Action, Row, Step};
use crate::model::delivery::skipped_dates;
use crate::model::plans::offered;
use crate::plan::{Halt, Write, field_error};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for ChangeFrequency {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::ChangeFrequency),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["PUT /subscriptions/{id}"],
            evidence: &["the subscription has that frequency"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Subscription(self.subscription_id)
    }

    /// Sends the unit and both frequencies together. What is paid ahead stays paid for as many
    /// deliveries.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let ChangeFrequency {
            subscription_id: id,
            body,
        } = self;
        let subscription = changeable(reader, *id, Operation::ChangeFrequency).await?;
        let before = subscription.interval();
        if before == Some(body.interval) {
            return Ok(None);
        }
        let offered = offered(reader, &subscription).await?;
        let plan = offered
            .iter()
            .find(|(interval, _)| *interval == body.interval);
        let Some((interval, plan_id)) = plan else {
            return Err(field_error("interval", FieldProblem::Refused));
        };
        let update = SubscriptionUpdate {
            intervals: Some(Intervals {
                interval: *interval,
                charge_every: interval
                    .every
                    .saturating_mul(subscription.deliveries_per_charge()),
            }),
            plan_id: Some(*plan_id),
            ..SubscriptionUpdate::default()
        };
        // Going back would not bring back what upstream forgets now.
        let forgets = !skipped_dates(reader, *id).await?.is_empty();
        let back = before.filter(|before| !forgets && offered.iter().any(|(one, _)| one == before));
        let undo = back.map(|interval| {
            Intent::ChangeFrequency(ChangeFrequency {
                subscription_id: *id,
                body: Frequency { interval },
            })
        });
        committed_write(Subscription::update(*id, &update), undo)
    }

    /// It comes that often.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let ChangeFrequency {
            subscription_id: id,
            body,
        } = self;
        Ok(reader.subscription(*id).await?.interval() == Some(body.interval))
    }

    async fn preview(&self, after: &mut Projection, reader: &Reader<'_>) -> Result<(), Problem> {
        let ChangeFrequency {
            subscription_id,
            body,
        } = self;
        after.set_interval(*subscription_id, body.interval);
        if !skipped_dates(reader, *subscription_id).await?.is_empty() {
            after.cautions.push(Caution::LosesSkips);
        }
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let detail = testing::changeable(account).await;
        let mut others = detail.frequencies.iter();
        let other = others.find(|one| Some(**one) != detail.card.interval);
        let body = protocol::Frequency {
            interval: *other.expect("another frequency"),
        };
        ChangeFrequency {
            subscription_id: detail.card.id,
            body,
        }
        .into()
    }
}
