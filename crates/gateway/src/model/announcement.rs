//! Which of the merchant's announcements a customer sees.

use protocol::{Announcement, Problem};
use recharge::Customer;

use crate::env::day_of;
use crate::policy::{AnnouncementPolicy, Audience};
use crate::upstream::reader::Reader;

/// The name of the fact with the ids of the announcements that a customer has dismissed, joined by
/// commas.
pub(crate) const DISMISSED: &str = "dismissed";

/// For so many days somebody is new.
const NEW_DAYS: i32 = 30;

/// The ids that a customer has dismissed.
pub(crate) async fn dismissed(reader: &Reader<'_>) -> Result<Vec<String>, Problem> {
    let fact = reader.fact(DISMISSED).await?.unwrap_or_default();
    let ids = fact.split(',').filter(|id| !id.is_empty());
    Ok(ids.map(str::to_owned).collect())
}

/// The first announcement for `customer` that they have not dismissed. Where it is not known what
/// they have dismissed, there is none.
pub(crate) async fn current(reader: &Reader<'_>, customer: &Customer) -> Option<Announcement> {
    let all = reader.upstream.policy.announcements.iter();
    let due = all.filter(|found| is_due(reader, customer, found));
    let due: Vec<&Announcement> = due.map(|found| &found.announcement).collect();
    if due.is_empty() {
        return None;
    }
    let dismissed = dismissed(reader).await.ok()?;
    let found = due.into_iter().find(|found| !dismissed.contains(&found.id));
    found.cloned()
}

fn is_due(reader: &Reader<'_>, customer: &Customer, policy: &AnnouncementPolicy) -> bool {
    let today = reader.today();
    policy.from.is_none_or(|from| from <= today)
        && policy.until.is_none_or(|until| today <= until)
        && match policy.audience {
            Audience::All => true,
            Audience::Active => customer.subscriptions_active_count > 0,
            Audience::Cancelled => {
                customer.subscriptions_active_count == 0 && customer.subscriptions_total_count > 0
            }
            Audience::New => {
                let since = customer.created_at.as_ref();
                let since = since.map(|at| day_of(&*reader.upstream.env, at));
                since.is_some_and(|since| since.days_until(today) <= NEW_DAYS)
            }
        }
}
