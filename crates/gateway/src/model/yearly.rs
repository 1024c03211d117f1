//! How often something was done within a year, where the merchant has a limit.

use protocol::{Date, Problem, PurchaseItemId, SubscriptionId};
use recharge::{Charge, ChargeStatus};

use crate::upstream::reader::Reader;

/// How long something counts, in days.
const YEAR: i32 = 365;

/// The name of the fact of a subscription with the days on which it was paused, in order and
/// joined by commas. It is kept only while there is a limit.
pub(crate) fn pauses_fact(id: SubscriptionId) -> String {
    format!("pauses:{id}")
}

/// The days within the last year on which a subscription was paused, in order.
pub(crate) async fn pauses(reader: &Reader<'_>, id: SubscriptionId) -> Result<Vec<Date>, Problem> {
    let fact = reader.fact(&pauses_fact(id)).await?.unwrap_or_default();
    let days = fact.split(',').filter_map(|day| day.parse().ok());
    Ok(days.filter(|day| counts(*day, reader.today())).collect())
}

/// The days within the last year and to come on which an item is skipped, in order.
pub(crate) fn skips(charges: &[Charge], item: PurchaseItemId, today: Date) -> Vec<Date> {
    let holds = |charge: &&Charge| {
        let mut lines = charge.line_items.iter();
        charge.status == ChargeStatus::Skipped && lines.any(|line| line.purchase_item_id == item)
    };
    let days = charges.iter().filter(holds).filter_map(|c| c.scheduled_at);
    let mut days: Vec<Date> = days.filter(|day| counts(*day, today)).collect();
    days.sort();
    days.dedup();
    days
}

/// The first day on which fewer than `most` of `days` count, where it is that many now.
pub(crate) fn over_limit(days: &[Date], most: u32) -> Option<Date> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let last = days.len().checked_sub(most)?;
    Some(days.get(last)?.add_days(YEAR))
}

fn counts(day: Date, today: Date) -> bool {
    day.add_days(YEAR) > today
}
