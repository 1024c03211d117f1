//! Pausing several subscriptions until one day.

use leptos::prelude::*;
use protocol::{Date, Intent, PauseSubscriptions, SubscriptionsDate};

use super::bulk::{self, BulkContext, Ticked};
use super::form::Form;
use super::pause_length::PauseLength;
use crate::i18n::t;
use crate::overview::page::Page;

/// Opens the form for pausing several subscriptions.
pub(crate) fn open(page: &Page, context: BulkContext) {
    bulk::open(page, context, form);
}

fn form(context: BulkContext, ticked: Ticked) -> Form {
    let (dates_of_shop, today) = (context.dates.clone(), context.today);
    // All that are ticked are paused until one day, which is after the last of their next dates.
    let dates: Vec<(String, Option<Date>)> = context
        .cards
        .iter()
        .map(|card| (card.id.to_string(), card.next_date))
        .collect();
    let last = Signal::derive(move || {
        let meant = dates
            .iter()
            .filter(|(id, _)| ticked.0.with(|ids| ids.contains(id)));
        meant.filter_map(|(_, date)| *date).max().unwrap_or(today)
    });
    let length = PauseLength::new(last, dates_of_shop, &context.rules, today);
    let mut fields = vec![bulk::which(&context, ticked)];
    fields.extend(length.fields());
    let intent = move || {
        Intent::PauseSubscriptions(PauseSubscriptions {
            body: SubscriptionsDate {
                subscription_ids: ticked.ids(),
                date: length.until(),
            },
        })
    };
    Form::new(t::pause_subscriptions_title(), intent)
        .fields(fields)
        .meaning(|| t::pause_meaning().into())
        .confirm(|| t::pause_subscriptions_title().into())
}
