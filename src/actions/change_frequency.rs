//! Changing how often a subscription comes.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{ChangeFrequency, Frequency, Intent, Interval, Unit};

use super::field::Field;
use super::form::Form;
use super::places;
use super::subscription_context::{SubscriptionContext, next_date};
use crate::data::Action;
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::Choice;

/// Stands for no frequency at all.
const MONTHLY: Interval = Interval {
    unit: Unit::Month,
    every: 1,
};

/// Opens the form for the frequency of a subscription.
pub(crate) fn open(page: &Page, context: SubscriptionContext) {
    page.changes.start(|| action(context));
}

fn action(context: SubscriptionContext) -> Arc<dyn Action> {
    let (card, today) = (context.detail.card, context.today);
    let id = card.id;
    let all = context.detail.frequencies;
    let now = all.iter().position(|one| Some(*one) == card.interval);
    let value = RwSignal::new(now.map(|at| at.to_string()).unwrap_or_default());
    let choices: Vec<Choice> = all
        .iter()
        .enumerate()
        .map(|(at, interval)| Choice {
            value: at.to_string(),
            label: words::sentence(&words::interval(*interval)),
            hint: if Some(at) == now {
                t::change_frequency_now().to_owned()
            } else {
                String::new()
            },
        })
        .collect();
    let chosen = move || -> Option<Interval> {
        let at: usize = value.with_untracked(|at| at.parse().ok())?;
        all.get(at).copied()
    };
    let often = chosen.clone();
    let intent = move || {
        // The form is complete before this is sent, so something is chosen.
        let interval = chosen().unwrap_or(MONTHLY);
        Intent::ChangeFrequency(ChangeFrequency {
            subscription_id: id,
            body: Frequency { interval },
        })
    };
    let prepaid = card.deliveries_per_charge;
    Form::new(t::change_frequency_title(), intent)
        .edits()
        .live()
        .fields(vec![Field::choice(
            "interval",
            t::change_frequency_field(),
            value,
            choices,
        )])
        .meaning(move || match prepaid {
            0..=1 => String::new(),
            many => t::change_frequency_prepaid(&format::integer(many as usize)),
        })
        .done(move |data, _| {
            let often = often().map(words::interval).unwrap_or_default();
            t::change_frequency_done(&next_date(data, id, today), &often)
        })
        .place(places::subscription(card.id))
        .action()
}
