//! Having a link e-mailed by which a card can be changed.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::PaymentMethod;
use protocol::{Intent, LINK_PAUSE_MINUTES, Nothing, SendPaymentLink};

use super::form::Form;
use super::places;
use crate::data::Action;
use crate::i18n::t;
use crate::overview::page::Page;
use crate::ui::{Line, task};

/// How long the link's button is locked, milliseconds. The server holds to it too.
const PAUSE_MS: i32 = LINK_PAUSE_MINUTES as i32 * 60_000;

/// Opens the review of having the link for `method` e-mailed to `email`; for a
/// while after that `just_sent` says that it was.
pub(crate) fn open(page: &Page, method: &PaymentMethod, email: String, just_sent: RwSignal<bool>) {
    page.changes.start(|| action(method, email, just_sent));
}

fn action(method: &PaymentMethod, email: String, just_sent: RwSignal<bool>) -> Arc<dyn Action> {
    let payment_method_id = method.line.id;
    let to = email.clone();
    let intent = move || {
        Intent::SendPaymentLink(SendPaymentLink {
            payment_method_id,
            body: Nothing {},
        })
    };
    Form::new(t::send_payment_link_title(), intent)
        .review(move || {
            vec![Line {
                label: t::send_payment_link_to().into(),
                after: to.clone(),
                ..Line::default()
            }]
        })
        .meaning(|| t::send_payment_link_meaning().into())
        .confirm(|| t::send_payment_link_confirm().into())
        .sending(t::send_payment_link_sending())
        .done(move |_, _| {
            task::set(just_sent, true);
            task::spawn_to_the_end(async move {
                task::sleep(PAUSE_MS).await;
                task::set(just_sent, false);
            });
            t::send_payment_link_done(LINK_PAUSE_MINUTES as usize, &email)
        })
        .place(places::payment_method(payment_method_id))
        .action()
}
