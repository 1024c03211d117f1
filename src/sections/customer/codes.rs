//! What is proven by a mailed code: another e-mail address, and the wish to be forgotten.

use leptos::prelude::*;
use protocol::Operation;
use protocol::view::Customer;

use crate::actions::mailed_code::code_hint;
use crate::actions::{confirm_deletion, confirm_email_change, places, request_deletion};
use crate::i18n::t;
use crate::overview::page::Page;
use crate::ui::{Banner, Button, Tone};

/// That a code for another address is waited for, and where to type it.
pub(super) fn awaited_email(page: &Page, customer: &Customer) -> Option<AnyView> {
    let awaited = customer.email_change.clone()?;
    let text = code_hint(&awaited);
    let (changes, locked) = (page.changes, page.locked(None));
    let press = move |()| confirm_email_change::open(changes, awaited.email.clone());
    Some(
        view! {
            <Banner tone=Tone::Waiting title=t::confirm_email_change_awaited() text>
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
        Some(awaited) => (code_hint(awaited), t::code_enter()),
        None => (
            t::request_deletion_lead().to_owned(),
            t::request_deletion_open(),
        ),
    };
    let active = customer.active_count as usize;
    let press = move |()| match &awaited {
        Some(_) => confirm_deletion::open(changes, active),
        None => request_deletion::open(changes, active),
    };
    Some(
        view! {
            <section class="row row-between ending" id=places::DELETION>
                <p class="small muted grow">{text}</p>
                <Button label locked on_press=press/>
            </section>
        }
        .into_any(),
    )
}
