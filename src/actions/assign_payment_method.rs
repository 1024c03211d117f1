//! Using a payment method for more addresses.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{PaymentMethod, PaymentMethods};
use protocol::{AddressId, AssignPaymentMethod, Intent, PaidAddresses, PaymentMethodId, Query};

use super::field::Field;
use super::form::Form;
use super::payable_addresses::PayableAddresses;
use super::places;
use crate::data::{Action, InView};
use crate::i18n::t;
use crate::navigation::Route;
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::Choice;

/// Whether there is an address that `method` does not pay for yet.
pub(crate) fn can(method: &PaymentMethod, methods: &PaymentMethods) -> bool {
    let id = method.line.id;
    methods
        .payable
        .iter()
        .any(|address| address.method != Some(id))
}

/// Opens the form for using `method` for more addresses.
pub(crate) fn open(page: &Page, method: &PaymentMethod, methods: &PaymentMethods) {
    page.changes.start(|| action(method, methods));
}

fn action(method: &PaymentMethod, methods: &PaymentMethods) -> Arc<dyn Action> {
    let id = method.line.id;
    let addresses = PayableAddresses::beside(methods, id);
    let chosen = addresses.chosen;
    let name = words::payment_line(&method.line);
    let intent = move || {
        Intent::AssignPaymentMethod(AssignPaymentMethod {
            payment_method_id: id,
            body: PaidAddresses {
                address_ids: PayableAddresses::ids(chosen),
            },
        })
    };
    let nothing = move || {
        chosen
            .with_untracked(Vec::is_empty)
            .then(|| t::assign_payment_method_none().to_owned())
    };
    let reviewed = name.clone();
    Form::new(t::assign_payment_method_title(&name), intent)
        .fields(vec![addresses.field().check(nothing)])
        .live()
        .each(chosen, move |id| addresses.street(id))
        .review(move || addresses.review(&reviewed))
        .meaning(|| t::assign_payment_method_meaning().into())
        .confirm(|| t::assign_payment_method_confirm().into())
        .done(move |_, _| t::assign_payment_method_done(&name))
        .place(places::payment_method(id))
        .action()
}

/// Opens the choice of the method that pays for the address `id`; without another one, the fields
/// for a new card.
pub(crate) fn open_for(page: &Page, id: AddressId) {
    let data = page.data;
    let read = async move {
        let view = data.once(Query::PaymentMethods).await?;
        PaymentMethods::of(&view).cloned()
    };
    page.open_with(read, move |page, methods| {
        if methods
            .methods
            .iter()
            .filter(|method| !method.by_link)
            .count()
            > 1
        {
            page.changes.start(|| choice(&methods, id));
        } else {
            page.router.go(Route::AddCard);
        }
    });
}

fn choice(methods: &PaymentMethods, address_id: AddressId) -> Arc<dyn Action> {
    let mut payable = methods.payable.iter();
    let now = payable.find(|address| address.id == address_id);
    let now = now.and_then(|address| address.method);
    let chosen = RwSignal::new(now.map(|id| id.to_string()).unwrap_or_default());
    let offered = methods.methods.iter().filter(|method| !method.by_link);
    let choices: Vec<Choice> = offered
        .map(|method| Choice {
            value: method.line.id.to_string(),
            label: words::payment_line(&method.line),
            hint: String::new(),
        })
        .collect();
    let known = choices.clone();
    let name = move || {
        let mut known = known.iter();
        let choice = known.find(|choice| chosen.with_untracked(|id| *id == choice.value));
        choice
            .map(|choice| choice.label.clone())
            .unwrap_or_default()
    };
    let intent = move || {
        let id = chosen.with_untracked(|id| id.parse().ok());
        Intent::AssignPaymentMethod(AssignPaymentMethod {
            payment_method_id: PaymentMethodId(id.unwrap_or_default()),
            body: PaidAddresses {
                address_ids: vec![address_id],
            },
        })
    };
    Form::new(t::assign_payment_method_here(), intent)
        .edits()
        .fields(vec![Field::choice(
            "payment_method_id",
            t::assign_payment_method_which(),
            chosen,
            choices,
        )])
        .live()
        .meaning(|| t::assign_payment_method_meaning().into())
        .confirm(|| t::assign_payment_method_confirm().into())
        .done(move |_, _| t::assign_payment_method_done(&name()))
        .action()
}
