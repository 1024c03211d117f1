use protocol::{ConfirmEmailChange, MailedCode, Problem, Resource};
use recharge::Customer;

use super::request_email_change::is_address;
use super::{Action, Row, Step};
use crate::mailer::Email;
use crate::model::code::{EMAIL_CHANGE, PendingCode};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for ConfirmEmailChange {
    fn row() -> Row {
        Row {
            inverse: None,
            stale: &[
                Resource::Overview,
                Resource::PaymentMethods,
                Resource::Customer,
            ],
            writes: &["PUT /customers/{id}"],
            evidence: &[
                "the customer has the confirmed address",
                "the code is forgotten",
            ],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Customer
    }

    fn steps(&self) -> Vec<Step> {
        vec![Step::Once(0), Step::Once(1)]
    }

    async fn plan(&self, reader: &Reader<'_>, step: Step) -> Result<Option<Write>, Halt> {
        match step {
            Step::Once(0) => change(reader, &self.body).await,
            _ => tell(reader).await,
        }
    }

    async fn took_effect(&self, reader: &Reader<'_>, step: Step) -> Result<bool, Problem> {
        match step {
            Step::Once(0) => has_confirmed_address(reader).await,
            _ => code_forgotten(reader).await,
        }
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        account
            .done(protocol::RequestEmailChange::sample(account).await)
            .await;
        let body = testing::emailed_code(account);
        ConfirmEmailChange { body }.into()
    }
}

/// Makes the proven address the customer's.
async fn change(reader: &Reader<'_>, sent: &MailedCode) -> Result<Option<Write>, Halt> {
    let pending = PendingCode::prove(reader, EMAIL_CHANGE, &sent.code).await?;
    let before = reader.customer().await?.email;
    let request = Customer::change_email(reader.customer, &pending.email);
    let mut kept = pending;
    kept.before = Some(before);
    Ok(Some(
        Write::new(request).fact(EMAIL_CHANGE, Some(kept.json())),
    ))
}

/// It is the address that was proven.
async fn has_confirmed_address(reader: &Reader<'_>) -> Result<bool, Problem> {
    let pending = PendingCode::find(reader, EMAIL_CHANGE).await?;
    let now = reader.customer().await?.email;
    Ok(pending.is_some_and(|pending| pending.email.eq_ignore_ascii_case(&now)))
}

/// Tells the address of before, and forgets the code.
async fn tell(reader: &Reader<'_>) -> Result<Option<Write>, Halt> {
    let Some(pending) = PendingCode::find(reader, EMAIL_CHANGE).await? else {
        return Ok(None);
    };
    let write = Write::default().fact(EMAIL_CHANGE, None);
    Ok(Some(match pending.before {
        Some(to) if is_address(&to) => write.email(Email::AddressChanged {
            to,
            new: pending.email,
        }),
        _ => write,
    }))
}

/// The code is forgotten.
async fn code_forgotten(reader: &Reader<'_>) -> Result<bool, Problem> {
    Ok(PendingCode::find(reader, EMAIL_CHANGE).await?.is_none())
}
