//! Choosing how things go to an address.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Address, ShippingMethod};
use protocol::{Intent, ShippingChoice};

use super::place;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::sections::action::{Field, Form};
use crate::sections::words;
use crate::ui::{Line, LineKind, Pick};

/// What stands for leaving it to the shop, among the codes of the methods.
const USUAL: &str = "-";

/// Choosing one of `methods` for `address`, each with its price.
pub(super) fn choosing(address: &Address, methods: &[ShippingMethod]) -> Arc<dyn Action> {
    let before = address.shipping_method.clone();
    let chosen = RwSignal::new(before.clone().unwrap_or(USUAL.to_owned()));
    let usual = Pick {
        value: USUAL.into(),
        title: t::shipping_usual().into(),
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
    let intent = move || Intent::SetShippingMethod {
        address_id: id,
        body: ShippingChoice {
            code: chosen.get_untracked().replace(USUAL, ""),
        },
    };
    let was = named(before.as_deref().unwrap_or(USUAL));
    Form::new(t::shipping_title(), intent)
        .fields(vec![
            Field::pick("code", t::shipping_how(), chosen, picks).hint(t::shipping_hint()),
        ])
        .review(move || {
            vec![Line {
                label: t::shipping_label().into(),
                before: was.clone(),
                after: named(&chosen.get_untracked()),
                kind: LineKind::Changed,
            }]
        })
        .place(place(id))
        .action()
}
