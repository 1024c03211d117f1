//! Asking the merchant to delete everything, confirmed by a code sent to the customer.
//!
//! Nothing changes upstream: who takes the request on is told by an effect of the change.

use protocol::{MailedCode, Problem};

use super::code::Awaited;
use crate::mailer::Letter;
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// The fact that a request waits for its code.
pub(crate) const FACT: &str = "deletion";

/// Sends a code to the customer's address.
pub(crate) async fn request(reader: &Reader<'_>) -> Result<Option<Write>, Stop> {
    Awaited::none(reader, FACT).await?;
    let to = reader.customer().await?.email;
    let (code, awaited) = Awaited::new(reader, &to);
    let write = Write::default().letter(Letter::DeletionCode { to, code });
    Ok(Some(write.fact(FACT, Some(awaited.json()))))
}

/// A code was sent.
pub(crate) async fn is_awaited(reader: &Reader<'_>) -> Result<bool, Problem> {
    Ok(Awaited::find(reader, FACT).await?.is_some())
}

/// Takes the code, after which the request stands.
pub(crate) async fn confirm(reader: &Reader<'_>, sent: &MailedCode) -> Result<Option<Write>, Stop> {
    Awaited::prove(reader, FACT, &sent.code).await?;
    Ok(Some(Write::default().fact(FACT, None)))
}

/// The code was taken.
pub(crate) async fn is_confirmed(reader: &Reader<'_>) -> Result<bool, Problem> {
    Ok(Awaited::find(reader, FACT).await?.is_none())
}
