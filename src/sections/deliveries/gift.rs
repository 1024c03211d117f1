//! Giving one delivery to somebody else.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Delivery, DeliveryItem};
use protocol::{AddressForm, DeliveryGift, Intent};

use super::super::action::{Field, Form};
use super::super::addresses::form::AddressFields;
use super::super::page::Page;
use super::super::parts::{delivery_place, names};
use super::reschedule;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::ui::{Line, LineKind};

/// Opens the form for giving `delivery` away.
pub(super) fn start(page: &Page, delivery: Delivery) {
    page.changes.start(|| give(page, delivery));
}

/// Whether something of `delivery` can be given away.
pub(super) fn can(delivery: &Delivery) -> bool {
    reschedule::can(delivery) && given(delivery).next().is_some()
}

fn given(delivery: &Delivery) -> impl Iterator<Item = &DeliveryItem> {
    let items = delivery.items.iter();
    items.filter(|item| item.skippable && !item.skipped)
}

fn give(page: &Page, delivery: Delivery) -> Arc<dyn Action> {
    let (key, today) = (delivery.key, page.today());
    let countries = page
        .session()
        .map(|session| session.countries.clone())
        .unwrap_or_default();
    let email = RwSignal::new(String::new());
    let recipient = AddressFields::empty(countries);
    let ids: Vec<_> = given(&delivery).map(|item| item.purchase_item_id).collect();
    let intent = move || Intent::GiftDelivery {
        address_id: key.address_id,
        date: key.date,
        body: DeliveryGift {
            purchase_item_ids: ids.clone(),
            email: email.get_untracked(),
            recipient: recipient.filled(),
        },
    };
    let titles = names(given(&delivery).map(|item| item.title.as_str()));
    let fields = vec![
        Field::text("email", t::gift_email(), email)
            .typed("email", "off")
            .hint(t::gift_email_hint()),
        Field::info(move || recipient.view()),
    ];
    Form::new(t::gift_title(&format::date(key.date, today)), intent)
        .fields(fields)
        .check(move || recipient.check())
        .refused(move |errors| recipient.refused(errors))
        .review(move || lines(&titles, &recipient.filled(), &email.get_untracked()))
        .meaning(|| t::gift_meaning().into())
        .confirm(|| t::gift_confirm().into())
        .sending(t::gift_sending())
        .done(|_, _| t::gift_done().into())
        .place(delivery_place(key))
        .action()
}

fn lines(titles: &str, to: &AddressForm, email: &str) -> Vec<Line> {
    let name = [to.value("first_name"), to.value("last_name")].join(" ");
    let place = [name.trim(), to.value("address1"), to.value("city"), email];
    let place = place.into_iter().filter(|text| !text.is_empty());
    let line = |label: &str, after: String| Line {
        label: label.into(),
        after,
        kind: LineKind::Changed,
        ..Line::default()
    };
    vec![
        line(t::gift_what(), titles.to_owned()),
        line(t::gift_to(), place.collect::<Vec<_>>().join(", ")),
    ]
}
