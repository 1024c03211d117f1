//! Typing the code by which the shop is asked to delete everything.

use std::sync::Arc;

use protocol::{ConfirmDeletion, Intent};

use super::mailed_code::Code;
use super::{places, request_deletion};
use crate::data::{Action, Changes};
use crate::i18n::t;

/// Opens the form for the code, for a customer with `active` active subscriptions.
pub(crate) fn open(changes: Changes, active: usize) {
    changes.start(|| action(active));
}

fn action(active: usize) -> Arc<dyn Action> {
    let code = Code {
        awaited: |customer| customer.deletion.as_ref(),
        again: Arc::new(move |changes| request_deletion::open(changes, active)),
        intent: |body| Intent::ConfirmDeletion(ConfirmDeletion { body }),
    };
    code.form(t::deletion_title())
        .meaning(move || match active {
            0 => t::confirm_deletion_meaning().to_owned(),
            many => t::confirm_deletion_meaning_active(many),
        })
        .confirm(|| t::confirm_deletion_confirm().into())
        .ending()
        .done(|_, reference| t::confirm_deletion_done(reference))
        .place(places::DELETION)
        .action()
}
