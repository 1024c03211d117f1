//! Pausing and resuming, as declarations.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{DateRules, SubscriptionCard};
use protocol::{Date, Intent, NextDate, Pause};

use super::actions::Desk;
use super::forms::open_days;
use super::place;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::sections::action::{Field, Form};
use crate::ui::{Choice, OpenDays};

/// What stands for a day of the customer's choice among the lengths of a pause.
const A_DAY: &str = "day";

/// How long a pause lasts: a number of months, or until a day.
#[derive(Clone)]
pub(super) struct Length {
    value: RwSignal<String>,
    day: RwSignal<Option<Date>>,
    rules: DateRules,
    from: Date,
    months: Vec<u32>,
    today: Date,
}

impl Length {
    /// A pause from `from` on, the day of the next charge, of the lengths that the merchant offers.
    pub(super) fn new(from: Date, rules: DateRules, months: Vec<u32>, today: Date) -> Length {
        let first = months.first().map(u32::to_string);
        Length {
            value: RwSignal::new(first.unwrap_or_else(|| A_DAY.to_owned())),
            day: RwSignal::new(None),
            rules,
            from,
            months,
            today,
        }
    }

    /// The day on which a pause of so many months ends.
    fn after(&self, months: u32) -> Option<Date> {
        let months = i32::try_from(months).ok()?;
        self.rules.first_from(self.from.add_months(months))
    }

    /// The day on which it ends.
    pub(super) fn until(&self) -> Date {
        let chosen = match self.value.with_untracked(|value| value.parse::<u32>()) {
            Ok(months) => self.after(months),
            Err(_) => self.day.get_untracked(),
        };
        chosen.unwrap_or(self.rules.latest)
    }

    /// What is asked: how long or, if that is chosen, until which day.
    pub(super) fn fields(&self) -> Vec<Field> {
        let months = self.months.iter().filter_map(|months| {
            let until = format::date(self.after(*months)?, self.today);
            Some(Choice {
                value: months.to_string(),
                label: t::pause_months(*months as usize),
                hint: t::pause_until(&until),
            })
        });
        let a_day = Choice {
            value: A_DAY.to_owned(),
            label: t::pause_day().to_owned(),
            hint: String::new(),
        };
        let choices: Vec<Choice> = months.chain([a_day]).collect();
        let days = OpenDays {
            min: Some(self.rules.earliest.max(self.from.add_days(1))),
            ..open_days(&self.rules)
        };
        let (value, day) = (self.value, self.day);
        let is_day = move || value.with(|value| value == A_DAY);
        vec![
            Field::choice("", t::pause_field(), value, choices),
            Field::date("until", t::pause_date(), day, days, self.today, None).shown_when(is_day),
        ]
    }
}

/// Pausing one subscription.
pub(super) fn pause(desk: Desk) -> Arc<dyn Action> {
    let (card, today) = (desk.detail.card, desk.today);
    let from = card.next_date.unwrap_or(today);
    let length = Length::new(from, desk.dates, desk.rules.pause_months, today);
    let fields = length.fields();
    let subscription_id = card.id;
    let until = length.clone();
    let intent = move || Intent::PauseSubscription {
        subscription_id,
        body: Pause {
            until: length.until(),
        },
    };
    Form::new(t::pause_title(), intent)
        .fields(fields)
        .meaning(|| t::pause_meaning().into())
        .confirm(|| t::pause_confirm().into())
        .done(move |_, _| t::pause_done(&format::date(until.until(), today)))
        .place(place(&card))
        .action()
}

/// Resuming before the day it was paused until.
pub(super) fn resume(desk: Desk) -> Arc<dyn Action> {
    let (card, today): (SubscriptionCard, Date) = (desk.detail.card, desk.today);
    let first = desk.dates.first_from(today);
    let value = RwSignal::new(first);
    let subscription_id = card.id;
    let intent = move || Intent::ResumeSubscription {
        subscription_id,
        body: NextDate {
            date: value.get_untracked().unwrap_or(today),
        },
    };
    let days = OpenDays {
        max: card.paused_until.map(|until| until.add_days(-1)),
        ..open_days(&desk.dates)
    };
    let date = move || format::date(value.get_untracked().unwrap_or(today), today);
    Form::new(t::resume_title(), intent)
        .fields(vec![Field::date(
            "date",
            t::resume_field(),
            value,
            days,
            today,
            None,
        )])
        .confirm(|| t::resume_confirm().into())
        .done(move |_, _| t::date_done(&date()))
        .place(place(&card))
        .action()
}
