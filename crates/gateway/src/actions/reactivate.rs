//! Bringing a cancelled subscription back.

use protocol::view::CataloguePlan;
use protocol::{
    Cancellation, Date, Intent, Interval, Money, Problem, PurchaseItemId, Refusal, SubscriptionId,
};
use recharge::{Order, Subscription, SubscriptionStatus, Timestamp};

use super::cancel::problems;
use crate::plan::{Stop, Write};
use crate::reader::Reader;
use crate::rules::date_rules;
use crate::views::deliveries::DAYS_AHEAD;

/// Upstream takes no more units between two orders; more than that is no rhythm.
const LONGEST_INTERVAL: u32 = 1_000;

/// Activates a cancelled one. Upstream gives it a date, which may lie in the past.
pub(crate) async fn activate(
    reader: &Reader<'_>,
    id: &SubscriptionId,
) -> Result<Option<Write>, Stop> {
    let subscription = reader.subscription(*id).await?;
    if subscription.status != SubscriptionStatus::Cancelled {
        return Err(Refusal::StateChanged.into());
    }
    let request = Subscription::activate(*id).commit();
    Ok(Some(Write::new(request).undo(undo(&subscription))))
}

/// It is active.
pub(crate) async fn is_active(reader: &Reader<'_>, id: &SubscriptionId) -> Result<bool, Problem> {
    Ok(reader.subscription(*id).await?.status == SubscriptionStatus::Active)
}

/// Moves it to the next day of its rhythm, where it has no date to come.
pub(crate) async fn set_date(
    reader: &Reader<'_>,
    id: &SubscriptionId,
) -> Result<Option<Write>, Stop> {
    let subscription = reader.subscription(*id).await?;
    if is_to_come(reader, &subscription) || subscription.status != SubscriptionStatus::Active {
        return Ok(None);
    }
    let date = next_date(reader, &subscription);
    let request = Subscription::set_next_charge_date(*id, date).commit();
    Ok(Some(Write::new(request)))
}

/// The day on which it probably comes next once it is active again: the first of its rhythm
/// after its last order. Upstream may have kept another one.
pub(crate) async fn foreseen_date(
    reader: &Reader<'_>,
    id: &SubscriptionId,
) -> Result<Date, Problem> {
    let subscription = reader.subscription(*id).await?;
    let item = PurchaseItemId::from(*id);
    let last = reader
        .orders(Order::list_of_item(reader.customer, item, 1))
        .await?;
    let last = last
        .items
        .first()
        .and_then(|order| order.scheduled_at.as_ref());
    let rhythm = last.map(Timestamp::date).zip(rhythm(&subscription));
    let tomorrow = reader.today().add_days(1);
    Ok(first_from(rhythm, tomorrow).unwrap_or(reader.today().add_days(DAYS_AHEAD)))
}

/// What the shop asks for one of a subscription's product today, on its plan.
pub(crate) enum ShopPrice {
    /// This much.
    Of(Money),
    /// The shop does not offer it any more.
    NotSold,
    /// Not all that the shop offers could be read.
    Unknown,
}

/// What a cancelled subscription would cost if it were started anew. Upstream lets one that is
/// brought back keep the price it had.
pub(crate) async fn shop_price(
    reader: &Reader<'_>,
    id: &SubscriptionId,
) -> Result<ShopPrice, Problem> {
    let subscription = reader.subscription(*id).await?;
    let catalogue = reader.catalogue().await?;
    let variant = subscription.external_variant_id.as_ref();
    let found = variant.and_then(|id| catalogue.variant(id.as_str()));
    let Some((product, variant)) = found else {
        return Ok(match catalogue.cut {
            true => ShopPrice::Unknown,
            false => ShopPrice::NotSold,
        });
    };
    let follows = |plan: &&CataloguePlan| Some(plan.id) == subscription.plan_id;
    let plan = product.plans.iter().find(follows);
    let price = plan.map_or(variant.price, |plan| plan.price_of(variant));
    Ok(ShopPrice::Of(price))
}

/// It has a date to come.
pub(crate) async fn has_date(reader: &Reader<'_>, id: &SubscriptionId) -> Result<bool, Problem> {
    Ok(is_to_come(reader, &reader.subscription(*id).await?))
}

fn is_to_come(reader: &Reader<'_>, subscription: &Subscription) -> bool {
    let date = subscription.next_charge_scheduled_at;
    date.is_some_and(|date| date > reader.today())
}

/// Cancelling it again for the reason it had before. Without one there is no way back.
fn undo(before: &Subscription) -> Option<Intent> {
    let reason = before.cancellation_reason.clone()?;
    let comment = before
        .cancellation_reason_comments
        .clone()
        .filter(|text| !text.is_empty());
    let body = Cancellation { reason, comment };
    let undo = |body| Intent::CancelSubscription {
        subscription_id: before.id,
        body,
    };
    problems(&body).is_empty().then(|| undo(body))
}

/// The first day of the subscription's rhythm that can be set, or the first day after it on which
/// the shop sends anything.
fn next_date(reader: &Reader<'_>, subscription: &Subscription) -> Date {
    let rules = date_rules(reader);
    let rhythm = subscription
        .next_charge_scheduled_at
        .zip(rhythm(subscription));
    let first = first_from(rhythm, rules.earliest).unwrap_or(rules.earliest);
    rules.first_from(first).unwrap_or(first)
}

fn rhythm(subscription: &Subscription) -> Option<Interval> {
    subscription
        .interval()
        .filter(|interval| interval.every <= LONGEST_INTERVAL)
}

/// The first day of a rhythm on or after `earliest`.
fn first_from(rhythm: Option<(Date, Interval)>, earliest: Date) -> Option<Date> {
    let (last, interval) = rhythm?;
    // No rhythm is shorter than a day, so at most as many steps as days have passed.
    let most = last.days_until(earliest).max(0).unsigned_abs();
    (0..=most)
        .map(|times| interval.after(last, times))
        .find(|date| *date >= earliest)
}
