//! The question how long a pause lasts.

use leptos::prelude::*;
use protocol::Date;
use protocol::view::{DateRules, SubscriptionRules};

use super::field::Field;
use super::open_days::open_days;
use crate::i18n::{format, t};
use crate::ui::{Choice, OpenDays};

/// What stands for a day of the customer's choice among the lengths of a pause.
const A_DAY: &str = "day";

/// How long a pause lasts: a number of months, or until a day.
#[derive(Clone)]
pub(super) struct PauseLength {
    value: RwSignal<String>,
    day: RwSignal<Option<Date>>,
    rules: DateRules,
    from: Signal<Date>,
    months: Vec<u32>,
    /// The longest one, in days.
    longest: i32,
    today: Date,
}

impl PauseLength {
    /// A pause from `from` on, the day of the next charge, of the lengths that the merchant offers.
    pub(super) fn new(
        from: impl Into<Signal<Date>>,
        rules: DateRules,
        subscriptions: &SubscriptionRules,
        today: Date,
    ) -> PauseLength {
        let longest = subscriptions.longest_pause_days;
        let longest = longest.and_then(|days| i32::try_from(days).ok());
        let mut length = PauseLength {
            value: RwSignal::new(A_DAY.to_owned()),
            day: RwSignal::new(None),
            rules,
            from: from.into(),
            months: subscriptions.pause_months.clone(),
            longest: longest.unwrap_or(i32::MAX),
            today,
        };
        let fits = |months: &u32| untrack(|| length.after(*months)).is_some();
        let months: Vec<u32> = length.months.iter().copied().filter(fits).collect();
        if let Some(first) = months.first() {
            length.value.set(first.to_string());
        }
        length.months = months;
        length
    }

    /// The day on which a pause of so many months ends; nothing where that is too long.
    fn after(&self, months: u32) -> Option<Date> {
        let months = i32::try_from(months).ok()?;
        let from = self.from.get();
        let until = self.rules.first_from(from.add_months(months))?;
        (from.days_until(until) <= self.longest).then_some(until)
    }

    /// The day on which it ends.
    pub(super) fn until(&self) -> Date {
        let chosen = match self.value.with_untracked(|value| value.parse::<u32>()) {
            Ok(months) => untrack(|| self.after(months)),
            Err(_) => self.day.get_untracked(),
        };
        chosen.unwrap_or(self.rules.latest)
    }

    /// What is asked: how long or, if that is chosen, until which day.
    pub(super) fn fields(&self) -> Vec<Field> {
        let own = self.clone();
        let choices = Signal::derive(move || own.choices());
        let (rules, from, longest) = (self.rules.clone(), self.from, self.longest);
        let days = Signal::derive(move || {
            let from = from.get();
            // No day that can be chosen is further away than that.
            let ahead = from.days_until(rules.latest).min(longest);
            OpenDays {
                min: Some(rules.earliest.max(from.add_days(1))),
                max: Some(from.add_days(ahead)),
                ..open_days(&rules)
            }
        });
        let (value, day) = (self.value, self.day);
        let is_day = move || value.with(|value| value == A_DAY);
        vec![
            Field::choice("", t::pause_field(), value, choices),
            Field::date("until", t::pause_date(), day, days, self.today, None).shown_when(is_day),
        ]
    }

    fn choices(&self) -> Vec<Choice> {
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
        months.chain([a_day]).collect()
    }
}
