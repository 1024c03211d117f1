//! Taking a change back: the inverse that the server offered with its outcome.

use protocol::Sendable;

use super::{Action, Data};
use crate::i18n::t;
use crate::ui::Line;

/// The inverse of the change before it.
pub(super) struct Undo {
    /// What is sent.
    pub(super) intent: Sendable,
    /// The element that shows what was changed.
    pub(super) place: String,
}

impl Action for Undo {
    fn title(&self) -> String {
        t::undo_title().into()
    }

    fn review(&self) -> Vec<Line> {
        Vec::new()
    }

    fn confirm(&self) -> String {
        t::undo_confirm().into()
    }

    fn sending(&self) -> String {
        t::undo_sending().into()
    }

    fn intent(&self) -> Sendable {
        self.intent.clone()
    }

    fn done(&self, _: Data, _: &str) -> String {
        t::undo_done().into()
    }

    fn place(&self) -> String {
        self.place.clone()
    }
}
