//! What a customer changes of her own record.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Credit, Customer};
use protocol::{CreditUse, CustomerForm, Intent, TaxId};

use super::PLACE;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::sections::action::{Field, Form};
use crate::ui::{Line, LineKind};

/// Name and telephone; only what differs is sent.
pub(super) fn edit(customer: &Customer) -> Arc<dyn Action> {
    let before = [
        customer.first_name.clone(),
        customer.last_name.clone(),
        customer.phone.clone().unwrap_or_default(),
    ];
    let values = before.clone().map(RwSignal::new);
    let [first, last, phone] = values;
    let labels = [
        t::address_first_name(),
        t::address_last_name(),
        t::customer_phone(),
    ];
    let old = before.clone();
    // What was typed, where it is another than before.
    let typed = move |at: usize| {
        let text = values[at].with_untracked(|text: &String| text.trim().to_owned());
        Some(text).filter(|text| *text != old[at])
    };
    let sent = typed.clone();
    let intent = move || Intent::UpdateCustomer {
        body: CustomerForm {
            first_name: sent(0),
            last_name: sent(1),
            phone: sent(2),
        },
    };
    let lines = move || {
        let changed = (0..labels.len()).filter_map(|at| {
            Some(Line {
                label: labels[at].into(),
                before: before[at].clone(),
                after: typed(at).map(given)?,
                kind: LineKind::Changed,
            })
        });
        changed.collect()
    };
    Form::new(t::customer_edit_title(), intent)
        .fields(vec![
            Field::text("first_name", labels[0], first).typed("text", "given-name"),
            Field::text("last_name", labels[1], last).typed("text", "family-name"),
            Field::text("phone", labels[2], phone)
                .typed("tel", "tel")
                .optional(),
        ])
        .review(lines)
        .done(|_, _| t::customer_edited().into())
        .place(PLACE)
        .action()
}

/// The tax id; an empty one is deleted.
pub(super) fn tax_id(before: Option<String>) -> Arc<dyn Action> {
    let before = before.unwrap_or_default();
    let typed = RwSignal::new(before.clone());
    let text = move || typed.with_untracked(|text| text.trim().to_owned());
    let intent = move || Intent::SetTaxId {
        body: TaxId { tax_id: text() },
    };
    let wrong = move || {
        let text = text();
        let is_fine = text.is_empty() || protocol::tax_id(&text).is_some();
        (!is_fine).then(|| t::field_tax_id().to_owned())
    };
    Form::new(t::tax_id_title(), intent)
        .fields(vec![
            Field::text("tax_id", t::tax_id_label(), typed)
                .hint(t::tax_id_hint())
                .check(wrong)
                .optional(),
        ])
        .review(move || {
            vec![Line {
                label: t::tax_id_label().into(),
                before: before.clone(),
                after: given(protocol::tax_id(&text()).unwrap_or_default()),
                kind: LineKind::Changed,
            }]
        })
        .meaning(|| t::tax_id_meaning().into())
        .done(|_, _| t::customer_edited().into())
        .place(PLACE)
        .action()
}

/// Using the credit on the next order, or keeping it.
pub(super) fn credit(credit: &Credit) -> Arc<dyn Action> {
    let uses = !credit.next_order;
    let used = |is_used: bool| match is_used {
        true => t::credit_used(),
        false => t::credit_kept(),
    };
    let line = Line {
        label: t::credit_balance(&format::money(credit.balance)),
        before: used(!uses).into(),
        after: used(uses).into(),
        kind: LineKind::Changed,
    };
    let (confirm, meaning, done) = match uses {
        true => (t::credit_use(), t::credit_meaning(), t::credit_done_use()),
        false => (t::credit_keep(), "", t::credit_done_keep()),
    };
    let intent = move || Intent::UseCredit {
        body: CreditUse { next_order: uses },
    };
    Form::new(t::credit_title(), intent)
        .review(move || vec![line.clone()])
        .meaning(move || meaning.into())
        .confirm(move || confirm.into())
        .done(move |_, _| done.into())
        .place("credit")
        .action()
}

/// A value as a review shows it.
fn given(text: String) -> String {
    match text.is_empty() {
        true => t::address_nothing().to_owned(),
        false => text,
    }
}
