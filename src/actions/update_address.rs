//! Editing an address in place.

use std::sync::Arc;

use protocol::view::{Address, Addresses};
use protocol::{AddressId, Country, Intent, Query, UpdateAddress};

use super::address_fields::{AddressFields, changes};
use super::field::Field;
use super::form::Form;
use super::places;
use crate::data::{Action, InView};
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::words;

/// Opens the form for `address`.
pub(crate) fn open(page: &Page, address: &Address) {
    let Some(session) = page.session() else {
        return;
    };
    let countries = session.countries.get().unwrap_or_default();
    let address = address.clone();
    page.changes.start(|| action(address, countries));
}

/// The same for the address `id`, reading the addresses first where they are not held.
pub(crate) fn open_by_id(page: &Page, id: AddressId) {
    let data = page.data;
    let read = async move {
        let view = data.once(Query::Addresses).await?;
        let mut all = Addresses::of(&view)?.addresses.iter();
        all.find(|address| address.id == id).cloned()
    };
    page.open_with(read, |page, address| open(page, &address));
}

fn action(before: Address, countries: Vec<Country>) -> Arc<dyn Action> {
    let fields = AddressFields::new(&before.form, countries);
    let (id, old, form) = (before.id, before.form.clone(), before.form.clone());
    let intent = move || {
        Intent::UpdateAddress(UpdateAddress {
            address_id: id,
            body: fields.filled().changes_from(&old),
        })
    };
    let subscriptions = before.subscriptions.iter();
    let titles: Vec<String> = subscriptions.map(|s| words::short(&s.title)).collect();
    let meaning = if titles.is_empty() {
        String::new()
    } else {
        t::update_address_meaning(&format::list(&titles))
    };
    Form::new(t::update_address_title(), intent)
        .edits()
        .fields(vec![Field::info(move || fields.view())])
        .typed(&fields.values)
        .check(move || fields.check())
        .refused(move |errors| fields.refused(errors))
        .review(move || changes(&before.form, &fields.filled()))
        .quick(move || {
            let filled = fields.filled();
            // Shipping and tax go by these.
            let same = |name| filled.value(name) == form.value(name);
            same("country_code") && same("province")
        })
        .meaning(move || meaning.clone())
        .confirm(|| t::update_address_confirm().into())
        .sending(t::address_saving())
        .done(|_, _| t::update_address_done().into())
        .place(places::address(id))
        .action()
}
