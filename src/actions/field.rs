//! What an action asks: a control of the design system, bound to a signal and to the name by
//! which the server speaks of it.

use leptos::prelude::*;
use protocol::{Date, FieldError};

use super::control::Control;
use crate::data::{Cell, Status};
use crate::i18n::{format, t};
use crate::overview::words;
use crate::ui::{Choice, OpenDays, Pick, Shape, Skeleton, Tick};

/// One question of a [`Form`](super::form::Form).
pub(crate) struct Field {
    /// What the server calls it.
    name: &'static str,
    label: String,
    hint: String,
    optional: bool,
    shown: Option<Signal<bool>>,
    folded: bool,
    error: RwSignal<Option<String>>,
    check: Option<Check>,
    control: Control,
}

type Check = Box<dyn Fn() -> Option<String> + Send + Sync>;

impl Field {
    fn new(name: &'static str, label: impl Into<String>, control: Control) -> Field {
        Field {
            name,
            label: label.into(),
            hint: String::new(),
            optional: false,
            shown: None,
            folded: false,
            error: RwSignal::new(None),
            check: None,
            control,
        }
    }

    /// A day of the calendar. `original` is the day as it is now.
    pub(crate) fn date(
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
    pub(crate) fn choice(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<String>,
        choices: impl Into<Signal<Vec<Choice>>>,
    ) -> Field {
        Field::new(name, label, Control::Choice(value, choices.into()))
    }

    /// One of a list that is too long to lay out: value and text.
    pub(crate) fn select(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<String>,
        options: impl Into<Signal<Vec<(String, String)>>>,
    ) -> Field {
        Field::new(name, label, Control::Select(value, options.into()))
    }

    /// How many, from `min` to `max`.
    pub(crate) fn count(
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
    pub(crate) fn text(
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
    pub(crate) fn area(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<String>,
        limit: usize,
    ) -> Field {
        Field::new(name, label, Control::Area(value, limit))
    }

    /// Several of a few.
    pub(crate) fn ticks(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<Vec<String>>,
        ticks: impl Into<Signal<Vec<Tick>>>,
    ) -> Field {
        Field::new(name, label, Control::Ticks(value, ticks.into()))
    }

    /// One of several things with picture, price or note: products, addresses, ways to pay.
    pub(crate) fn pick(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<String>,
        picks: impl Into<Signal<Vec<Pick>>>,
    ) -> Field {
        Field::new(name, label, Control::Pick(value, picks.into()))
    }

    /// On or off.
    pub(crate) fn switch(
        name: &'static str,
        label: impl Into<String>,
        value: RwSignal<bool>,
    ) -> Field {
        Field::new(name, label, Control::Switch(value)).optional()
    }

    /// Nothing to answer: what `make` draws stands between the questions.
    pub(crate) fn info(make: impl Fn() -> AnyView + Send + Sync + 'static) -> Field {
        Field::new("", "", Control::Info(Box::new(make))).optional()
    }

    /// Nothing to answer: until there is something to choose from in `cell`, that it is on its
    /// way, or that it did not come.
    pub(crate) fn coming(cell: &Cell) -> Field {
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
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Field {
        self.hint = hint.into();
        self
    }

    /// That it may stay empty.
    pub(crate) fn optional(mut self) -> Field {
        self.optional = true;
        self
    }

    /// The `type` and the autofill token of a line to type: `email`, `tel`.
    pub(crate) fn typed(mut self, as_kind: &'static str, token: &'static str) -> Field {
        if let Control::Text {
            kind, autocomplete, ..
        } = &mut self.control
        {
            (*kind, *autocomplete) = (as_kind, token);
        }
        self
    }

    /// That it waits under its label, because few answer it otherwise than it is answered already.
    pub(crate) fn folded(mut self) -> Field {
        self.folded = true;
        self
    }

    /// That it is asked only while `shown` holds.
    pub(crate) fn shown_when(mut self, shown: impl Fn() -> bool + Send + Sync + 'static) -> Field {
        self.shown = Some(Signal::derive(shown));
        self
    }

    /// A check before the control's own: what is wrong, in words.
    pub(crate) fn check(
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
    pub(super) fn refuse(&self, error: &FieldError) -> bool {
        self.error.set(Some(words::field(error, "")));
        self.is_shown()
    }

    /// Checks it and shows what is wrong; whether nothing is.
    pub(super) fn is_fine(&self) -> bool {
        let problem = if self.is_shown() {
            self.problem()
        } else {
            None
        };
        let fine = problem.is_none();
        self.error.set(problem);
        fine
    }

    /// Whether nothing is wrong with it; shows nothing.
    pub(super) fn is_ready(&self) -> bool {
        !self.is_shown() || self.problem().is_none()
    }

    /// Its value as text.
    pub(super) fn value(&self) -> String {
        self.control.value()
    }

    /// Fills in the text of a value that it had before, as far as that can still be chosen.
    pub(super) fn fill(&self, text: String) {
        self.control.fill(text);
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
        let hint = (!self.hint.is_empty()).then(|| Signal::stored(self.hint.clone()));
        let label = self.label.clone();
        let drawn = self
            .control
            .draw(label.clone(), hint, self.error, self.optional);
        let drawn = if self.folded {
            view! { <details class="fold"><summary>{label}</summary>{drawn}</details> }.into_any()
        } else {
            drawn
        };
        match self.shown {
            None => drawn,
            Some(shown) => view! { <div hidden=move || !shown.get()>{drawn}</div> }.into_any(),
        }
    }
}
