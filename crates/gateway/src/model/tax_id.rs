//! The tax id that stands on receipts, by the day since which it does.

use protocol::{Date, Problem};

use crate::upstream::reader::Reader;

/// The name of the fact: each id with the day from which it counts, `2026-11-21 DE123456789`,
/// the latest last, joined by commas. A day without an id is one on which it was deleted.
pub(crate) const TAX_IDS: &str = "tax_ids";

/// Ids that are kept, so that old receipts keep theirs; a fact may not grow.
pub(crate) const KEPT: usize = 5;

/// The id that the customer has now.
pub(crate) async fn current(reader: &Reader<'_>) -> Result<Option<String>, Problem> {
    Ok(last(all(reader).await?, Date::MAX))
}

/// The id that a receipt of `day` has.
pub(crate) async fn on(reader: &Reader<'_>, day: Date) -> Result<Option<String>, Problem> {
    Ok(last(all(reader).await?, day))
}

fn last(ids: Vec<(Date, String)>, day: Date) -> Option<String> {
    let mut known = ids.into_iter().rev().filter(|(since, _)| *since <= day);
    known.next().map(|(_, id)| id).filter(|id| !id.is_empty())
}

/// All ids with the days since which they count; none where the merchant has them switched off.
pub(crate) async fn all(reader: &Reader<'_>) -> Result<Vec<(Date, String)>, Problem> {
    if !reader.upstream.policy.tax_ids {
        return Ok(Vec::new());
    }
    let fact = reader.fact(TAX_IDS).await?.unwrap_or_default();
    let ids = fact.split(',').filter_map(|word| {
        let (since, id) = word.split_once(' ')?;
        Some((since.parse().ok()?, id.to_owned()))
    });
    Ok(ids.collect())
}
