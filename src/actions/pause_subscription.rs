//! Pausing a subscription.

use std::sync::Arc;

use protocol::{Intent, Pause, PauseSubscription};

use super::form::Form;
use super::pause_length::PauseLength;
use super::places;
use super::subscription_context::SubscriptionContext;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::overview::page::Page;

/// Opens the form for pausing a subscription.
pub(crate) fn open(page: &Page, context: SubscriptionContext) {
    page.changes.start(|| action(context));
}

fn action(context: SubscriptionContext) -> Arc<dyn Action> {
    let (card, today) = (context.detail.card, context.today);
    let from = card.next_date.unwrap_or(today);
    let length = PauseLength::new(from, context.dates, &context.rules, today);
    let fields = length.fields();
    let subscription_id = card.id;
    let until = length.clone();
    let intent = move || {
        Intent::PauseSubscription(PauseSubscription {
            subscription_id,
            body: Pause {
                until: length.until(),
            },
        })
    };
    Form::new(t::pause_subscription_title(), intent)
        .fields(fields)
        .live()
        .meaning(|| t::pause_meaning().into())
        .confirm(|| t::pause_confirm().into())
        .done(move |_, _| t::pause_subscription_done(&format::date(until.until(), today)))
        .place(places::subscription(card.id))
        .action()
}
