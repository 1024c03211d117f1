//! Sending one delivery to somebody else as a gift.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Delivery, DeliveryItem, DeliverySchedule, SubscriptionCard};
use protocol::{AddressForm, DeliveryGift, GiftDelivery, Intent, PurchaseItemId, Query};

use super::address_fields::AddressFields;
use super::field::Field;
use super::form::Form;
use super::reschedule_delivery;
use crate::data::{Action, InView};
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::parts::{delivery_place, names};
use crate::ui::{Line, LineKind};

/// Opens the form for sending `delivery` as a gift.
pub(crate) fn open(page: &Page, delivery: Delivery) {
    page.changes.start(|| action(page, delivery));
}

/// Opens it for the next delivery that `card` is in, where that can be sent as a gift.
pub(crate) fn open_next(page: &Page, card: &SubscriptionCard) {
    let (data, id) = (page.data, PurchaseItemId::from(card.id));
    let read = async move {
        let view = data.once(Query::Deliveries).await?;
        let mut all = DeliverySchedule::of(&view)?.deliveries.iter();
        let holds = |delivery: &&Delivery| {
            let mut items = given(delivery);
            items.any(|item| item.purchase_item_id == id)
        };
        Some(all.find(holds).filter(|delivery| can(delivery)).cloned())
    };
    page.open_with(read, |page, found| match found {
        Some(delivery) => open(page, delivery),
        None => page.announcer.announce(t::refusal_not_givable()),
    });
}

/// Whether something of `delivery` can be sent as a gift.
pub(crate) fn can(delivery: &Delivery) -> bool {
    reschedule_delivery::can(delivery) && given(delivery).next().is_some()
}

fn given(delivery: &Delivery) -> impl Iterator<Item = &DeliveryItem> {
    let items = delivery.items.iter();
    items.filter(|item| item.skippable && !item.skipped)
}

fn action(page: &Page, delivery: Delivery) -> Arc<dyn Action> {
    let (key, today) = (delivery.key, page.today());
    let countries = page
        .session()
        .and_then(|session| session.countries.get())
        .unwrap_or_default();
    let email = RwSignal::new(String::new());
    let recipient = AddressFields::empty(countries);
    let ids: Vec<_> = given(&delivery).map(|item| item.purchase_item_id).collect();
    let intent = move || {
        Intent::GiftDelivery(GiftDelivery {
            address_id: key.address_id,
            date: key.date,
            body: DeliveryGift {
                purchase_item_ids: ids.clone(),
                email: email.get_untracked(),
                recipient: recipient.filled(),
            },
        })
    };
    let titles = names(given(&delivery).map(|item| item.title.as_str()));
    let fields = vec![
        Field::text("email", t::gift_delivery_email(), email)
            .typed("email", "off")
            .hint(t::gift_delivery_email_hint()),
        Field::info(move || recipient.view()),
    ];
    Form::new(
        t::gift_delivery_title(&format::date(key.date, today)),
        intent,
    )
    .fields(fields)
    .typed(&recipient.values)
    .check(move || recipient.check())
    .refused(move |errors| recipient.refused(errors))
    .review(move || lines(&titles, &recipient.filled(), &email.get_untracked()))
    .meaning(|| t::gift_delivery_meaning().into())
    .confirm(|| t::gift_delivery_confirm().into())
    .sending(t::gift_delivery_sending())
    .done(|_, _| t::gift_delivery_done().into())
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
        line(t::gift_delivery_what(), titles.to_owned()),
        line(
            t::gift_delivery_to(),
            place.collect::<Vec<_>>().join(t::list_comma()),
        ),
    ]
}
