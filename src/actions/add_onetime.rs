//! Adding a product once to a delivery.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Delivery, DeliveryKey};
use protocol::{AddOnetime, AddressId, Date, Intent, NewOnetime};

use super::catalogue::{self, Choices, Offer};
use super::field::Field;
use super::form::Form;
use super::onetime_terms::onetime_terms;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::parts::delivery_place;
use crate::overview::words;

/// Opens the form for adding the variant `id`, or one to be picked, to the delivery `key`, or
/// one to be chosen.
pub(crate) fn open(page: &Page, id: Option<String>, key: Option<DeliveryKey>) {
    let own = page.clone();
    catalogue::open_with(page, move |choices| action(&own, choices, id, key));
}

/// Where and when it can go: what is sent for it, and in words.
struct Destination {
    value: String,
    label: String,
    address_id: AddressId,
    /// `None` for the earliest day that the shop can.
    date: Option<Date>,
    delivery: Option<Delivery>,
}

/// Every open delivery, and every address that pays and has none.
fn destinations(choices: &Choices, today: Date) -> Vec<Destination> {
    let coming = choices.deliveries.iter().map(|delivery| {
        let street = delivery
            .address
            .as_ref()
            .map(|lines| words::short(&lines.street));
        let date = format::date(delivery.key.date, today);
        Destination {
            value: delivery_place(delivery.key),
            label: t::add_onetime_with_delivery(&date, &street.unwrap_or_default()),
            address_id: delivery.key.address_id,
            date: Some(delivery.key.date),
            delivery: Some(delivery.clone()),
        }
    });
    let goes = |id: AddressId| choices.deliveries.iter().any(|d| d.key.address_id == id);
    let alone = choices
        .addresses
        .iter()
        .filter(|a| a.payment.is_some() && !goes(a.id));
    let alone = alone.map(|address| Destination {
        value: address.id.to_string(),
        label: t::add_onetime_alone(&words::short(&address.lines.street)),
        address_id: address.id,
        date: None,
        delivery: None,
    });
    coming.chain(alone).collect()
}

fn action(
    page: &Page,
    choices: Choices,
    id: Option<String>,
    key: Option<DeliveryKey>,
) -> Arc<dyn Action> {
    let (today, limits) = (page.today(), catalogue::once_quantity(page));
    let (of_review, of_done) = (page.clone(), page.clone());
    let destinations: Arc<[Destination]> = destinations(&choices, today).into();
    let picks = choices.picks(|offer: &Offer| offer.product.sells_once(offer.variant));
    let chosen = key.map(delivery_place);
    let first = chosen.or_else(|| {
        destinations
            .first()
            .map(|destination| destination.value.clone())
    });
    let (variant, quantity) = (
        RwSignal::new(id.clone().unwrap_or_default()),
        RwSignal::new(limits.fewest),
    );
    let destination = RwSignal::new(first.unwrap_or_default());
    let find = move |destinations: &[Destination]| {
        let value = destination.get_untracked();
        destinations.iter().position(|one| one.value == value)
    };
    let options: Vec<(String, String)> = destinations
        .iter()
        .map(|destination| (destination.value.clone(), destination.label.clone()))
        .collect();
    let title = choices.catalogue.variant(id.as_deref().unwrap_or_default());
    let title = title.map(|(product, variant)| words::of_variant(&product.title, &variant.title));
    let (to_send, to_show, to_say) = (
        Arc::clone(&destinations),
        Arc::clone(&destinations),
        destinations,
    );
    let intent = move || {
        let destination = find(&to_send).map(|at| &to_send[at]);
        let body = NewOnetime {
            address_id: destination.map_or(AddressId(0), |destination| destination.address_id),
            external_variant_id: variant.get_untracked(),
            quantity: quantity.get_untracked(),
            date: destination.and_then(|destination| destination.date),
        };
        Intent::AddOnetime(AddOnetime { body })
    };
    let mut fields = Vec::new();
    if id.is_none() {
        fields.push(Field::pick(
            "external_variant_id",
            t::adding_product(),
            variant,
            picks,
        ));
    }
    if key.is_none() {
        fields.push(Field::select(
            "date",
            t::add_onetime_when(),
            destination,
            options,
        ));
    }
    fields.push(Field::count(
        "quantity",
        t::adding_quantity(),
        quantity,
        limits.fewest,
        limits.most,
    ));
    Form::new(
        title.map_or_else(
            || t::add_onetime_title().to_owned(),
            |name| t::add_onetime_title_of(&name),
        ),
        intent,
    )
    .fields(fields)
    .review(move || {
        let delivery = find(&to_show).and_then(|at| to_show[at].delivery.as_ref());
        delivery
            .map(|delivery| onetime_terms(&of_review, delivery))
            .unwrap_or_default()
    })
    .meaning(|| t::add_onetime_meaning().into())
    .confirm(|| t::add_onetime_confirm().into())
    .sending(t::add_onetime_sending())
    .done(move |_, _| {
        let delivery = find(&to_say).and_then(|at| to_say[at].delivery.as_ref());
        match delivery.and_then(|delivery| delivery.change_until) {
            Some(until) => t::add_onetime_done_until(&of_done.cut_off(&until)),
            None => t::add_onetime_done().to_owned(),
        }
    })
    .place(key.map(delivery_place).unwrap_or_default())
    .action()
}
