//! Choosing the delivery method of an address.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Address, ShippingMethod};
use protocol::{Intent, SetShippingMethod, ShippingChoice};

use super::field::Field;
use super::form::Form;
use super::places;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::{Line, LineKind, Pick};

/// What stands for leaving it to the shop, among the codes of the methods.
const USUAL: &str = "-";

/// Opens the choice of one of `methods` for `address`, each with its price.
pub(crate) fn open(page: &Page, address: &Address, methods: &[ShippingMethod]) {
    page.changes.start(|| action(address, methods));
}

fn action(address: &Address, methods: &[ShippingMethod]) -> Arc<dyn Action> {
    let before = address.shipping_method.clone();
    let chosen = RwSignal::new(before.clone().unwrap_or(USUAL.to_owned()));
    let usual = Pick {
        value: USUAL.into(),
        title: t::set_shipping_method_usual().into(),
        ..Pick::default()
    };
    let methods = methods.iter().map(|method| Pick {
        value: method.code.clone(),
        title: words::short(&method.title),
        price: format::money(method.price),
        ..Pick::default()
    });
    let picks: Vec<Pick> = [usual].into_iter().chain(methods).collect();
    let known = picks.clone();
    let named = move |code: &str| {
        let found = known.iter().find(|pick| pick.value == code);
        let title = |pick: &Pick| [pick.title.as_str(), pick.price.as_str()].join(" ");
        found.map(title).unwrap_or_default()
    };
    let id = address.id;
    let intent = move || {
        Intent::SetShippingMethod(SetShippingMethod {
            address_id: id,
            body: ShippingChoice {
                code: chosen.get_untracked().replace(USUAL, ""),
            },
        })
    };
    let was = named(before.as_deref().unwrap_or(USUAL));
    Form::new(t::set_shipping_method_title(), intent)
        .edits()
        .live()
        .fields(vec![
            Field::pick("code", t::set_shipping_method_how(), chosen, picks)
                .hint(t::set_shipping_method_hint()),
        ])
        .review(move || {
            vec![Line {
                label: t::set_shipping_method_label().into(),
                before: was.clone(),
                after: named(&chosen.get_untracked()),
                kind: LineKind::Changed,
            }]
        })
        .place(places::address(id))
        .action()
}
