//! Changing the next date of several subscriptions to one day.

use leptos::prelude::*;
use protocol::{ChangeDates, Date, Intent, SubscriptionsDate};

use super::bulk::{self, BulkContext, Ticked};
use super::field::Field;
use super::form::Form;
use super::open_days::open_days;
use crate::i18n::t;
use crate::overview::page::Page;

/// Opens the form for the next date of several subscriptions.
pub(crate) fn open(page: &Page, context: BulkContext) {
    bulk::open(page, context, form);
}

fn form(context: BulkContext, ticked: Ticked) -> Form {
    let (value, today) = (RwSignal::new(None::<Date>), context.today);
    let intent = move || {
        Intent::ChangeDates(ChangeDates {
            body: SubscriptionsDate {
                subscription_ids: ticked.ids(),
                date: value.get_untracked().unwrap_or(today),
            },
        })
    };
    let days = open_days(&context.dates);
    Form::new(t::change_dates_title(), intent).fields(vec![
        bulk::which(&context, ticked),
        Field::date("date", t::date_field(), value, days, today, None).hint(t::date_hint()),
    ])
}
