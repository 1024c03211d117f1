//! Resuming a paused subscription before the day it was paused until.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{Intent, NextDate, ResumeSubscription};

use super::field::Field;
use super::form::Form;
use super::open_days::open_days;
use super::places;
use super::subscription_context::SubscriptionContext;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::ui::OpenDays;

/// Opens the form for resuming a subscription.
pub(crate) fn open(page: &Page, context: SubscriptionContext) {
    page.changes.start(|| action(context));
}

fn action(context: SubscriptionContext) -> Arc<dyn Action> {
    let (card, today) = (context.detail.card, context.today);
    let first = context.dates.first_from(today);
    let value = RwSignal::new(first);
    let subscription_id = card.id;
    let intent = move || {
        Intent::ResumeSubscription(ResumeSubscription {
            subscription_id,
            body: NextDate {
                date: value.get_untracked().unwrap_or(today),
            },
        })
    };
    let days = OpenDays {
        max: card.paused_until.map(|until| until.add_days(-1)),
        ..open_days(&context.dates)
    };
    let date = move || format::date(value.get_untracked().unwrap_or(today), today);
    Form::new(t::resume_subscription_title(), intent)
        .fields(vec![Field::date(
            "date",
            t::resume_subscription_field(),
            value,
            days,
            today,
            None,
        )])
        .live()
        .confirm(|| t::resume_subscription_confirm().into())
        .done(move |_, _| t::date_done(&date()))
        .place(places::subscription(card.id))
        .action()
}
