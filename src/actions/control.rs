//! The controls of a form, each bound to a signal.

use leptos::prelude::*;
use protocol::Date;

use crate::i18n::{format, t};
use crate::ui::{
    self, Choice, DatePicker, OpenDays, Pick, Picker, RadioGroup, Select, Stepper, Switch,
    TextArea, Tick, Ticks,
};

/// Stands between several values in one text: in none of them, which are ids.
const SEPARATOR: &str = ",";
/// The text of a switch that is on.
const ON: &str = "on";

/// The control that asks, and the signal it is bound to.
pub(super) enum Control {
    Date {
        value: RwSignal<Option<Date>>,
        days: Signal<OpenDays>,
        today: Date,
        original: Option<Date>,
    },
    Choice(RwSignal<String>, Signal<Vec<Choice>>),
    Select(RwSignal<String>, Signal<Vec<(String, String)>>),
    Count {
        value: RwSignal<u32>,
        min: u32,
        max: u32,
    },
    Text {
        value: RwSignal<String>,
        kind: &'static str,
        autocomplete: &'static str,
    },
    Area(RwSignal<String>, usize),
    Ticks(RwSignal<Vec<String>>, Signal<Vec<Tick>>),
    Pick(RwSignal<String>, Signal<Vec<Pick>>),
    Switch(RwSignal<bool>),
    Info(Box<dyn Fn() -> AnyView + Send + Sync>),
}

impl Control {
    /// Its value as text, tracked.
    pub(super) fn value(&self) -> String {
        match self {
            Control::Date { value, .. } => value.get().map(|date| date.to_string()),
            Control::Choice(value, _)
            | Control::Select(value, _)
            | Control::Text { value, .. }
            | Control::Area(value, _)
            | Control::Pick(value, _) => Some(value.get()),
            Control::Count { value, .. } => Some(value.get().to_string()),
            Control::Ticks(value, _) => Some(value.get().join(SEPARATOR)),
            Control::Switch(value) => value.get().then(|| ON.to_owned()),
            Control::Info(_) => None,
        }
        .unwrap_or_default()
    }

    /// Fills in the text of a value that it had before, as far as that can still be chosen.
    pub(super) fn fill(&self, text: String) {
        let of_few = |value: RwSignal<String>, known: Vec<String>, text: String| {
            // What there is to choose from may still be on its way; nothing may have been chosen.
            if known.is_empty() || text.is_empty() || known.contains(&text) {
                value.set(text);
            }
        };
        match self {
            Control::Date { value, .. } => value.set(text.parse().ok()),
            Control::Choice(value, all) => of_few(*value, values(*all, |c| &c.value), text),
            Control::Select(value, all) => of_few(*value, values(*all, |(key, _)| key), text),
            Control::Pick(value, all) => of_few(*value, values(*all, |pick| &pick.value), text),
            Control::Text { value, .. } | Control::Area(value, _) => value.set(text),
            Control::Count { value, .. } => value.set(text.parse().unwrap_or_default()),
            Control::Ticks(value, all) => {
                let known = values(*all, |tick| &tick.value);
                let ticked = text.split(SEPARATOR).map(str::to_owned);
                value.set(ticked.filter(|one| known.contains(one)).collect());
            }
            Control::Switch(value) => value.set(text == ON),
            Control::Info(_) => {}
        }
    }

    /// The control with its label, its hint and what is wrong with it.
    pub(super) fn draw(
        &self,
        label: String,
        hint: Option<Signal<String>>,
        error: RwSignal<Option<String>>,
        optional: bool,
    ) -> AnyView {
        match self {
            Control::Date {
                value,
                days,
                today,
                original,
            } => {
                let (value, days, today, original) = (*value, *days, *today, *original);
                view! { <DatePicker label value days today original hint error/> }.into_any()
            }
            Control::Choice(value, choices) => {
                view! { <RadioGroup legend=label value=*value choices=*choices hint error/> }
                    .into_any()
            }
            Control::Select(value, options) => {
                let hint = hint.unwrap_or_default();
                view! { <Select label value=*value options=*options hint error optional/> }
                    .into_any()
            }
            Control::Count { value, min, max } => {
                view! { <Stepper label value=*value min=*min max=*max hint error/> }.into_any()
            }
            Control::Text {
                value,
                kind,
                autocomplete,
            } => {
                let (value, kind, autocomplete) = (*value, *kind, *autocomplete);
                let hint = hint.unwrap_or_default();
                view! { <ui::Field label value kind autocomplete hint error optional/> }.into_any()
            }
            Control::Area(value, limit) => {
                let hint = hint.unwrap_or_default();
                view! { <TextArea label value=*value limit=*limit hint error optional/> }.into_any()
            }
            Control::Ticks(value, ticks) => {
                view! { <Ticks label value=*value ticks=*ticks hint error/> }.into_any()
            }
            Control::Pick(value, picks) => {
                view! { <Picker label value=*value picks=*picks hint error/> }.into_any()
            }
            Control::Switch(value) => {
                view! { <Switch label value=*value hint=hint.unwrap_or_default()/> }.into_any()
            }
            Control::Info(make) => make(),
        }
    }

    /// What reads its value, so that an effect runs again when it changes.
    pub(super) fn tracker(&self) -> Box<dyn Fn() + Send + Sync> {
        match self {
            Control::Date { value, .. } => {
                let value = *value;
                Box::new(move || value.track())
            }
            Control::Choice(value, _)
            | Control::Select(value, _)
            | Control::Text { value, .. }
            | Control::Area(value, _)
            | Control::Pick(value, _) => {
                let value = *value;
                Box::new(move || value.track())
            }
            Control::Count { value, .. } => {
                let value = *value;
                Box::new(move || value.track())
            }
            Control::Ticks(value, _) => {
                let value = *value;
                Box::new(move || value.track())
            }
            Control::Switch(_) | Control::Info(_) => Box::new(|| {}),
        }
    }

    /// What is wrong with the value by the control's own rules.
    pub(super) fn problem(&self, optional: bool) -> Option<String> {
        match self {
            Control::Date { value, days, .. } => match value.get_untracked() {
                None => (!optional).then(|| t::form_choose_day().to_owned()),
                Some(date) => {
                    let open = days.with_untracked(|days| days.allows(date));
                    (!open).then(|| t::form_day_closed().to_owned())
                }
            },
            Control::Count { value, min, max } => {
                let fits = (*min..=*max).contains(&value.get_untracked());
                let ends = || {
                    t::form_range(
                        &format::integer(*max as usize),
                        &format::integer(*min as usize),
                    )
                };
                (!fits).then(ends)
            }
            Control::Text { value, .. } | Control::Area(value, _) => {
                let empty = value.with_untracked(|text| text.trim().is_empty());
                (empty && !optional).then(|| t::field_required().to_owned())
            }
            Control::Choice(value, _) | Control::Select(value, _) | Control::Pick(value, _) => {
                let none = value.with_untracked(String::is_empty);
                (none && !optional).then(|| t::form_choose_one().to_owned())
            }
            Control::Ticks(value, _) => {
                let none = value.with_untracked(Vec::is_empty);
                (none && !optional).then(|| t::form_choose_some().to_owned())
            }
            Control::Switch(_) | Control::Info(_) => None,
        }
    }
}

/// What there is to choose from, by what stands for it.
fn values<T: Send + Sync + 'static>(all: Signal<Vec<T>>, value: fn(&T) -> &String) -> Vec<String> {
    all.with_untracked(|all| all.iter().map(|one| value(one).clone()).collect())
}
