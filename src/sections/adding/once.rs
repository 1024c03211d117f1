//! A product once: adding it to a delivery, changing how many, taking it off.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Delivery, DeliveryItem, DeliveryKey};
use protocol::{AddressId, Date, Intent, NewOnetime, Nothing, OnetimeId, Quantity};

use super::{Choices, Offer, is_open};
use crate::data::Action;
use crate::i18n::{format, t};
use crate::sections::action::{Field, Form};
use crate::sections::page::Page;
use crate::sections::parts::delivery_place;
use crate::sections::words;
use crate::ui::{Line, LineKind};

/// Opens the form for adding the variant `id`, or one to be picked, to the delivery `key`, or
/// one to be chosen.
pub(super) fn open(page: &Page, id: Option<String>, key: Option<DeliveryKey>) {
    let (today, most) = (page.today(), super::most(page));
    super::open(page, move |choices| form(choices, id, key, today, most));
}

/// Where and when it can go: what is sent for it, and in words.
struct Ride {
    value: String,
    label: String,
    address_id: AddressId,
    /// `None` for the earliest day that the shop can.
    date: Option<Date>,
    delivery: Option<Delivery>,
}

/// Every open delivery, and every address that pays and has none.
fn rides(choices: &Choices, today: Date) -> Vec<Ride> {
    let coming = choices.deliveries.iter().map(|delivery| {
        let street = delivery
            .address
            .as_ref()
            .map(|lines| words::short(&lines.street));
        let date = format::date(delivery.key.date, today);
        Ride {
            value: delivery_place(delivery.key),
            label: t::once_ride(&date, &street.unwrap_or_default()),
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
    let alone = alone.map(|address| Ride {
        value: address.id.to_string(),
        label: t::once_ride_alone(&words::short(&address.lines.street)),
        address_id: address.id,
        date: None,
        delivery: None,
    });
    coming.chain(alone).collect()
}

fn form(
    choices: Choices,
    id: Option<String>,
    key: Option<DeliveryKey>,
    today: Date,
    most: u32,
) -> Arc<dyn Action> {
    let rides: Arc<[Ride]> = rides(&choices, today).into();
    let picks = choices.picks(|offer: &Offer| offer.product.sells_once(offer.variant));
    let chosen = key.map(delivery_place);
    let first = chosen.or_else(|| rides.first().map(|ride| ride.value.clone()));
    let (variant, quantity) = (
        RwSignal::new(id.clone().unwrap_or_default()),
        RwSignal::new(1),
    );
    let ride = RwSignal::new(first.unwrap_or_default());
    let find = move |rides: &[Ride]| {
        let value = ride.get_untracked();
        rides.iter().position(|one| one.value == value)
    };
    let options: Vec<(String, String)> = rides
        .iter()
        .map(|ride| (ride.value.clone(), ride.label.clone()))
        .collect();
    let title = choices.catalogue.variant(id.as_deref().unwrap_or_default());
    let title = title.map(|(product, variant)| words::of_variant(&product.title, &variant.title));
    let (to_send, to_show, to_say) = (Arc::clone(&rides), Arc::clone(&rides), rides);
    let intent = move || {
        let ride = find(&to_send).map(|at| &to_send[at]);
        let body = NewOnetime {
            address_id: ride.map_or(AddressId(0), |ride| ride.address_id),
            external_variant_id: variant.get_untracked(),
            quantity: quantity.get_untracked(),
            date: ride.and_then(|ride| ride.date),
        };
        Intent::AddOnetime { body }
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
        fields.push(Field::select("date", t::once_when(), ride, options));
    }
    fields.push(Field::count(
        "quantity",
        t::adding_quantity(),
        quantity,
        1,
        most,
    ));
    Form::new(
        title.map_or_else(
            || t::once_title().to_owned(),
            |name| t::once_title_of(&name),
        ),
        intent,
    )
    .fields(fields)
    .review(move || {
        let delivery = find(&to_show).and_then(|at| to_show[at].delivery.as_ref());
        delivery
            .map(|delivery| lines(delivery, today))
            .unwrap_or_default()
    })
    .meaning(|| t::once_meaning().into())
    .confirm(|| t::once_confirm().into())
    .sending(t::adding_sending())
    .done(move |_, _| {
        let delivery = find(&to_say).and_then(|at| to_say[at].delivery.as_ref());
        match delivery.and_then(|delivery| delivery.change_until) {
            Some(until) => t::once_done_until(&format::day_time(until.date, until.minute, today)),
            None => t::once_done().to_owned(),
        }
    })
    .place(key.map(delivery_place).unwrap_or_default())
    .action()
}

/// What stays: the day, what pays, and until when it can be taken off again.
fn lines(delivery: &Delivery, today: Date) -> Vec<Line> {
    let line = |label: &str, before: String| Line {
        label: label.into(),
        before,
        kind: LineKind::Unchanged,
        ..Line::default()
    };
    let mut lines = vec![line(
        t::once_rides(),
        format::date(delivery.key.date, today),
    )];
    if let Some(payment) = &delivery.payment {
        lines.push(line(
            t::subscription_payment(),
            words::payment_line(payment),
        ));
    }
    if let Some(until) = delivery.change_until.filter(|_| is_open(delivery)) {
        let moment = format::day_time(until.date, until.minute, today);
        lines.push(line(t::once_until(), moment));
    }
    lines
}

/// Opens the form for how many of a one-time product come.
pub(super) fn change(page: &Page, id: OnetimeId, delivery: &Delivery, item: &DeliveryItem) {
    let (today, most) = (page.today(), super::most(page));
    let (delivery, item) = (delivery.clone(), item.clone());
    page.changes.start(move || {
        let quantity = RwSignal::new(item.quantity);
        let intent = move || Intent::UpdateOnetime {
            onetime_id: id,
            body: Quantity {
                quantity: quantity.get_untracked(),
            },
        };
        let place = delivery_place(delivery.key);
        Form::new(t::once_change_title(&words::short(&item.title)), intent)
            .fields(vec![Field::count(
                "quantity",
                t::adding_quantity(),
                quantity,
                1,
                most,
            )])
            .review(move || lines(&delivery, today))
            .place(place)
            .action()
    });
}

/// Opens the review of taking a one-time product off.
pub(super) fn remove(page: &Page, id: OnetimeId, delivery: &Delivery, title: &str) {
    let (today, delivery, title) = (page.today(), delivery.clone(), title.to_owned());
    page.changes.start(move || {
        let intent = move || Intent::RemoveOnetime {
            onetime_id: id,
            body: Nothing {},
        };
        let place = delivery_place(delivery.key);
        Form::new(t::once_remove_title(&title), intent)
            .review(move || lines(&delivery, today))
            .confirm(|| t::once_remove_confirm().into())
            .sending(t::once_removing())
            .done(move |_, _| t::once_removed(&title))
            .place(place)
            .action()
    });
}
