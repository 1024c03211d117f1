//! Changing how many of a subscription come.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{ChangeQuantity, Intent, Quantity};

use super::field::Field;
use super::form::Form;
use super::places;
use super::subscription_context::SubscriptionContext;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::overview::page::Page;

/// Opens the form for the quantity of a subscription.
pub(crate) fn open(page: &Page, context: SubscriptionContext) {
    page.changes.start(|| action(context));
}

fn action(context: SubscriptionContext) -> Arc<dyn Action> {
    let card = context.detail.card;
    let value = RwSignal::new(card.quantity);
    let intent = move || {
        Intent::ChangeQuantity(ChangeQuantity {
            subscription_id: card.id,
            body: Quantity {
                quantity: value.get_untracked(),
            },
        })
    };
    let (fewest, most) = (context.rules.fewest, context.rules.most);
    let limit = t::change_quantity_limit(&format::integer(most as usize));
    let many = move || format::integer(value.get_untracked() as usize);
    let place = places::subscription(card.id);
    Form::new(t::change_quantity_title(), intent)
        .edits()
        .live()
        .fields(vec![
            Field::count("quantity", t::change_quantity_field(), value, fewest, most).hint(limit),
        ])
        .done(move |_, _| t::change_quantity_done(&many()))
        .place(place)
        .action()
}
