//! The tax id on receipts. Upstream has no place for it, so it is a fact of the customer's.

use protocol::{FieldError, FieldProblem, Intent, Operation, Problem, Resource, SetTaxId, TaxId};

use super::{Action, Row, Step};
use crate::model::tax_id::{KEPT, TAX_IDS, all, current};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::Account;
use crate::upstream::reader::Reader;

impl Action for SetTaxId {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::SetTaxId),
            stale: &[Resource::Customer, Resource::Orders],
            writes: &[],
            evidence: &["that tax ID is the current one"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Customer
    }

    /// Keeps the id from today on, or deletes it.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let SetTaxId { body: sent } = self;
        let id = match sent.tax_id.trim() {
            "" => String::new(),
            typed => protocol::tax_id(typed)
                .ok_or_else(|| vec![FieldError::new("tax_id", FieldProblem::TaxId)])?,
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
        let undo = Intent::SetTaxId(SetTaxId {
            body: TaxId { tax_id: before },
        });
        Ok(Some(Write::default().fact(TAX_IDS, Some(fact)).undo(undo)))
    }

    /// It is the one that was sent.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let SetTaxId { body: sent } = self;
        let wanted = protocol::tax_id(&sent.tax_id).unwrap_or_default();
        Ok(current(reader).await?.unwrap_or_default() == wanted)
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(_: &dyn Account) -> protocol::Intent {
        let body = TaxId {
            tax_id: "DE123456789".into(),
        };
        SetTaxId { body }.into()
    }
}
