//! What is proven by a mailed code: another e-mail address, and the wish to be forgotten.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{AwaitedCode, Customer};
use protocol::{Intent, MailedCode, NewEmail, Nothing, Operation};

use super::PLACE;
use crate::data::Action;
use crate::i18n::t;
use crate::sections::action::{Field, Form};
use crate::sections::page::Page;
use crate::ui::{Banner, Button, ButtonKind, Line, LineKind, Tone};

/// Asking for another e-mail address: a code goes there.
pub(super) fn change_email(before: String) -> Arc<dyn Action> {
    let email = RwSignal::new(String::new());
    let typed = move || email.with_untracked(|text| text.trim().to_owned());
    let intent = move || Intent::RequestEmailChange {
        body: NewEmail { email: typed() },
    };
    Form::new(t::email_title(), intent)
        .fields(vec![
            Field::text("email", t::email_new(), email)
                .typed("email", "email")
                .hint(t::email_hint()),
        ])
        .review(move || {
            vec![Line {
                label: t::customer_email().into(),
                before: before.clone(),
                after: typed(),
                kind: LineKind::Changed,
            }]
        })
        .meaning(|| t::email_meaning().into())
        .confirm(|| t::code_send().into())
        .sending(t::code_sending())
        .done(move |_, _| t::code_sent(&typed()))
        .place(PLACE)
        .action()
}

/// Typing the code that proves the other address.
fn confirm_email(awaited: &AwaitedCode) -> Arc<dyn Action> {
    let to = awaited.email.clone();
    code_form(t::email_confirm_title(), &awaited.email, |body| {
        Intent::ConfirmEmailChange { body }
    })
    .confirm(|| t::email_confirm().into())
    .done(move |_, _| t::email_done(&to))
    .action()
}

/// Asking the shop to delete everything: a code comes first.
fn request_deletion() -> Arc<dyn Action> {
    let intent = || Intent::RequestDeletion { body: Nothing {} };
    Form::new(t::deletion_title(), intent)
        .meaning(|| t::deletion_meaning().into())
        .confirm(|| t::code_send().into())
        .sending(t::code_sending())
        .done(|_, _| t::deletion_code_sent().into())
        .place("deletion")
        .action()
}

fn confirm_deletion(awaited: &AwaitedCode) -> Arc<dyn Action> {
    code_form(t::deletion_title(), &awaited.email, |body| {
        Intent::ConfirmDeletion { body }
    })
    .confirm(|| t::deletion_confirm().into())
    .ending()
    .done(|_, reference| t::deletion_done(reference))
    .place("deletion")
    .action()
}

fn code_form(title: &'static str, email: &str, intent: fn(MailedCode) -> Intent) -> Form {
    let code = RwSignal::new(String::new());
    let send = move || {
        let code = code.with_untracked(|text| text.trim().to_owned());
        intent(MailedCode { code })
    };
    Form::new(title, send)
        .fields(vec![
            Field::text("code", t::code_label(), code)
                .typed("text", "one-time-code")
                .hint(t::code_hint(email)),
        ])
        .place(PLACE)
}

/// That a code for another address is waited for, and where to type it.
pub(super) fn awaited_email(page: &Page, customer: &Customer) -> Option<AnyView> {
    let awaited = customer.email_change.clone()?;
    let text = t::email_awaited(&awaited.email, &awaited.minutes_left.to_string());
    let (changes, locked) = (page.changes, page.locked(None));
    let press = move |()| changes.start(|| confirm_email(&awaited));
    Some(
        view! {
            <Banner tone=Tone::Waiting title=t::email_awaited_title() text>
                <Button label=t::code_enter() locked on_press=press/>
            </Banner>
        }
        .into_any(),
    )
}

/// The way to be forgotten, honest and easy to find.
pub(super) fn deletion(page: &Page, customer: &Customer) -> Option<AnyView> {
    if !page.allows(Operation::RequestDeletion) {
        return None;
    }
    let (changes, locked) = (page.changes, page.locked(None));
    let awaited = customer.deletion.clone();
    let (text, label) = match &awaited {
        Some(awaited) => (t::code_hint(&awaited.email), t::code_enter()),
        None => (t::deletion_lead().to_owned(), t::deletion_open()),
    };
    let press = move |()| match awaited.clone() {
        Some(awaited) => changes.start(|| confirm_deletion(&awaited)),
        None => changes.start(request_deletion),
    };
    Some(
        view! {
            <section class="row row-between ending" id="deletion">
                <p class="small muted grow">{text}</p>
                <Button label kind=ButtonKind::Quiet locked on_press=press/>
            </section>
        }
        .into_any(),
    )
}
