//! The addresses, and what depends on each.

mod add;
mod edit;
pub(super) mod form;
mod leave;
mod shipping;

use leptos::prelude::*;
use protocol::view::{Address, Addresses, PaymentMethods};
use protocol::{AddressId, Operation, Query};

use super::page::{Page, shown};
use super::{adding, parts, words};
use crate::data::InView;
use crate::i18n::{format, t};
use crate::routing::Route;
use crate::ui::{
    Button, Drawing, EmptyState, Fact, Facts, Glyph, Menu, MenuItem, PageHeader, Shape,
};

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
        let press = move |()| add(&own);
        let locked = page.locked(None);
        view! { <Button label=t::address_add() locked icon=Glyph::Plus on_press=press/> }
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

/// The `id` of the element that shows an address.
pub(super) fn place(id: AddressId) -> String {
    format!("address-{id}")
}

fn card(page: &Page, address: &Address, all: &Addresses) -> AnyView {
    let place = place(address.id);
    let marked = page.marked(place.clone());
    let edit = page.allows(Operation::UpdateAddress).then(|| {
        let (own, address) = (page.clone(), address.clone());
        let name = t::address_edit_name(&address.lines.street);
        let press = move |()| edit(&own, &address);
        let locked = page.locked(None);
        view! { <Button label=t::address_edit() name locked icon=Glyph::Edit on_press=press/> }
    });
    view! {
        <section class="card" id=place data-marked=marked>
            <div class="row row-between row-top">
                {parts::address(&address.lines)}
                <div class="row">{edit}{more(page, address, all)}</div>
            </div>
            {dependents(page, address)}
            {adding::on_address(page, address)}
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
    let nowhere = (is_used && others.is_empty()).then(|| t::move_nowhere().to_owned());
    let move_away = |first: Option<String>| {
        let (address, others) = (address.clone(), others.clone());
        move || leave::moving(&address, &others, first.clone())
    };
    let can_move = page.allows(Operation::MoveSubscriptions);
    let moving = (can_move && is_used).then(|| {
        let lock = nowhere.clone();
        page.item(t::move_open(), Glyph::To, lock, move_away(None))
    });
    let deleting = page.allows(Operation::DeleteAddress).then(|| {
        let (label, own) = (t::delete_address_open(), address.clone());
        if is_used && can_move {
            let first = Some(t::delete_address_first(&titles));
            return page.item(label, Glyph::Close, nowhere.clone(), move_away(first));
        }
        let lock = is_used.then(|| t::delete_address_used(&titles));
        page.item(label, Glyph::Close, lock, move || leave::deleting(&own))
    });
    let shipping = (!all.shipping_methods.is_empty()).then(|| {
        let (own, methods) = (address.clone(), all.shipping_methods.clone());
        let choose = move || shipping::choosing(&own, &methods);
        page.item(t::shipping_title(), Glyph::Parcel, None, choose)
    });
    let items: Vec<MenuItem> = shipping.into_iter().chain(moving).chain(deleting).collect();
    let name = t::address_more_name(&address.lines.street);
    (!items.is_empty()).then(|| view! { <Menu label=t::ui_more() name items/> }.into_any())
}

/// Opens the form of a new address, with the ways to pay.
fn add(page: &Page) {
    let Some(countries) = page.session().map(|session| session.countries.clone()) else {
        return;
    };
    page.open_with(page.data.once(Query::PaymentMethods), |page, view| {
        if let Some(view) = PaymentMethods::of(&view) {
            page.changes.start(|| add::add(countries, &view.methods));
        }
    });
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

/// Opens the form for `address`.
fn edit(page: &Page, address: &Address) {
    let Some(session) = page.session() else {
        return;
    };
    let (countries, today) = (session.countries.clone(), session.today);
    let address = address.clone();
    page.changes.start(|| edit::edit(address, countries, today));
}

/// Opens the form for the address `id` from another section, reading the addresses first where
/// they are not held.
pub(super) fn edit_by_id(page: &Page, id: AddressId) {
    let data = page.data;
    let read = async move {
        let view = data.once(Query::Addresses).await?;
        let mut all = Addresses::of(&view)?.addresses.iter();
        all.find(|address| address.id == id).cloned()
    };
    page.open_with(read, |page, address| edit(page, &address));
}
