//! Another e-mail address, proven by a code that was sent to it.

use protocol::{FieldError, FieldProblem, MailedCode, NewEmail, Problem};
use recharge::Customer;

use super::code::Awaited;
use crate::mailer::Letter;
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// The fact that an address waits for its code.
pub(crate) const FACT: &str = "email_change";

/// Sends a code to the new address.
pub(crate) async fn request(reader: &Reader<'_>, sent: &NewEmail) -> Result<Option<Write>, Stop> {
    let email = sent.email.trim();
    let wrong = |error| {
        let field = "email".into();
        Stop::from(vec![FieldError { field, error }])
    };
    if !is_address(email) {
        return Err(wrong(FieldProblem::Email));
    }
    if reader.customer().await?.email.eq_ignore_ascii_case(email) {
        return Err(wrong(FieldProblem::Unchanged));
    }
    Awaited::none(reader, FACT).await?;
    let (code, awaited) = Awaited::new(reader, email);
    let letter = Letter::EmailCode {
        to: email.to_owned(),
        code,
    };
    let write = Write::default().letter(letter);
    Ok(Some(write.fact(FACT, Some(awaited.json()))))
}

/// A code was sent there.
pub(crate) async fn is_awaited(reader: &Reader<'_>, sent: &NewEmail) -> Result<bool, Problem> {
    let awaited = Awaited::find(reader, FACT).await?;
    Ok(awaited.is_some_and(|awaited| awaited.email == sent.email.trim()))
}

/// Makes the proven address the customer's.
pub(crate) async fn change(reader: &Reader<'_>, sent: &MailedCode) -> Result<Option<Write>, Stop> {
    let awaited = Awaited::prove(reader, FACT, &sent.code).await?;
    let before = reader.customer().await?.email;
    let request = Customer::change_email(reader.customer, &awaited.email);
    let mut kept = awaited;
    kept.before = Some(before);
    Ok(Some(Write::new(request).fact(FACT, Some(kept.json()))))
}

/// It is the address that was proven.
pub(crate) async fn is_changed(reader: &Reader<'_>) -> Result<bool, Problem> {
    let awaited = Awaited::find(reader, FACT).await?;
    let now = reader.customer().await?.email;
    Ok(awaited.is_some_and(|awaited| awaited.email.eq_ignore_ascii_case(&now)))
}

/// Tells the address of before, and forgets the code.
pub(crate) async fn tell(reader: &Reader<'_>) -> Result<Option<Write>, Stop> {
    let Some(awaited) = Awaited::find(reader, FACT).await? else {
        return Ok(None);
    };
    let write = Write::default().fact(FACT, None);
    Ok(Some(match awaited.before {
        Some(to) if is_address(&to) => write.letter(Letter::EmailChanged {
            to,
            new: awaited.email,
        }),
        _ => write,
    }))
}

/// The code is forgotten.
pub(crate) async fn is_told(reader: &Reader<'_>) -> Result<bool, Problem> {
    Ok(Awaited::find(reader, FACT).await?.is_none())
}

/// Whether a text can be an e-mail address. Whether it is one shows when the code arrives.
fn is_address(text: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c);
    let parts = text.rsplit_once('@');
    text.len() <= 254
        && text.chars().all(plain)
        && parts.is_some_and(|(name, host)| {
            let labels = || host.split('.');
            !name.is_empty()
                && !name.contains('@')
                && labels().count() > 1
                && labels().all(|label| !label.is_empty())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cu3_an_address_has_a_name_and_a_host() {
        for text in ["ana@example.com", "a+b@x.co", "jürgen@käse.example"] {
            assert!(is_address(text), "{text}");
        }
        for text in [
            "",
            "ana",
            "@x.co",
            "ana@",
            "ana@x",
            "a b@x.co",
            "a@b@x.co",
            "ana@.co",
            "a\r\nb@x.co",
            "<ana@x.co>",
            "a,b@x.co",
        ] {
            assert!(!is_address(text), "{text}");
        }
    }
}
