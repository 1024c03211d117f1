//! Using store credit on the next order, or keeping it.

use std::sync::Arc;

use protocol::view::Credit;
use protocol::{CreditUse, Intent, UseCredit};

use super::form::Form;
use super::places;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::ui::{Line, LineKind};

/// Opens the review of using `credit` on the next order where it would be kept, or the other way
/// round.
pub(crate) fn open(page: &Page, credit: &Credit) {
    page.changes.start(|| action(credit));
}

fn action(credit: &Credit) -> Arc<dyn Action> {
    let uses = !credit.next_order;
    let used = |is_used: bool| {
        if is_used {
            t::use_credit_used()
        } else {
            t::use_credit_saved()
        }
    };
    let line = Line {
        label: t::credit_balance(&format::money(credit.balance)),
        before: used(!uses).into(),
        after: used(uses).into(),
        kind: LineKind::Changed,
    };
    let (confirm, meaning, done) = if uses {
        (
            t::use_credit_use(),
            t::use_credit_meaning(),
            t::use_credit_done_use(),
        )
    } else {
        (t::use_credit_keep(), "", t::use_credit_done_keep())
    };
    let intent = move || {
        Intent::UseCredit(UseCredit {
            body: CreditUse { next_order: uses },
        })
    };
    Form::new(t::use_credit_title(), intent)
        .review(move || vec![line.clone()])
        .meaning(move || meaning.into())
        .confirm(move || confirm.into())
        .done(move |_, _| done.into())
        .place(places::CREDIT)
        .action()
}
