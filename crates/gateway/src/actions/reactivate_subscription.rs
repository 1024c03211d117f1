//! Bringing a cancelled subscription back.

use protocol::{
    CancelSubscription, Cancellation, Date, Intent, Interval, Operation, Problem,
    ReactivateSubscription, Refusal, Resource, SubscriptionId,
};
use recharge::{Subscription, SubscriptionStatus};

use super::cancel_subscription::problems;
use super::{Action, Row, Step};
use crate::model::plans::shop_price;
use crate::plan::{Halt, Write};
use crate::policy::CancellationPolicy;
use crate::projection::Projection;
use crate::rules::date_rules;
use crate::rules::guard::Guard;
use crate::upstream::reader::Reader;

/// Upstream takes no more units between two orders; more than that is no interval.
const LONGEST_INTERVAL: u32 = 1_000;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};

impl Action for ReactivateSubscription {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::CancelSubscription),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Orders,
                Resource::Addresses,
                Resource::PaymentMethods,
                Resource::Customer,
            ],
            writes: &[
                "POST /subscriptions/{id}/activate",
                "POST /subscriptions/{id}/set_next_charge_date",
            ],
            evidence: &[
                "the subscription is active",
                "the next charge is in the future",
            ],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Subscription(self.subscription_id)
    }

    fn steps(&self) -> Vec<Step> {
        vec![Step::Once(0), Step::Once(1)]
    }

    async fn plan(&self, reader: &Reader<'_>, step: Step) -> Result<Option<Write>, Halt> {
        match step {
            Step::Once(0) => activate(reader, &self.subscription_id).await,
            _ => set_date(reader, &self.subscription_id).await,
        }
    }

    async fn took_effect(&self, reader: &Reader<'_>, step: Step) -> Result<bool, Problem> {
        match step {
            Step::Once(0) => is_active(reader, &self.subscription_id).await,
            _ => has_date(reader, &self.subscription_id).await,
        }
    }

    async fn preview(&self, after: &mut Projection, reader: &Reader<'_>) -> Result<(), Problem> {
        let ReactivateSubscription {
            subscription_id, ..
        } = self;
        let price = shop_price(reader, subscription_id).await?;
        after.reactivate(*subscription_id, price);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let cancelled =
            testing::subscription(account, protocol::view::SubscriptionState::Cancelled);
        let Some(subscription_id) = cancelled.await else {
            let cancel = protocol::CancelSubscription::sample(account).await;
            return testing::undo_of(account, cancel).await;
        };
        let body = protocol::Nothing {};
        ReactivateSubscription {
            subscription_id,
            body,
        }
        .into()
    }
}

/// Activates a cancelled one. Upstream gives it a date, which may lie in the past.
async fn activate(reader: &Reader<'_>, id: &SubscriptionId) -> Result<Option<Write>, Halt> {
    let subscription = reader.subscription(*id).await?;
    if subscription.status != SubscriptionStatus::Cancelled {
        return Err(Refusal::StateChanged.into());
    }
    let policy = &reader.upstream.policy.cancellation;
    let request = Subscription::activate(*id).commit();
    Ok(Some(Write::new(request).undo(undo(&subscription, policy))))
}

/// It is active.
async fn is_active(reader: &Reader<'_>, id: &SubscriptionId) -> Result<bool, Problem> {
    Ok(reader.subscription(*id).await?.status == SubscriptionStatus::Active)
}

/// Moves it to the next day of its interval, where it has no date to come.
async fn set_date(reader: &Reader<'_>, id: &SubscriptionId) -> Result<Option<Write>, Halt> {
    let subscription = reader.subscription(*id).await?;
    if is_to_come(reader, &subscription) || subscription.status != SubscriptionStatus::Active {
        return Ok(None);
    }
    let date = next_date(reader, &subscription);
    let request = Subscription::set_next_charge_date(*id, date).commit();
    Ok(Some(Write::new(request)))
}

/// It has a date to come.
async fn has_date(reader: &Reader<'_>, id: &SubscriptionId) -> Result<bool, Problem> {
    Ok(is_to_come(reader, &reader.subscription(*id).await?))
}

fn is_to_come(reader: &Reader<'_>, subscription: &Subscription) -> bool {
    let date = subscription.next_charge_scheduled_at;
    date.is_some_and(|date| date > reader.today())
}

/// Cancelling it again for the reason it had before. Without one there is no way back.
fn undo(before: &Subscription, policy: &CancellationPolicy) -> Option<Intent> {
    let reason = before.cancellation_reason.clone()?;
    let comment = before
        .cancellation_reason_comments
        .clone()
        .filter(|text| !text.is_empty());
    let body = Cancellation {
        reason,
        reason_id: None,
        comment,
    };
    let undo = |body| {
        Intent::CancelSubscription(CancelSubscription {
            subscription_id: before.id,
            body,
        })
    };
    problems(&body, policy).is_empty().then(|| undo(body))
}

/// The first day of the subscription's interval that can be set, or the first day after it on which
/// the shop sends anything.
fn next_date(reader: &Reader<'_>, subscription: &Subscription) -> Date {
    let rules = date_rules(reader);
    let last = subscription.next_charge_scheduled_at;
    let first = last
        .zip(interval(subscription))
        .and_then(|(last, interval)| {
            let fixed = subscription.order_day_of_month.filter(|day| *day > 0);
            // No interval is shorter than a day, so at most as many steps as days have passed.
            let most = last.days_until(rules.earliest).max(0).unsigned_abs();
            (0..=most)
                .map(|times| interval.after_on(last, times, fixed))
                .find(|date| *date >= rules.earliest)
        })
        .unwrap_or(rules.earliest);
    rules.first_from(first).unwrap_or(first)
}

fn interval(subscription: &Subscription) -> Option<Interval> {
    subscription
        .interval()
        .filter(|interval| interval.every <= LONGEST_INTERVAL)
}
