//! The addresses, and what depends on each.

mod discount;

use leptos::prelude::*;
use protocol::view::{Address, Addresses};
use protocol::{Operation, Query};

use crate::actions::{
    add_address, delete_address, move_subscriptions, places, set_shipping_method, update_address,
};
use crate::i18n::{format, t};
use crate::navigation::Route;
use crate::overview::page::{Page, shown};
use crate::overview::page_header::PageHeader;
use crate::overview::{parts, words};
use crate::ui::{Button, Drawing, EmptyState, Fact, Facts, Glyph, Menu, MenuItem, Shape};

/// The addresses.
pub(crate) fn addresses() -> impl IntoView {
    view! {
        <div class="stack stack-large">
            <PageHeader title=t::nav_addresses() lead=t::addresses_lead()/>
            {shown(Query::Addresses, Shape::Cards(2), show)}
        </div>
    }
}

fn show(page: &Page, view: &Addresses) -> AnyView {
    let add = page.allows(Operation::AddAddress).then(|| {
        let own = page.clone();
        let press = move |()| add_address::open(&own);
        let locked = page.locked(None);
        view! { <Button label=t::add_address_open() locked icon=Glyph::Plus on_press=press/> }
    });
    if view.addresses.is_empty() {
        return view! {
            <EmptyState drawing=Drawing::House text=t::addresses_empty()>{add}</EmptyState>
        }
        .into_any();
    }
    let cards = view
        .addresses
        .iter()
        .map(|address| card(page, address, view));
    view! {
        <div class="stack cards">{cards.collect_view()}</div>
        <div class="row">{add}</div>
    }
    .into_any()
}

fn card(page: &Page, address: &Address, all: &Addresses) -> AnyView {
    let place = places::address(address.id);
    let marked = page.marked(place.clone());
    let edit = page.allows(Operation::UpdateAddress).then(|| {
        let (own, address) = (page.clone(), address.clone());
        let name = t::update_address_open_name(&address.lines.street);
        let press = move |()| update_address::open(&own, &address);
        let locked = page.locked(None);
        view! { <Button label=t::update_address_open() name locked icon=Glyph::Edit on_press=press/> }
    });
    view! {
        <section class="card" part="card" id=place data-marked=marked>
            <div class="row row-between row-top">
                {parts::address(&address.lines)}
                <div class="row">{edit}{more(page, address, all)}</div>
            </div>
            {dependents(page, address)}
            {discount::discount(page, address)}
        </section>
    }
    .into_any()
}

/// What else can be done with it: moving what goes there, and deleting it.
fn more(page: &Page, address: &Address, all: &Addresses) -> Option<AnyView> {
    let others: Vec<Address> = all
        .addresses
        .iter()
        .filter(|other| other.id != address.id)
        .cloned()
        .collect();
    let is_used = !address.subscriptions.is_empty();
    let titles = parts::names(address.subscriptions.iter().map(|s| s.title.as_str()));
    let nowhere =
        (is_used && others.is_empty()).then(|| t::move_subscriptions_nowhere().to_owned());
    let move_away = |first: Option<String>| {
        let (address, others) = (address.clone(), others.clone());
        move |page: &Page| move_subscriptions::open_from(page, &address, &others, first.clone())
    };
    let can_move = page.allows(Operation::MoveSubscriptions);
    let moving = (can_move && is_used).then(|| {
        let lock = nowhere.clone();
        page.item(
            t::move_subscriptions_open(),
            Glyph::To,
            lock,
            move_away(None),
        )
    });
    let deleting = page.allows(Operation::DeleteAddress).then(|| {
        let (label, own) = (t::delete_address_open(), address.clone());
        if is_used && can_move {
            let first = Some(t::delete_address_first(&titles));
            return page.item(label, Glyph::Close, nowhere.clone(), move_away(first));
        }
        let lock = is_used.then(|| t::delete_address_used(&titles));
        page.item(label, Glyph::Close, lock, move |page| {
            delete_address::open(page, &own);
        })
    });
    let shipping = (!all.shipping_methods.is_empty()).then(|| {
        let (own, methods) = (address.clone(), all.shipping_methods.clone());
        let choose = move |page: &Page| set_shipping_method::open(page, &own, &methods);
        page.item(t::set_shipping_method_title(), Glyph::Parcel, None, choose)
    });
    let items: Vec<MenuItem> = shipping.into_iter().chain(moving).chain(deleting).collect();
    let name = t::address_more_name(&address.lines.street);
    (!items.is_empty()).then(|| view! { <Menu label=t::ui_more() name items/> }.into_any())
}

/// What this address gets, when, and what pays for it.
fn dependents(page: &Page, address: &Address) -> AnyView {
    if address.subscriptions.is_empty() && address.deliveries.is_empty() {
        return view! { <p class="small muted">{t::address_unused()}</p> }.into_any();
    }
    let links = address.subscriptions.iter().map(|subscription| {
        let href = page.href(Route::Subscription(subscription.id));
        view! { <li><a class="typed" href=href>{words::short(&subscription.title)}</a></li> }
    });
    let links = links.collect_view();
    let next = address.deliveries.first().map(|key| {
        let date = format::date(key.date, page.today());
        view! { <Fact label=t::address_next()>{date}</Fact> }
    });
    let payment = address.payment.as_ref().map(|line| {
        let line = words::payment_line(line);
        view! { <Fact label=t::subscription_payment()>{line}</Fact> }
    });
    view! {
        <Facts>
            <Fact label=t::address_gets()><ul>{links}</ul></Fact>
            {next}
            {payment}
        </Facts>
    }
    .into_any()
}
