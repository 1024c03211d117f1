//! An action declared instead of written: what it asks, what it sends, what it says.
//!
//! ```text
//! let every = RwSignal::new(4);
//! Form::new(t::change_frequency_title(), move || Intent::ChangeFrequency(ChangeFrequency { … }))
//!     .fields(vec![Field::count("interval", t::frequency_every(), every, 1, 12)])
//!     .confirm(|| t::frequency_confirm().into())
//!     .done(|_, _| t::change_frequency_done().into())
//!     .place(place(&card))
//!     .action()
//! ```
//!
//! The signals of its fields belong to the change: make them inside of
//! [`Changes::start`](crate::data::Changes::start).

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{FieldError, Intent, Operation, Sendable};

use super::field::Field;
use super::undone;
use crate::data::{Action, Data};
use crate::i18n::t;
use crate::ui::{Glyph, Icon, Line};

type Made<T> = Box<dyn Fn() -> T + Send + Sync>;
type Subject = Box<dyn Fn(&str) -> String + Send + Sync>;
type Refused = Box<dyn Fn(&[FieldError]) -> bool + Send + Sync>;
type Done = Box<dyn Fn(Data, &str) -> String + Send + Sync>;

/// One action of a customer, as data.
pub(crate) struct Form {
    title: String,
    fields: Vec<Field>,
    check: Made<bool>,
    review: Made<Vec<Line>>,
    meaning: Made<String>,
    confirm: Made<String>,
    sending: &'static str,
    ending: bool,
    one_step: bool,
    live: bool,
    fold: Option<&'static str>,
    quick: Option<Made<bool>>,
    /// What would be sent if nothing were changed, where that would be for nothing.
    unchanged: Option<Sendable>,
    idle: RwSignal<bool>,
    intent: Made<Intent>,
    done: Done,
    undone: Option<Made<String>>,
    place: String,
    each: Option<(RwSignal<Vec<String>>, Subject)>,
    refused: Refused,
    typed: Vec<RwSignal<String>>,
}

impl Form {
    /// An action called `title`: "Skip a delivery", that sends what `intent` makes of the fields.
    pub(crate) fn new(
        title: impl Into<String>,
        intent: impl Fn() -> Intent + Send + Sync + 'static,
    ) -> Form {
        Form {
            title: title.into(),
            fields: Vec::new(),
            check: Box::new(|| true),
            review: Box::new(Vec::new),
            meaning: Box::new(String::new),
            confirm: Box::new(|| t::change_save().into()),
            sending: t::change_saving(),
            ending: false,
            one_step: false,
            live: false,
            fold: None,
            quick: None,
            unchanged: None,
            idle: RwSignal::new(false),
            intent: Box::new(intent),
            done: Box::new(|_, _| t::change_saved().into()),
            undone: None,
            place: String::new(),
            each: None,
            refused: Box::new(|_| false),
            typed: Vec::new(),
        }
    }

    /// What is asked before the review; without fields the action starts at its review.
    pub(crate) fn fields(mut self, fields: Vec<Field>) -> Form {
        self.fields = fields;
        self
    }

    /// A check of what concerns several fields at once, after each field's own. It shows by
    /// itself what is wrong, and answers whether all is well.
    pub(crate) fn check(mut self, check: impl Fn() -> bool + Send + Sync + 'static) -> Form {
        self.check = Box::new(check);
        self
    }

    /// Shows what the server found wrong with fields that are not the form's own, and answers
    /// whether there was such a field.
    pub(crate) fn refused(
        mut self,
        show: impl Fn(&[FieldError]) -> bool + Send + Sync + 'static,
    ) -> Form {
        self.refused = Box::new(show);
        self
    }

    /// What is typed into fields that are not the form's own: a part of its draft.
    pub(crate) fn typed(mut self, values: &[RwSignal<String>]) -> Form {
        self.typed = values.to_vec();
        self
    }

    /// What the review says beside the server's preview: what only the browser knows.
    pub(crate) fn review(mut self, lines: impl Fn() -> Vec<Line> + Send + Sync + 'static) -> Form {
        self.review = Box::new(lines);
        self
    }

    /// One or two sentences on what it means.
    pub(crate) fn meaning(mut self, say: impl Fn() -> String + Send + Sync + 'static) -> Form {
        self.meaning = Box::new(say);
        self
    }

    /// The button that sends it, "Save" unless said otherwise.
    pub(crate) fn confirm(mut self, say: impl Fn() -> String + Send + Sync + 'static) -> Form {
        self.confirm = Box::new(say);
        self
    }

    /// The words while it is being sent, "Saving" unless said otherwise.
    pub(crate) fn sending(mut self, words: &'static str) -> Form {
        self.sending = words;
        self
    }

    /// That it ends something.
    pub(crate) fn ending(mut self) -> Form {
        self.ending = true;
        self
    }

    /// That the form shows all that will happen, so that it is sent without a review.
    pub(crate) fn one_step(mut self) -> Form {
        self.one_step = true;
        self
    }

    /// That form and review are one: the outcome stands beside the form and follows it.
    pub(crate) fn live(mut self) -> Form {
        self.live = true;
        self
    }

    /// The same with the outcome first, and the fields folded under `label`: for what few change.
    pub(crate) fn folded(mut self, label: &'static str) -> Form {
        self.fold = Some(label);
        self.live()
    }

    /// That it is sent without a review where `is_plain` holds and the preview says that it costs
    /// and loses nothing.
    pub(crate) fn quick(mut self, is_plain: impl Fn() -> bool + Send + Sync + 'static) -> Form {
        self.quick = Some(Box::new(is_plain));
        self
    }

    /// That it edits what is there: as long as nothing differs, there is nothing to save.
    pub(crate) fn edits(mut self) -> Form {
        self.unchanged = Some((self.intent)().into());
        self
    }

    /// What the status line says afterwards, from the data as it is then and the reference of
    /// the change; "Changes saved." unless said otherwise.
    pub(crate) fn done(
        mut self,
        say: impl Fn(Data, &str) -> String + Send + Sync + 'static,
    ) -> Form {
        self.done = Box::new(say);
        self
    }

    /// What the status line says once it has been undone, where the operation's own words do not
    /// say enough.
    pub(crate) fn undone(mut self, say: impl Fn() -> String + Send + Sync + 'static) -> Form {
        self.undone = Some(Box::new(say));
        self
    }

    /// The `id` of the element that shows what was changed.
    pub(crate) fn place(mut self, id: impl Into<String>) -> Form {
        self.place = id.into();
        self
    }

    /// That it is done once for each of `items`, which are sent in that order; `subject` names
    /// one of them. What did not happen can then be tried again by itself.
    pub(crate) fn each(
        mut self,
        items: RwSignal<Vec<String>>,
        subject: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Form {
        self.each = Some((items, Box::new(subject)));
        self
    }

    /// Itself, as [`Changes::start`](crate::data::Changes::start) takes it.
    pub(crate) fn action(self) -> Arc<dyn Action> {
        Arc::new(self)
    }
}

impl Action for Form {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn has_form(&self) -> bool {
        !self.fields.is_empty()
    }

    fn form(&self) -> AnyView {
        let (fields, idle) = (self.fields.iter().map(Field::view), self.idle);
        let nothing = move || {
            let error = |()| {
                view! {
                    <p class="field-error form-error" role="alert" tabindex="-1">
                        <Icon glyph=Glyph::Alert/><span>{t::form_unchanged()}</span>
                    </p>
                }
            };
            idle.get().then_some(()).map(error)
        };
        view! { {fields.collect_view()} {nothing} }.into_any()
    }

    fn is_live(&self) -> bool {
        self.live
    }

    fn fold(&self) -> Option<&'static str> {
        self.fold
    }

    fn quick(&self) -> Option<bool> {
        self.quick.as_ref().map(|is_plain| is_plain())
    }

    fn is_ready(&self) -> bool {
        // What is filled in is tracked, whatever else is looked at.
        for field in &self.fields {
            field.value();
        }
        untrack(|| {
            self.fields.iter().all(Field::is_ready)
                && self.unchanged.as_ref() != Some(&self.intent())
        })
    }

    fn check(&self) -> bool {
        // Each field says what is wrong with it, not only the first.
        let wrong = self.fields.iter().filter(|field| !field.is_fine()).count();
        if !(self.check)() || wrong > 0 {
            return false;
        }
        let idle = self.unchanged.as_ref() == Some(&self.intent());
        self.idle.set(idle);
        !idle
    }

    fn review(&self) -> Vec<Line> {
        (self.review)()
    }

    fn meaning(&self) -> String {
        (self.meaning)()
    }

    fn confirm(&self) -> String {
        (self.confirm)()
    }

    fn is_one_step(&self) -> bool {
        self.one_step
    }

    fn sending(&self) -> String {
        self.sending.into()
    }

    fn is_ending(&self) -> bool {
        self.ending
    }

    fn intent(&self) -> Sendable {
        (self.intent)().request()
    }

    fn operation(&self) -> Option<Operation> {
        Some((self.intent)().operation())
    }

    fn draft(&self) -> Vec<String> {
        if self.is_secret() {
            return Vec::new();
        }
        let fields = self.fields.iter().map(Field::value);
        fields
            .chain(self.typed.iter().map(|value| value.get()))
            .collect()
    }

    fn restore(&self, draft: Vec<String>) {
        let mut texts = draft.into_iter();
        for (field, text) in self.fields.iter().zip(&mut texts) {
            field.fill(text);
        }
        for (value, text) in self.typed.iter().zip(texts) {
            value.set(text);
        }
    }

    fn is_secret(&self) -> bool {
        (self.intent)().operation().secret().is_some()
    }

    fn undone(&self) -> String {
        match &self.undone {
            Some(say) => say(),
            None => undone::undone((self.intent)().operation()).into(),
        }
    }

    fn subjects(&self) -> Vec<String> {
        self.each
            .as_ref()
            .map_or_else(Vec::new, |(items, subject)| {
                items.with_untracked(|items| items.iter().map(|item| subject(item)).collect())
            })
    }

    fn keep(&self, parts: &[usize]) {
        if let Some((items, _)) = &self.each {
            let left = |all: &Vec<String>| {
                let left = parts.iter().filter_map(|at| all.get(*at).cloned());
                left.collect()
            };
            items.set(items.with_untracked(left));
        }
    }

    fn done(&self, data: Data, reference: &str) -> String {
        (self.done)(data, reference)
    }

    fn place(&self) -> String {
        self.place.clone()
    }

    fn refused(&self, errors: &[FieldError]) -> bool {
        let taken = errors.iter().filter(|error| {
            let field = self
                .fields
                .iter()
                .find(|field| field.is_called(&error.field));
            field.is_some_and(|field| field.refuse(error))
        });
        let taken = taken.count() > 0;
        (self.refused)(errors) || taken
    }
}
