//! An action of which everything is known beforehand: the inverse that the server offered with the
//! outcome of another one, or what was sent before the page was loaded again.

use protocol::Sendable;

use super::action::Action;
use super::cells::Data;
use crate::i18n::t;
use crate::ui::Line;

/// An action without a form or words of its own.
#[derive(Clone)]
pub struct Prepared {
    /// What it is called.
    pub title: String,
    /// What is sent.
    pub intent: Sendable,
    /// The `id` of the element that shows what is changed.
    pub place: String,
    /// What the status line says once it has happened.
    pub done: String,
    /// What the status line says once it has been undone in turn; empty where it cannot be.
    pub undone: String,
}

impl Action for Prepared {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn review(&self) -> Vec<Line> {
        Vec::new()
    }

    fn confirm(&self) -> String {
        self.title.clone()
    }

    fn sending(&self) -> String {
        t::change_saving().into()
    }

    fn intent(&self) -> Sendable {
        self.intent.clone()
    }

    fn undone(&self) -> String {
        self.undone.clone()
    }

    fn done(&self, _: Data, _: &str) -> String {
        self.done.clone()
    }

    fn place(&self) -> String {
        self.place.clone()
    }
}
