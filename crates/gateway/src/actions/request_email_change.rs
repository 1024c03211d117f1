use protocol::{FieldProblem, Problem, RequestEmailChange, Resource};

use super::{Action, Row, Step};
use crate::mailer::Email;
use crate::model::code::{EMAIL_CHANGE, GOOD_MINUTES, PendingCode};
use crate::plan::{Halt, Write, field_error};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::Account;
use crate::upstream::reader::Reader;

impl Action for RequestEmailChange {
    fn row() -> Row {
        Row {
            inverse: None,
            stale: &[Resource::Customer],
            writes: &[],
            evidence: &["a code for that address is pending"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Customer
    }

    /// Sends a code to the new address.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let RequestEmailChange { body: sent } = self;
        let email = sent.email.trim();
        let wrong = |error| field_error("email", error);
        if !is_address(email) {
            return Err(wrong(FieldProblem::Email));
        }
        if reader.customer().await?.email.eq_ignore_ascii_case(email) {
            return Err(wrong(FieldProblem::Unchanged));
        }
        PendingCode::ensure_none(reader, EMAIL_CHANGE).await?;
        let (code, pending) = PendingCode::new(reader, email);
        let email = Email::AddressCode {
            to: email.to_owned(),
            code,
            minutes: GOOD_MINUTES,
        };
        let write = Write::default().email(email);
        Ok(Some(write.fact(EMAIL_CHANGE, Some(pending.json()))))
    }

    /// A code was sent there.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let RequestEmailChange { body: sent } = self;
        let pending = PendingCode::find(reader, EMAIL_CHANGE).await?;
        Ok(pending.is_some_and(|pending| pending.email == sent.email.trim()))
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(_: &dyn Account) -> protocol::Intent {
        let body = protocol::NewEmail {
            email: "maya@new.example".into(),
        };
        RequestEmailChange { body }.into()
    }
}

/// Whether a text can be an e-mail address. Whether it is one shows when the code arrives.
pub(super) fn is_address(text: &str) -> bool {
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
