//! What else can be done with a delivery.

use leptos::prelude::*;
use protocol::view::{Delivery, DeliveryItem, DeliverySchedule, DeliveryState};
use protocol::{OnetimeId, Operation};

use super::ics;
use crate::actions::{
    add_onetime, apply_delivery_discount, gift_delivery, process_delivery,
    remove_delivery_discount, remove_onetime, reschedule_delivery, update_onetime,
};
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::{Glyph, Menu, MenuItem};

/// The menu of a delivery; nothing where there is nothing in it.
pub(super) fn menu(page: &Page, view: &DeliverySchedule, delivery: &Delivery) -> AnyView {
    let items: Vec<MenuItem> = additions(page, delivery)
        .into_iter()
        .chain(process(page, delivery))
        .chain(reschedule(page, view, delivery))
        .chain(gift(page, delivery))
        .chain(calendar(page, delivery))
        .collect();
    if items.is_empty() {
        return ().into_any();
    }
    let name = t::delivery_more_name(&format::date(delivery.key.date, page.today()));
    view! { <Menu label=t::delivery_more() name items/> }.into_any()
}

/// What can be added to a delivery and removed from it while it can be changed: one-time products
/// and a code.
fn additions(page: &Page, delivery: &Delivery) -> Vec<MenuItem> {
    if delivery.state != DeliveryState::Planned {
        return Vec::new();
    }
    let key = delivery.key;
    let add = page.allows(Operation::AddOnetime).then(|| {
        let open = move |page: &Page| add_onetime::open(page, None, Some(key));
        item(page, delivery, t::add_onetime_open(), Glyph::Plus, open)
    });
    let items = delivery.items.iter().filter(|item| item.one_time);
    add.into_iter()
        .chain(items.flat_map(|item| onetime(page, delivery, item)))
        .chain(discount(page, delivery))
        .collect()
}

/// Changing and removing a one-time product.
fn onetime(page: &Page, delivery: &Delivery, of: &DeliveryItem) -> Vec<MenuItem> {
    let (id, title) = (OnetimeId(of.purchase_item_id.0), words::short(&of.title));
    let update = page.allows(Operation::UpdateOnetime).then(|| {
        let (label, own, of) = (t::update_onetime_open(&title), delivery.clone(), of.clone());
        let open = move |page: &Page| update_onetime::open(page, id, &own, &of);
        item(page, delivery, label, Glyph::Edit, open)
    });
    let remove = page.allows(Operation::RemoveOnetime).then(|| {
        let (label, own) = (t::remove_onetime_open(&title), delivery.clone());
        let open = move |page: &Page| remove_onetime::open(page, id, &own, &title);
        item(page, delivery, label, Glyph::Minus, open)
    });
    update.into_iter().chain(remove).collect()
}

/// Applying a code to a delivery that is prepared already, or removing its own one.
fn discount(page: &Page, delivery: &Delivery) -> Option<MenuItem> {
    let key = delivery.key;
    match delivery.discounts.first() {
        None if page.allows(Operation::ApplyDeliveryDiscount) && delivery.due.is_some() => {
            let (label, icon) = (t::apply_delivery_discount_open(), Glyph::Plus);
            let open = move |page: &Page| apply_delivery_discount::open(page, key);
            Some(item(page, delivery, label, icon, open))
        }
        Some(own) if !own.on_address && page.allows(Operation::RemoveDeliveryDiscount) => {
            let (label, code) = (t::discount_remove_name(&own.code), own.code.clone());
            let open = move |page: &Page| remove_delivery_discount::open(page, key, code.clone());
            Some(item(page, delivery, label, Glyph::Minus, open))
        }
        _ => None,
    }
}

fn process(page: &Page, delivery: &Delivery) -> Option<MenuItem> {
    let planned = delivery.state == DeliveryState::Planned;
    let can = planned && delivery.due.is_some() && page.allows(Operation::ProcessDelivery);
    can.then(|| {
        let own = delivery.clone();
        let open = move |page: &Page| process_delivery::open(page, own.clone());
        item(
            page,
            delivery,
            t::process_delivery_open(),
            Glyph::Card,
            open,
        )
    })
}

fn reschedule(page: &Page, view: &DeliverySchedule, delivery: &Delivery) -> Option<MenuItem> {
    let can = reschedule_delivery::can(delivery) && page.allows(Operation::RescheduleDelivery);
    can.then(|| {
        let (own, view) = (delivery.clone(), view.clone());
        let open = move |page: &Page| reschedule_delivery::open(page, own.clone(), view.clone());
        item(
            page,
            delivery,
            t::reschedule_delivery_open(),
            Glyph::Calendar,
            open,
        )
    })
}

fn gift(page: &Page, delivery: &Delivery) -> Option<MenuItem> {
    let can = gift_delivery::can(delivery) && page.allows(Operation::GiftDelivery);
    can.then(|| {
        let own = delivery.clone();
        let open = move |page: &Page| gift_delivery::open(page, own.clone());
        item(page, delivery, t::gift_delivery_open(), Glyph::Parcel, open)
    })
}

/// Adding it to the customer's own calendar, which changes nothing and so is never locked.
fn calendar(page: &Page, delivery: &Delivery) -> Option<MenuItem> {
    (delivery.state != DeliveryState::Skipped).then(|| {
        let shop = page.session().map(|session| session.merchant.name.clone());
        let (shop, delivery) = (shop.unwrap_or_default(), delivery.clone());
        MenuItem {
            label: t::calendar_add().to_owned(),
            icon: Glyph::Plus,
            locked: Signal::stored(None),
            on_press: Callback::new(move |()| ics::download(&delivery, &shop)),
        }
    })
}

/// One action, locked while the delivery is.
fn item(
    page: &Page,
    delivery: &Delivery,
    label: impl Into<String>,
    icon: Glyph,
    open: impl Fn(&Page) + Send + Sync + 'static,
) -> MenuItem {
    page.item(label, icon, delivery.lock.as_ref().map(words::lock), open)
}
