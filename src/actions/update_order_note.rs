//! Changing the note on everything that ships to a subscription's address.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{Intent, OrderNote, UpdateOrderNote};

use super::field::Field;
use super::form::Form;
use super::places;
use super::subscription_context::SubscriptionContext;
use crate::data::Action;
use crate::i18n::t;
use crate::overview::page::Page;

/// Opens the form for the order note.
pub(crate) fn open(page: &Page, context: SubscriptionContext) {
    page.changes.start(|| action(context));
}

fn action(context: SubscriptionContext) -> Arc<dyn Action> {
    let before = context.detail.order_note;
    let value = RwSignal::new(before);
    let address_id = context.detail.card.address_id;
    let intent = move || {
        Intent::UpdateOrderNote(UpdateOrderNote {
            address_id,
            body: OrderNote {
                note: value.get_untracked(),
            },
        })
    };
    let limit = context.rules.note_length as usize;
    Form::new(t::update_order_note_title(), intent)
        .edits()
        .one_step()
        .fields(vec![
            Field::area("note", t::update_order_note_field(), value, limit)
                .hint(t::update_order_note_hint())
                .optional(),
        ])
        .done(|_, _| t::update_order_note_done().into())
        .place(places::subscription(context.detail.card.id))
        .action()
}
