//! Asking the shop to delete everything it knows: a code comes first.

use std::sync::Arc;

use protocol::{Intent, Nothing, RequestDeletion};

use super::form::Form;
use super::places;
use crate::data::{Action, Changes};
use crate::i18n::{format, t};
use crate::ui::{Line, LineKind};

/// Opens the review for a customer with `active` active subscriptions.
pub(crate) fn open(changes: Changes, active: usize) {
    changes.start(|| action(active));
}

fn action(active: usize) -> Arc<dyn Action> {
    let intent = || Intent::RequestDeletion(RequestDeletion { body: Nothing {} });
    Form::new(t::deletion_title(), intent)
        .review(move || ends(active).into_iter().collect())
        .meaning(|| t::request_deletion_meaning().into())
        .confirm(|| t::code_send().into())
        .sending(t::code_sending())
        .done(|_, _| t::request_deletion_done().into())
        .place(places::DELETION)
        .action()
}

/// The active subscriptions, as what is lost.
fn ends(active: usize) -> Option<Line> {
    (active > 0).then(|| Line {
        label: t::customer_active().into(),
        before: format::integer(active),
        kind: LineKind::Lost,
        ..Line::default()
    })
}
