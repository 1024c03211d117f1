//! Changing the date of a subscription's next delivery.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{ChangeDate, Intent, NextDate};

use super::field::Field;
use super::form::Form;
use super::open_days::open_days;
use super::places;
use super::subscription_context::{SubscriptionContext, next_date};
use crate::data::Action;
use crate::i18n::t;
use crate::overview::page::Page;

/// Opens the form for the next date of a subscription.
pub(crate) fn open(page: &Page, context: SubscriptionContext) {
    page.changes.start(|| action(context));
}

fn action(context: SubscriptionContext) -> Arc<dyn Action> {
    let (card, today) = (context.detail.card, context.today);
    let id = card.id;
    let value = RwSignal::new(card.next_date);
    let intent = move || {
        Intent::ChangeDate(ChangeDate {
            subscription_id: id,
            body: NextDate {
                date: value.get_untracked().unwrap_or(today),
            },
        })
    };
    let days = open_days(&context.dates);
    Form::new(t::change_date_title(), intent)
        .edits()
        .live()
        .fields(vec![
            Field::date("date", t::date_field(), value, days, today, card.next_date)
                .hint(t::date_hint()),
        ])
        .done(move |data, _| t::date_done(&next_date(data, id, today)))
        .place(places::subscription(card.id))
        .action()
}
