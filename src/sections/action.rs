//! An action declared instead of written: what it asks, what it sends, what it says.
//!
//! ```ignore
//! let every = RwSignal::new(4);
//! Form::new(t::frequency_title(), move || Intent::ChangeFrequency { … })
//!     .fields(vec![Field::count("interval", t::frequency_every(), every, 1, 12)])
//!     .confirm(|| t::frequency_confirm().into())
//!     .done(|_, _| t::frequency_done().into())
//!     .place(place(&card))
//!     .action()
//! ```
//!
//! The signals of its fields belong to the change: make them inside of
//! [`Changes::start`](crate::data::Changes::start).

mod field;

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{FieldError, Intent, Sendable};

use crate::data::{Action, Data};
use crate::i18n::t;
use crate::ui::Line;

pub(super) use field::Field;

type Made<T> = Box<dyn Fn() -> T + Send + Sync>;
type Subject = Box<dyn Fn(&str) -> String + Send + Sync>;
type Refused = Box<dyn Fn(&[FieldError]) -> bool + Send + Sync>;
type Done = Box<dyn Fn(Data, &str) -> String + Send + Sync>;

/// One action of a customer, as data.
pub(super) struct Form {
    title: String,
    fields: Vec<Field>,
    check: Made<bool>,
    review: Made<Vec<Line>>,
    meaning: Made<String>,
    confirm: Made<String>,
    sending: &'static str,
    ending: bool,
    intent: Made<Intent>,
    done: Done,
    place: String,
    each: Option<(RwSignal<Vec<String>>, Subject)>,
    refused: Refused,
}

impl Form {
    /// An action called `title`: "Skip a delivery", that sends what `intent` makes of the fields.
    pub(super) fn new(
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
            intent: Box::new(intent),
            done: Box::new(|_, _| t::change_saved().into()),
            place: String::new(),
            each: None,
            refused: Box::new(|_| false),
        }
    }

    /// What is asked before the review; without fields the action starts at its review.
    pub(super) fn fields(mut self, fields: Vec<Field>) -> Form {
        self.fields = fields;
        self
    }

    /// A check of what concerns several fields at once, after each field's own. It shows by
    /// itself what is wrong, and answers whether all is well.
    pub(super) fn check(mut self, check: impl Fn() -> bool + Send + Sync + 'static) -> Form {
        self.check = Box::new(check);
        self
    }

    /// Shows what the server found wrong with fields that are not the form's own, and answers
    /// whether there was such a field.
    pub(super) fn refused(
        mut self,
        show: impl Fn(&[FieldError]) -> bool + Send + Sync + 'static,
    ) -> Form {
        self.refused = Box::new(show);
        self
    }

    /// What the review says beside the server's preview: what only the browser knows.
    pub(super) fn review(mut self, lines: impl Fn() -> Vec<Line> + Send + Sync + 'static) -> Form {
        self.review = Box::new(lines);
        self
    }

    /// One or two sentences on what it means.
    pub(super) fn meaning(mut self, say: impl Fn() -> String + Send + Sync + 'static) -> Form {
        self.meaning = Box::new(say);
        self
    }

    /// The button that sends it, "Save" unless said otherwise.
    pub(super) fn confirm(mut self, say: impl Fn() -> String + Send + Sync + 'static) -> Form {
        self.confirm = Box::new(say);
        self
    }

    /// The words while it is being sent, "Saving" unless said otherwise.
    pub(super) fn sending(mut self, words: &'static str) -> Form {
        self.sending = words;
        self
    }

    /// That it ends something.
    pub(super) fn ending(mut self) -> Form {
        self.ending = true;
        self
    }

    /// What the status line says afterwards, from the data as it is then and the reference of
    /// the change; "Saved." unless said otherwise.
    pub(super) fn done(
        mut self,
        say: impl Fn(Data, &str) -> String + Send + Sync + 'static,
    ) -> Form {
        self.done = Box::new(say);
        self
    }

    /// The `id` of the element that shows what was changed.
    pub(super) fn place(mut self, id: impl Into<String>) -> Form {
        self.place = id.into();
        self
    }

    /// That it is done once for each of `items`, which are sent in that order; `subject` names
    /// one of them. What did not happen can then be tried again by itself.
    pub(super) fn each(
        mut self,
        items: RwSignal<Vec<String>>,
        subject: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Form {
        self.each = Some((items, Box::new(subject)));
        self
    }

    /// Itself, as [`Changes::start`](crate::data::Changes::start) takes it.
    pub(super) fn action(self) -> Arc<dyn Action> {
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
        let fields = self.fields.iter().map(Field::view);
        fields.collect_view().into_any()
    }

    fn check(&self) -> bool {
        // Each field says what is wrong with it, not only the first.
        let wrong = self.fields.iter().filter(|field| !field.is_fine()).count();
        (self.check)() && wrong == 0
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

    fn sending(&self) -> String {
        self.sending.into()
    }

    fn is_ending(&self) -> bool {
        self.ending
    }

    fn intent(&self) -> Sendable {
        (self.intent)().into()
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
            field.is_some_and(|field| field.refuse(&error.error))
        });
        let taken = taken.count() > 0;
        (self.refused)(errors) || taken
    }
}
