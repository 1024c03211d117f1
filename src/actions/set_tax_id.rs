//! Adding, replacing or deleting the tax id.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{Intent, SetTaxId, TaxId};

use super::field::Field;
use super::form::Form;
use super::places;
use crate::data::Action;
use crate::i18n::t;
use crate::overview::page::Page;

/// Opens the form for the tax id, which was `before`; an empty one is deleted.
pub(crate) fn open(page: &Page, before: Option<String>) {
    page.changes.start(|| action(before));
}

fn action(before: Option<String>) -> Arc<dyn Action> {
    let before = before.unwrap_or_default();
    let typed = RwSignal::new(before);
    let text = move || typed.with_untracked(|text| text.trim().to_owned());
    let intent = move || {
        Intent::SetTaxId(SetTaxId {
            body: TaxId { tax_id: text() },
        })
    };
    let wrong = move || {
        let text = text();
        let is_fine = text.is_empty() || protocol::tax_id(&text).is_some();
        (!is_fine).then(|| t::field_tax_id().to_owned())
    };
    Form::new(t::set_tax_id_title(), intent)
        .edits()
        .one_step()
        .fields(vec![
            Field::text("tax_id", t::tax_id_label(), typed)
                .hint(t::set_tax_id_hint())
                .check(wrong)
                .optional(),
        ])
        .meaning(|| t::set_tax_id_meaning().into())
        .done(|_, _| t::customer_edited().into())
        .place(places::DETAILS)
        .action()
}
