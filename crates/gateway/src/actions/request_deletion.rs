use protocol::{Problem, RequestDeletion, Resource};

use super::{Action, Row, Step};
use crate::mailer::Email;
use crate::model::code::{DELETION, GOOD_MINUTES, PendingCode};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::Account;
use crate::upstream::reader::Reader;

impl Action for RequestDeletion {
    fn row() -> Row {
        Row {
            inverse: None,
            stale: &[Resource::Customer],
            writes: &[],
            evidence: &["a code is pending"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Customer
    }

    /// Sends a code to the customer's address.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        PendingCode::ensure_none(reader, DELETION).await?;
        let to = reader.customer().await?.email;
        let (code, pending) = PendingCode::new(reader, &to);
        let write = Write::default().email(Email::DeletionCode {
            to,
            code,
            minutes: GOOD_MINUTES,
        });
        Ok(Some(write.fact(DELETION, Some(pending.json()))))
    }

    /// A code was sent.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        Ok(PendingCode::find(reader, DELETION).await?.is_some())
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(_: &dyn Account) -> protocol::Intent {
        let body = protocol::Nothing {};
        RequestDeletion { body }.into()
    }
}
