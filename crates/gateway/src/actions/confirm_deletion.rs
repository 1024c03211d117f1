use protocol::{ConfirmDeletion, Problem, Resource};

use super::{Action, Row, Step};
use crate::model::code::{DELETION, PendingCode};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for ConfirmDeletion {
    fn row() -> Row {
        Row {
            inverse: None,
            stale: &[Resource::Customer],
            writes: &[],
            evidence: &["the code is forgotten"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Customer
    }

    /// Takes the code, after which the request stands.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let ConfirmDeletion { body: sent } = self;
        PendingCode::prove(reader, DELETION, &sent.code).await?;
        Ok(Some(Write::default().fact(DELETION, None)))
    }

    /// The code was taken.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        Ok(PendingCode::find(reader, DELETION).await?.is_none())
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        account
            .done(protocol::RequestDeletion::sample(account).await)
            .await;
        let body = testing::emailed_code(account);
        ConfirmDeletion { body }.into()
    }
}
