//! The addresses, and what depends on each.

mod edit;

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Address, Addresses};
use protocol::{AddressId, Operation, Query};

use super::page::{Page, shown};
use super::{parts, words};
use crate::data::InView;
use crate::i18n::{format, t};
use crate::routing::Route;
use crate::ui::{Button, Drawing, EmptyState, Fact, Facts, Glyph, PageHeader, Shape, task};

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
    if view.addresses.is_empty() {
        return view! { <EmptyState drawing=Drawing::House text=t::addresses_empty()/> }.into_any();
    }
    let cards = view.addresses.iter().map(|address| card(page, address));
    view! { <div class="stack cards">{cards.collect_view()}</div> }.into_any()
}

/// The `id` of the element that shows an address.
fn place(id: AddressId) -> String {
    format!("address-{id}")
}

fn card(page: &Page, address: &Address) -> AnyView {
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
                {edit}
            </div>
            {dependents(page, address)}
        </section>
    }
    .into_any()
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
    page.changes
        .start(|| Arc::new(edit::Edit::new(address, countries, today)));
}

/// Opens the form for the address `id` from another section, reading the addresses first where
/// they are not held.
pub(super) fn edit_by_id(page: &Page, id: AddressId) {
    let page = page.clone();
    task::spawn_to_the_end(async move {
        let Some(view) = page.data.once(Query::Addresses).await else {
            return;
        };
        let found = Addresses::of(&view)
            .and_then(|view| view.addresses.iter().find(|address| address.id == id));
        if let Some(address) = found {
            edit(&page, address);
        }
    });
}
