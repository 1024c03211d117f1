//! What a section declares of an action; everything else about a change is shared.

use leptos::prelude::{AnyView, IntoAny};
use protocol::{FieldError, Operation, Sendable};

use super::cells::Data;
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

    /// Whether the form shows all that will happen: then it is sent without a review.
    fn is_one_step(&self) -> bool {
        false
    }

    /// Whether form and review are one: what is filled in is previewed at once, beside the form.
    fn is_live(&self) -> bool {
        false
    }

    /// What the form is folded under, where the outcome comes first and few change it.
    fn fold(&self) -> Option<&'static str> {
        None
    }

    /// Whether the form may be sent without a review: `None` where it never is, and otherwise
    /// whether it may as it is filled in now, unless the preview says that it costs something.
    fn quick(&self) -> Option<bool> {
        None
    }

    /// Whether the form is complete; shows nothing. Tracks what is filled in.
    fn is_ready(&self) -> bool {
        true
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

    /// Which operation that is, where it is known beforehand.
    fn operation(&self) -> Option<Operation> {
        None
    }

    /// What each part of it is about, in the order in which they are sent; empty for an action
    /// of one part.
    fn subjects(&self) -> Vec<String> {
        Vec::new()
    }

    /// Leaves only these parts to be sent: the others have happened.
    fn keep(&self, parts: &[usize]) {
        let _ = parts;
    }

    /// What has been filled in so far, as text in an order that stays; empty where nothing of it
    /// may be kept. Tracks what it reads.
    fn draft(&self) -> Vec<String> {
        Vec::new()
    }

    /// Fills in what [`draft`](Action::draft) said of the same form before.
    fn restore(&self, draft: Vec<String>) {
        let _ = draft;
    }

    /// Whether what is sent holds a secret, such as a code or a card's token: then nothing of it
    /// is kept in the browser.
    fn is_secret(&self) -> bool {
        false
    }

    /// What the status line says once it has been undone; empty where Undo is not offered.
    fn undone(&self) -> String;

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
