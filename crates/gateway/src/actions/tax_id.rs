//! The tax id on receipts. Upstream has no place for it, so it is a fact of the customer's.

use protocol::{Date, FieldError, FieldProblem, Intent, Problem, TaxId};

use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// The name of the fact: each id with the day from which it counts, `2026-11-21 DE123456789`,
/// the latest last, joined by commas. A day without an id is one on which it was deleted.
const FACT: &str = "tax_ids";
/// Ids that are kept, so that old receipts keep theirs; a fact may not grow.
const KEPT: usize = 5;

/// Keeps the id from today on, or deletes it.
pub(crate) async fn set(reader: &Reader<'_>, sent: &TaxId) -> Result<Option<Write>, Stop> {
    let id = match sent.tax_id.trim() {
        "" => String::new(),
        typed => protocol::tax_id(typed).ok_or_else(|| {
            vec![FieldError {
                field: "tax_id".into(),
                error: FieldProblem::TaxId,
            }]
        })?,
    };
    let mut ids = all(reader).await?;
    let before = ids.last().map(|(_, id)| id.clone()).unwrap_or_default();
    if before == id {
        return Ok(None);
    }
    let today = reader.today();
    ids.retain(|(since, _)| *since != today);
    ids.push((today, id));
    ids.drain(..ids.len().saturating_sub(KEPT));
    let words = ids.iter().map(|(since, id)| format!("{since} {id}"));
    let fact = words.collect::<Vec<_>>().join(",");
    let undo = Intent::SetTaxId {
        body: TaxId { tax_id: before },
    };
    Ok(Some(Write::default().fact(FACT, Some(fact)).undo(undo)))
}

/// It is the one that was sent.
pub(crate) async fn is_set(reader: &Reader<'_>, sent: &TaxId) -> Result<bool, Problem> {
    let wanted = protocol::tax_id(&sent.tax_id).unwrap_or_default();
    Ok(current(reader).await?.unwrap_or_default() == wanted)
}

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

async fn all(reader: &Reader<'_>) -> Result<Vec<(Date, String)>, Problem> {
    let fact = reader.fact(FACT).await?.unwrap_or_default();
    let ids = fact.split(',').filter_map(|word| {
        let (since, id) = word.split_once(' ')?;
        Some((since.parse().ok()?, id.to_owned()))
    });
    Ok(ids.collect())
}
