//! Typing the code that proves another e-mail address.

use std::sync::Arc;

use protocol::{ConfirmEmailChange, Intent};

use super::mailed_code::Code;
use super::{places, request_email_change};
use crate::data::{Action, Changes};
use crate::i18n::t;

/// Opens the form for the code that was sent to `email`.
pub(crate) fn open(changes: Changes, email: String) {
    changes.start(|| action(email));
}

fn action(to: String) -> Arc<dyn Action> {
    let again = to.clone();
    let code = Code {
        awaited: |customer| customer.email_change.as_ref(),
        again: Arc::new(move |changes| request_email_change::open(changes, again.clone())),
        intent: |body| Intent::ConfirmEmailChange(ConfirmEmailChange { body }),
    };
    code.form(t::confirm_email_change_title())
        .confirm(|| t::confirm_email_change_confirm().into())
        .done(move |_, _| t::confirm_email_change_done(&to))
        .place(places::DETAILS)
        .action()
}
