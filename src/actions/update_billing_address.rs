//! Changing the billing address of a payment method.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{PaymentMethod, PaymentMethods};
use protocol::{Country, Intent, UpdateBillingAddress};

use super::address_fields::AddressFields;
use super::field::Field;
use super::form::Form;
use super::places;
use crate::data::Action;
use crate::i18n::t;
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::Button;

/// Opens the form for the billing address of `method`; each shipping address of `methods` can be
/// copied into it.
pub(crate) fn open(page: &Page, method: &PaymentMethod, methods: &PaymentMethods) {
    let countries = page.session().and_then(|session| session.countries.get());
    let countries = countries.unwrap_or_default();
    page.changes.start(|| action(method, methods, countries));
}

fn action(
    method: &PaymentMethod,
    methods: &PaymentMethods,
    mut countries: Vec<Country>,
) -> Arc<dyn Action> {
    let (id, old) = (method.line.id, method.billing.clone());
    let code = old.value("country_code").to_owned();
    if !code.is_empty() && !countries.iter().any(|country| country.code == code) {
        countries.push(Country {
            code,
            provinces: Vec::new(),
        });
    }
    let fields = AddressFields::new(&old, countries);
    let sources = StoredValue::new(methods.payable.clone());
    let copies = move || {
        let copy = sources.get_value().into_iter().map(|address| {
            let label = t::update_billing_address_copy(&words::short(&address.lines.street));
            let press = move |()| fields.fill(&address.form);
            view! { <Button label on_press=press/> }
        });
        view! { <div class="actions">{copy.collect_view()}</div> }.into_any()
    };
    let before = old.clone();
    let intent = move || {
        Intent::UpdateBillingAddress(UpdateBillingAddress {
            payment_method_id: id,
            body: fields.filled().changes_from(&before),
        })
    };
    Form::new(
        t::update_billing_address_title(&words::payment_line(&method.line)),
        intent,
    )
    .edits()
    .fields(vec![
        Field::info(copies),
        Field::info(move || fields.view()),
    ])
    .typed(&fields.values)
    .check(move || fields.check())
    .refused(move |errors| fields.refused(errors))
    .one_step()
    .meaning(|| t::update_billing_address_meaning().into())
    .done(|_, _| t::update_billing_address_done().into())
    .place(places::payment_method(id))
    .action()
}
