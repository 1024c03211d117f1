//! What a section declares of an action; everything else about a change is shared.

use leptos::prelude::{AnyView, IntoAny};
use protocol::{FieldError, Sendable};

use super::Data;
use crate::ui::Line;

/// One action of a customer, with what has been filled in so far.
pub trait Action: Send + Sync {
    /// What the dialog is called: "Skip a delivery".
    fn title(&self) -> String;

    /// Whether something has to be filled in before the review.
    fn has_form(&self) -> bool {
        false
    }

    /// The form, where there is one.
    fn form(&self) -> AnyView {
        ().into_any()
    }

    /// Checks the form and shows at its fields what is wrong; whether it is complete.
    fn check(&self) -> bool {
        true
    }

    /// Before and after, the most important line first.
    fn review(&self) -> Vec<Line>;

    /// One or two sentences on what that means; may be empty.
    fn meaning(&self) -> String {
        String::new()
    }

    /// The button that sends it, named by what it does: "Skip 24 November".
    fn confirm(&self) -> String;

    /// The words while it is being sent: "Skipping".
    fn sending(&self) -> String;

    /// Whether it ends something.
    fn is_ending(&self) -> bool {
        false
    }

    /// What is sent.
    fn intent(&self) -> Sendable;

    /// What each part of it is about, in the order in which they are sent; empty for an action
    /// of one part.
    fn subjects(&self) -> Vec<String> {
        Vec::new()
    }

    /// Leaves only these parts to be sent: the others have happened.
    fn keep(&self, parts: &[usize]) {
        let _ = parts;
    }

    /// What the status line says once it has happened, from the data as it is then and the
    /// reference of the change.
    fn done(&self, data: Data, reference: &str) -> String;

    /// The `id` of the element that shows what was changed; may be empty.
    fn place(&self) -> String;

    /// Shows at its fields what the server found wrong; whether there was a field for it.
    fn refused(&self, fields: &[FieldError]) -> bool {
        let _ = fields;
        false
    }
}
