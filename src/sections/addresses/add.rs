//! Adding an address together with what pays for what will go there.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::PaymentMethod;
use protocol::{AddressForm, Country, Intent, NewAddress, PaymentMethodId};

use super::form::{AddressFields, changes};
use crate::data::Action;
use crate::i18n::{format, t};
use crate::sections::action::{Field, Form};
use crate::sections::words;
use crate::ui::{Line, Pick};

/// Adding an address in a store that ships to `countries`, paid with one of `methods`.
pub(super) fn add(countries: Vec<Country>, methods: &[PaymentMethod]) -> Arc<dyn Action> {
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
    let payment = match names.is_empty() {
        true => {
            Field::info(|| view! { <p class="small muted">{t::address_no_method()}</p> }.into_any())
        }
        false => Field::pick("payment_method_id", t::address_paid_with(), method, names)
            .hint(t::address_paid_hint()),
    };
    let intent = move || Intent::AddAddress {
        body: NewAddress {
            address: fields.filled(),
            payment_method_id: method.with_untracked(|id| id.parse().ok().map(PaymentMethodId)),
        },
    };
    Form::new(t::address_add_title(), intent)
        .fields(vec![Field::info(move || fields.view()), payment])
        .check(move || fields.check())
        .refused(move |errors| fields.refused(errors))
        .review(move || {
            let mut lines = changes(&AddressForm::default(), &fields.filled());
            lines.extend(chosen().map(|title| Line {
                label: t::address_paid_with().into(),
                after: title,
                ..Line::default()
            }));
            lines
        })
        .meaning(|| t::address_add_meaning().into())
        .confirm(|| t::address_add_confirm().into())
        .sending(t::address_saving())
        .done(|_, _| t::address_added().into())
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
