//! Asking for another e-mail address: a code goes there.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{Intent, NewEmail, RequestEmailChange};

use super::field::Field;
use super::form::Form;
use super::places;
use crate::data::{Action, Changes};
use crate::i18n::t;

/// Opens the form for another address, which is `email` as far as it is known.
pub(crate) fn open(changes: Changes, email: String) {
    changes.start(|| action(email));
}

fn action(email: String) -> Arc<dyn Action> {
    let email = RwSignal::new(email);
    let typed = move || email.with_untracked(|text| text.trim().to_owned());
    let intent = move || {
        Intent::RequestEmailChange(RequestEmailChange {
            body: NewEmail { email: typed() },
        })
    };
    Form::new(t::request_email_change_title(), intent)
        .one_step()
        .fields(vec![
            Field::text("email", t::request_email_change_field(), email)
                .typed("email", "email")
                .hint(t::request_email_change_hint()),
        ])
        .meaning(|| t::request_email_change_meaning().into())
        .confirm(|| t::code_send().into())
        .sending(t::code_sending())
        .done(move |_, _| t::code_sent(&typed()))
        .place(places::DETAILS)
        .action()
}
