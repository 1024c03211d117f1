//! Adding: another subscription, something once, a discount code; and taking these off again.

mod discount;
mod offer;
mod once;
mod start;

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{
    Address, Addresses, Catalogue, Delivery, DeliveryItem, DeliverySchedule, DeliveryState, Lock,
    Stock,
};
use protocol::{OnetimeId, Operation, Query};

use super::page::Page;
use super::parts::lock_of;
use super::words;
use crate::data::{Action, Data, InView};
use crate::i18n::{format, t};
use crate::ui::{Button, Glyph, MenuItem, Pick};

pub(super) use discount::{codes, on_address};
pub(super) use offer::{buy_again, suggestion};

/// What the forms choose from.
struct Choices {
    catalogue: Catalogue,
    addresses: Vec<Address>,
    /// Those that something can still be put on, by date.
    deliveries: Vec<Delivery>,
}

impl Choices {
    /// Reads what is not held yet; `None` where it does not come.
    async fn read(data: Data) -> Option<Choices> {
        let catalogue = data.once(Query::Catalogue).await?;
        let addresses = data.once(Query::Addresses).await?;
        let schedule = data.once(Query::Deliveries).await?;
        let schedule = DeliverySchedule::of(&schedule)?;
        let open = schedule.deliveries.iter().filter(|d| is_open(d));
        Some(Choices {
            catalogue: Catalogue::of(&catalogue)?.clone(),
            addresses: Addresses::of(&addresses)?.addresses.clone(),
            deliveries: open.cloned().collect(),
        })
    }

    /// The variants that `fits` lets through, to be picked.
    fn picks(&self, fits: impl Fn(&Offer) -> bool) -> Vec<Pick> {
        let products = self.catalogue.products.iter();
        let offers = products.flat_map(|product| {
            let variants = product.variants.iter();
            variants.map(move |variant| Offer { product, variant })
        });
        offers
            .filter(|offer| fits(offer))
            .map(|o| o.pick())
            .collect()
    }
}

/// A product in one of its variants.
struct Offer<'a> {
    product: &'a protocol::view::CatalogueProduct,
    variant: &'a protocol::view::CatalogueVariant,
}

impl Offer<'_> {
    fn pick(&self) -> Pick {
        Pick {
            value: self.variant.external_variant_id.clone(),
            title: words::short(&self.product.title),
            detail: words::short(&self.variant.title),
            price: format::money(self.variant.price),
            note: match self.variant.stock {
                Stock::Waits => t::adding_waits().to_owned(),
                _ => String::new(),
            },
            picture: self.product.image.clone(),
            locked: match self.variant.stock {
                Stock::SoldOut => t::adding_sold_out().to_owned(),
                _ => String::new(),
            },
        }
    }

    fn name(&self) -> String {
        words::of_variant(&self.product.title, &self.variant.title)
    }
}

/// Reads what the forms choose from and opens the one that `make` makes of it.
fn open(page: &Page, make: impl FnOnce(Choices) -> Arc<dyn Action> + 'static) {
    page.open_with(Choices::read(page.data), |page, choices| {
        page.changes.start(move || make(choices));
    });
}

/// Whether something can still be put on a delivery.
fn is_open(delivery: &Delivery) -> bool {
    let closed = [Lock::CutOff, Lock::Processing];
    delivery.state == DeliveryState::Planned
        && !delivery
            .lock
            .as_ref()
            .is_some_and(|lock| closed.contains(lock))
}

/// The way to start another subscription, beside a page's title.
pub(super) fn start_button(page: &Page) -> AnyView {
    if !page.allows(Operation::AddSubscription) {
        return ().into_any();
    }
    let (own, locked) = (page.clone(), page.locked(None));
    let press = move |()| start::open(&own, None);
    view! { <Button label=t::start_open() icon=Glyph::Plus locked on_press=press/> }.into_any()
}

/// What else can be done with a delivery while it can be changed: a product more, its one-time
/// products, a code.
pub(super) fn on_delivery(page: &Page, delivery: &Delivery) -> Vec<MenuItem> {
    if delivery.state != DeliveryState::Planned {
        return Vec::new();
    }
    let items = delivery.items.iter();
    add_item(page, delivery)
        .into_iter()
        .chain(items.flat_map(|item| once_items(page, delivery, item)))
        .chain(discount::delivery_item(page, delivery))
        .collect()
}

/// The most of one product at once.
fn most(page: &Page) -> u32 {
    page.session()
        .map_or(1, |session| session.subscription_rules.most)
}

fn menu_item(
    page: &Page,
    delivery: &Delivery,
    label: String,
    icon: Glyph,
    press: impl Fn(&Page) + Send + Sync + 'static,
) -> MenuItem {
    let own = page.clone();
    MenuItem {
        label,
        icon,
        locked: lock_of(page, delivery),
        on_press: Callback::new(move |()| press(&own)),
    }
}

fn add_item(page: &Page, delivery: &Delivery) -> Option<MenuItem> {
    let key = delivery.key;
    let open = move |page: &Page| once::open(page, None, Some(key));
    page.allows(Operation::AddOnetime)
        .then(|| menu_item(page, delivery, t::once_open().into(), Glyph::Plus, open))
}

/// Changing and removing a one-time product.
fn once_items(page: &Page, delivery: &Delivery, item: &DeliveryItem) -> Vec<MenuItem> {
    if !item.one_time {
        return Vec::new();
    }
    let (id, title) = (
        OnetimeId(item.purchase_item_id.0),
        words::short(&item.title),
    );
    let mut items = Vec::new();
    if page.allows(Operation::UpdateOnetime) {
        let (delivery_of, item) = (delivery.clone(), item.clone());
        let change = move |page: &Page| once::change(page, id, &delivery_of, &item);
        let label = t::once_change_name(&title);
        items.push(menu_item(page, delivery, label, Glyph::Edit, change));
    }
    if page.allows(Operation::RemoveOnetime) {
        let (delivery_of, title) = (delivery.clone(), title.clone());
        let label = t::once_remove_name(&title);
        let remove = move |page: &Page| once::remove(page, id, &delivery_of, &title);
        items.push(menu_item(page, delivery, label, Glyph::Minus, remove));
    }
    items
}

/// Two buttons for one product: once, and again and again.
fn buy_buttons(page: &Page, offer: &Offer, once_label: &str) -> AnyView {
    let (id, title) = (offer.variant.external_variant_id.clone(), offer.name());
    let can = offer.variant.is_orderable();
    let sells_once =
        can && page.allows(Operation::AddOnetime) && offer.product.sells_once(offer.variant);
    let once = sells_once.then(|| {
        let (own, id, locked) = (page.clone(), id.clone(), page.locked(None));
        let press = move |()| once::open(&own, Some(id.clone()), None);
        let (label, name) = (
            once_label.to_owned(),
            t::adding_button_name(once_label, &title),
        );
        view! { <Button label name locked on_press=press/> }
    });
    let subscribes = can
        && page.allows(Operation::AddSubscription)
        && !start::plans(offer.product, offer.variant).is_empty();
    let again = subscribes.then(|| {
        let (own, locked) = (page.clone(), page.locked(None));
        let press = move |()| start::open(&own, Some(id.clone()));
        let name = t::adding_button_name(t::start_subscribe(), &title);
        view! { <Button label=t::start_subscribe() name locked on_press=press/> }
    });
    view! { {once} {again} }.into_any()
}
