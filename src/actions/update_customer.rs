//! Changing the customer's name and telephone.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Customer, EditableDetails};
use protocol::{CustomerForm, Intent, UpdateCustomer};

use super::field::Field;
use super::form::Form;
use super::places;
use crate::data::Action;
use crate::i18n::t;
use crate::overview::page::Page;

/// Opens the form for the name and the telephone of `customer`; only what differs is sent.
pub(crate) fn open(page: &Page, customer: &Customer) {
    let editable = page.session().and_then(|session| session.editable.get());
    page.changes
        .start(|| action(customer, editable.unwrap_or_default()));
}

fn action(customer: &Customer, editable: EditableDetails) -> Arc<dyn Action> {
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
    // What was typed, where it is another than before.
    let typed = move |at: usize| {
        let text = values[at].with_untracked(|text: &String| text.trim().to_owned());
        Some(text).filter(|text| *text != before[at])
    };
    let intent = move || {
        Intent::UpdateCustomer(UpdateCustomer {
            body: CustomerForm {
                first_name: typed(0),
                last_name: typed(1),
                phone: typed(2),
            },
        })
    };
    let names = editable.name.then(|| {
        [
            Field::text("first_name", labels[0], first).typed("text", "given-name"),
            Field::text("last_name", labels[1], last).typed("text", "family-name"),
        ]
    });
    let phone = editable.phone.then(|| {
        Field::text("phone", labels[2], phone)
            .typed("tel", "tel")
            .optional()
    });
    Form::new(t::update_customer_title(), intent)
        .edits()
        .one_step()
        .fields(names.into_iter().flatten().chain(phone).collect())
        .done(|_, _| t::customer_edited().into())
        .place(places::DETAILS)
        .action()
}
