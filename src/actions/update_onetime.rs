//! Changing how many of a one-time product come.

use leptos::prelude::*;
use protocol::view::{Delivery, DeliveryItem};
use protocol::{Intent, OnetimeId, Quantity, UpdateOnetime};

use super::catalogue;
use super::field::Field;
use super::form::Form;
use super::onetime_terms::onetime_terms;
use crate::i18n::t;
use crate::overview::page::Page;
use crate::overview::parts::delivery_place;
use crate::overview::words;

/// Opens the form for the one-time product `id`, which is `item` of `delivery`.
pub(crate) fn open(page: &Page, id: OnetimeId, delivery: &Delivery, item: &DeliveryItem) {
    let (own, limits) = (page.clone(), catalogue::once_quantity(page));
    let (delivery, item) = (delivery.clone(), item.clone());
    page.changes.start(move || {
        let quantity = RwSignal::new(item.quantity);
        let intent = move || {
            Intent::UpdateOnetime(UpdateOnetime {
                onetime_id: id,
                body: Quantity {
                    quantity: quantity.get_untracked(),
                },
            })
        };
        let place = delivery_place(delivery.key);
        Form::new(t::update_onetime_title(&words::short(&item.title)), intent)
            .edits()
            .fields(vec![Field::count(
                "quantity",
                t::adding_quantity(),
                quantity,
                limits.fewest,
                limits.most,
            )])
            .review(move || onetime_terms(&own, &delivery))
            .place(place)
            .action()
    });
}
