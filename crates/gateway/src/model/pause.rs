//! Whether a subscription is paused.
//!
//! Upstream has no paused state, only a next date that is far away. That the customer paused is
//! a fact of theirs; it counts as long as upstream's date is the one they paused until.

use protocol::view::SubscriptionCard;
use protocol::{Date, Problem, SubscriptionId};

use crate::upstream::reader::Reader;

/// The name of the fact of a subscription; its value is the day on which it resumes.
pub(crate) fn paused_fact(id: SubscriptionId) -> String {
    format!("paused:{id}")
}

/// Says on the cards until when subscriptions are paused.
pub(crate) async fn mark(
    reader: &Reader<'_>,
    cards: &mut [SubscriptionCard],
) -> Result<(), Problem> {
    let facts = reader.facts().await?;
    for card in cards {
        let name = paused_fact(card.id);
        let known = facts.iter().find(|(known, _)| *known == name);
        let until: Option<Date> = known.and_then(|(_, until)| until.parse().ok());
        let holds = until.is_some() && until == card.next_date && until > Some(reader.today());
        card.paused_until = until.filter(|_| holds);
    }
    Ok(())
}

/// Whether the next charge of a subscription is on that day.
pub(crate) async fn has_date(
    reader: &Reader<'_>,
    id: SubscriptionId,
    date: Date,
) -> Result<bool, Problem> {
    Ok(reader.subscription(id).await?.next_charge_scheduled_at == Some(date))
}
