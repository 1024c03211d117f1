//! Adding an address together with what pays for what will go there.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{PaymentMethod, PaymentMethods};
use protocol::{AddAddress, AddressForm, Country, Intent, NewAddress, PaymentMethodId, Query};

use super::address_fields::{AddressFields, changes};
use super::field::Field;
use super::form::Form;
use crate::data::{Action, InView};
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::{Line, Pick};

/// Opens the form of a new address, with the ways to pay.
pub(crate) fn open(page: &Page) {
    let Some(countries) = page.session().and_then(|session| session.countries.get()) else {
        return;
    };
    page.open_with(page.data.once(Query::PaymentMethods), |page, view| {
        if let Some(view) = PaymentMethods::of(&view) {
            page.changes.start(|| action(countries, &view.methods));
        }
    });
}

fn action(countries: Vec<Country>, methods: &[PaymentMethod]) -> Arc<dyn Action> {
    let fields = AddressFields::empty(countries);
    let usual = methods.iter().find(|method| method.default);
    let usual = usual
        .or(methods.first())
        .map(|method| method.line.id.to_string());
    let method = RwSignal::new(usual.unwrap_or_default());
    let names: Vec<Pick> = methods.iter().map(pick).collect();
    let chosen = {
        let names = names.clone();
        move || {
            let found = names
                .iter()
                .find(|pick| method.with_untracked(|id| *id == pick.value));
            found.map(|pick| pick.title.clone())
        }
    };
    let payment = if names.is_empty() {
        Field::info(|| view! { <p class="small muted">{t::add_address_no_method()}</p> }.into_any())
    } else {
        Field::pick(
            "payment_method_id",
            t::add_address_paid_with(),
            method,
            names,
        )
        .hint(t::add_address_paid_hint())
    };
    let intent = move || {
        Intent::AddAddress(AddAddress {
            body: NewAddress {
                address: fields.filled(),
                payment_method_id: method.with_untracked(|id| id.parse().ok().map(PaymentMethodId)),
            },
        })
    };
    Form::new(t::add_address_title(), intent)
        .fields(vec![Field::info(move || fields.view()), payment])
        .typed(&fields.values)
        .check(move || fields.check())
        .refused(move |errors| fields.refused(errors))
        .review(move || {
            let mut lines = changes(&AddressForm::default(), &fields.filled());
            lines.extend(chosen().map(|title| Line {
                label: t::add_address_paid_with().into(),
                after: title,
                ..Line::default()
            }));
            lines
        })
        .meaning(|| t::add_address_meaning().into())
        .confirm(|| t::add_address_confirm().into())
        .sending(t::address_saving())
        .done(|_, _| t::add_address_done().into())
        .action()
}

fn pick(method: &PaymentMethod) -> Pick {
    let expiry = method.line.expiry;
    let expiry = expiry
        .map(|(year, month)| t::payment_expires(&format::card_expiry(month, year.unsigned_abs())));
    Pick {
        value: method.line.id.to_string(),
        title: words::payment_line(&method.line),
        detail: expiry.unwrap_or_default(),
        ..Pick::default()
    }
}
