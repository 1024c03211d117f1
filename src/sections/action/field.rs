//! What an action asks: a control of the design system, bound to a signal and to the name by
//! which the server speaks of it.

use leptos::prelude::*;
use protocol::{Date, FieldProblem};

use crate::data::{Cell, Status};
use crate::i18n::{format, t};
use crate::sections::words;
use crate::ui::{
    self, Choice, DatePicker, OpenDays, Pick, Picker, RadioGroup, Select, Shape, Skeleton, Stepper,
    Switch, TextArea, Tick, Ticks,
};

/// One question of a [`Form`](super::Form).
pub(in crate::sections) struct Field {
    /// What the server calls it.
    name: &'static str,
    label: String,
    hint: String,
    optional: bool,
    shown: Option<Signal<bool>>,
    error: RwSignal<Option<String>>,
    check: Option<Check>,
    control: Control,
}

type Check = Box<dyn Fn() -> Option<String> + Send + Sync>;

/// The control that asks, and the signal it is bound to.
enum Control {
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

impl Field {
    fn new(name: &'static str, label: impl Into<String>, control: Control) -> Field {
        Field {
            name,
            label: label.into(),
            hint: String::new(),
            optional: false,
            shown: None,
            error: RwSignal::new(None),
            check: None,
            control,
        }
    }

    /// A day of the calendar. `original` is the day as it is now.
    pub(in crate::sections) fn date(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<Option<Date>>,
        days: impl Into<Signal<OpenDays>>,
        today: Date,
        original: Option<Date>,
    ) -> Field {
        let days = days.into();
        let control = Control::Date {
            value,
            days,
            today,
            original,
        };
        Field::new(name, label, control)
    }

    /// One of a few, all in sight.
    pub(in crate::sections) fn choice(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<String>,
        choices: impl Into<Signal<Vec<Choice>>>,
    ) -> Field {
        Field::new(name, label, Control::Choice(value, choices.into()))
    }

    /// One of a list that is too long to lay out: value and text.
    pub(in crate::sections) fn select(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<String>,
        options: impl Into<Signal<Vec<(String, String)>>>,
    ) -> Field {
        Field::new(name, label, Control::Select(value, options.into()))
    }

    /// How many, from `min` to `max`.
    pub(in crate::sections) fn count(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<u32>,
        min: u32,
        max: u32,
    ) -> Field {
        let range = t::form_range(
            &format::integer(max as usize),
            &format::integer(min as usize),
        );
        Field::new(name, label, Control::Count { value, min, max }).hint(range)
    }

    /// One line to type.
    pub(in crate::sections) fn text(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<String>,
    ) -> Field {
        let (kind, autocomplete) = ("text", "off");
        Field::new(
            name,
            label,
            Control::Text {
                value,
                kind,
                autocomplete,
            },
        )
    }

    /// Several lines to type, of at most `limit` characters.
    pub(in crate::sections) fn area(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<String>,
        limit: usize,
    ) -> Field {
        Field::new(name, label, Control::Area(value, limit))
    }

    /// Several of a few.
    pub(in crate::sections) fn ticks(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<Vec<String>>,
        ticks: impl Into<Signal<Vec<Tick>>>,
    ) -> Field {
        Field::new(name, label, Control::Ticks(value, ticks.into()))
    }

    /// One of several things with picture, price or note: products, addresses, ways to pay.
    pub(in crate::sections) fn pick(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<String>,
        picks: impl Into<Signal<Vec<Pick>>>,
    ) -> Field {
        Field::new(name, label, Control::Pick(value, picks.into()))
    }

    /// On or off.
    pub(in crate::sections) fn switch(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<bool>,
    ) -> Field {
        Field::new(name, label, Control::Switch(value)).optional()
    }

    /// Nothing to answer: what `make` draws stands between the questions.
    pub(in crate::sections) fn info(make: impl Fn() -> AnyView + Send + Sync + 'static) -> Field {
        Field::new("", "", Control::Info(Box::new(make))).optional()
    }

    /// Nothing to answer: until there is something to choose from in `cell`, that it is on its
    /// way, or that it did not come.
    pub(in crate::sections) fn coming(cell: &Cell) -> Field {
        let (view, status) = (cell.view.clone(), cell.status.clone());
        Field::info(move || {
            let (view, status) = (view.clone(), status.clone());
            let waiting = move || match (view.with(Option::is_some), status.get()) {
                (true, _) => ().into_any(),
                (false, Status::Failed(failure)) => {
                    view! { <p class="small">{words::failure(&failure).text}</p> }.into_any()
                }
                _ => view! { <Skeleton shape=Shape::Rows(4)/> }.into_any(),
            };
            waiting.into_any()
        })
    }

    /// Help that is always seen.
    pub(in crate::sections) fn hint(mut self, hint: impl Into<String>) -> Field {
        self.hint = hint.into();
        self
    }

    /// That it may stay empty.
    pub(in crate::sections) fn optional(mut self) -> Field {
        self.optional = true;
        self
    }

    /// The `type` and the autofill token of a line to type: `email`, `tel`.
    pub(in crate::sections) fn typed(
        mut self,
        as_kind: &'static str,
        token: &'static str,
    ) -> Field {
        if let Control::Text {
            kind, autocomplete, ..
        } = &mut self.control
        {
            (*kind, *autocomplete) = (as_kind, token);
        }
        self
    }

    /// That it is asked only while `shown` holds.
    pub(in crate::sections) fn shown_when(
        mut self,
        shown: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Field {
        self.shown = Some(Signal::derive(shown));
        self
    }

    /// A check before the control's own: what is wrong, in words.
    pub(in crate::sections) fn check(
        mut self,
        check: impl Fn() -> Option<String> + Send + Sync + 'static,
    ) -> Field {
        self.check = Some(Box::new(check));
        self
    }

    /// Whether the server calls it `name`.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.name == name && !name.is_empty()
    }

    /// Shows what the server found wrong; whether the customer can see it there.
    pub(super) fn refuse(&self, problem: &FieldProblem) -> bool {
        self.error.set(Some(words::field(problem, "")));
        self.is_shown()
    }

    /// Checks it and shows what is wrong; whether nothing is.
    pub(super) fn is_fine(&self) -> bool {
        let problem = match self.is_shown() {
            true => self.problem(),
            false => None,
        };
        let fine = problem.is_none();
        self.error.set(problem);
        fine
    }

    fn is_shown(&self) -> bool {
        self.shown.is_none_or(|shown| shown.get_untracked())
    }

    fn problem(&self) -> Option<String> {
        let said = self.check.as_ref().and_then(|check| check());
        said.or_else(|| self.control.problem(self.optional))
    }

    /// The control, its label, its hint and what is wrong with it.
    pub(super) fn view(&self) -> AnyView {
        let (control, error) = (self.control.tracker(), self.error);
        Effect::new(move |before: Option<()>| {
            control();
            // What was wrong is being put right: it is checked again with the form.
            if before.is_some() {
                error.set(None);
            }
        });
        let drawn = self.draw();
        match self.shown {
            None => drawn,
            Some(shown) => view! { <div hidden=move || !shown.get()>{drawn}</div> }.into_any(),
        }
    }

    fn draw(&self) -> AnyView {
        let (label, error, optional) = (self.label.clone(), self.error, self.optional);
        let hint = (!self.hint.is_empty()).then(|| Signal::stored(self.hint.clone()));
        match &self.control {
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
}

impl Control {
    /// What reads its value, so that an effect runs again when it changes.
    fn tracker(&self) -> Box<dyn Fn() + Send + Sync> {
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
    fn problem(&self, optional: bool) -> Option<String> {
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
