//! The overview, from as few calls as a first screen can do with.

use protocol::Problem;
use protocol::view::{DeliveryState, Overview};
use recharge::{Subscription, SubscriptionStatus};

use super::subscriptions::{SchedulePictures, by_state_and_date, card};
use crate::model::context::AccountContext;
use crate::model::deliveries::use_credit;
use crate::model::pause::mark;
use crate::model::warnings::warnings;
use crate::upstream::reader::Reader;

/// How many deliveries after the next one are shown.
const LATER: usize = 2;
/// How many subscriptions are shown.
const SUBSCRIPTIONS: usize = 5;

/// The overview. Two calls, the customer's shared with the session; a third only where upstream
/// says that a payment is in trouble, or that credit is to be used.
pub(crate) async fn overview(reader: &Reader<'_>) -> Result<Overview, Problem> {
    let context = AccountContext::open(reader).await?;
    let schedule = reader.schedule().await?;
    let subscriptions = &context.customer.include.subscriptions;
    let in_trouble = context.customer.has_payment_method_in_dunning
        || subscriptions
            .iter()
            .any(|subscription| subscription.max_retries_reached);
    // What was skipped in the past is in the charges alone.
    let counts_skips = context.policy.subscriptions.most_skips_per_year.is_some();
    let charges = if in_trouble || counts_skips {
        reader.charges().await?.items
    } else {
        Vec::new()
    };

    let pictures = SchedulePictures::of(&schedule);
    let mut cards: Vec<_> = subscriptions
        .iter()
        .filter(|subscription| is(subscription, SubscriptionStatus::Active))
        .map(|subscription| {
            card(
                subscription,
                reader.upstream,
                pictures.of_line(subscription),
            )
        })
        .collect();
    let active_count = count(cards.len());
    mark(reader, &mut cards).await?;
    by_state_and_date(&mut cards);
    cards.truncate(SUBSCRIPTIONS);
    let cancelled = subscriptions
        .iter()
        .filter(|s| is(s, SubscriptionStatus::Cancelled));

    let mut deliveries = context.deliveries(&schedule, &charges);
    use_credit(reader, &context.customer, &mut deliveries).await;
    let mut ahead = deliveries
        .into_iter()
        .filter(|delivery| delivery.key.date >= context.today);
    let mut later: Vec<_> = Vec::new();
    // What was skipped before the next delivery stays in sight, so that it can be brought back.
    let next = ahead.find(|delivery| {
        if delivery.state == DeliveryState::Skipped {
            later.push(delivery.clone());
        }
        delivery.state.is_coming()
    });
    later.extend(ahead);
    later.truncate(LATER);
    Ok(Overview {
        next,
        later,
        subscriptions: cards,
        active_count,
        cancelled_count: count(cancelled.count()),
        warnings: warnings(&context, &charges),
    })
}

fn is(subscription: &Subscription, status: SubscriptionStatus) -> bool {
    subscription.status == status
}

fn count(length: usize) -> u32 {
    length.try_into().unwrap_or(u32::MAX)
}
