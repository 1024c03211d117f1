//! What is linked into the second file of the bundle: `sections/` and `actions/`.

use std::pin::Pin;

use leptos::prelude::*;

use crate::actions;
use crate::actions::dialog::ChangeDialog;
use crate::data::{Changes, View};
use crate::i18n::t;
use crate::navigation::{Route, Router, keep_address};
use crate::overview;
use crate::overview::lazy_bundle::{Entrypoints, Place};
use crate::overview::page_header::PageHeader;
use crate::sections;
use crate::ui::{ButtonKind, Drawing, EmptyState, LinkButton};

const ENTRYPOINTS: Entrypoints = Entrypoints {
    page,
    dialog,
    banner,
    open: actions::open,
    reader: View::read,
};

/// Fetches the second file, as [`Load`](overview::lazy_bundle::Load) says.
pub(crate) fn load() -> Pin<Box<dyn Future<Output = Option<Entrypoints>>>> {
    Box::pin(async { entrypoints().await.ok() })
}

#[cfg(feature = "split")]
#[leptos::wasm_split::wasm_split(rest, fallible, wasm_split_path = leptos::wasm_split)]
fn entrypoints() -> Result<Entrypoints, leptos::wasm_split::SplitLoaderError> {
    Ok(ENTRYPOINTS)
}

/// What the entrypoints lead to is in the same file.
#[cfg(not(feature = "split"))]
async fn entrypoints() -> Result<Entrypoints, std::convert::Infallible> {
    Ok(ENTRYPOINTS)
}

fn page(place: Place) -> AnyView {
    let route = match place {
        Place::Page(route) => route,
        Place::Part(part) => return sections::parts::part(part),
        Place::Flow(flow) => return sections::session_flow::session_flow(&flow),
    };
    match route {
        Route::Overview => overview::overview().into_any(),
        Route::Subscriptions => sections::subscriptions::subscriptions().into_any(),
        Route::Subscription(id) => sections::subscriptions::subscription(id).into_any(),
        Route::Deliveries => sections::deliveries::deliveries().into_any(),
        Route::History(filter) => sections::history::history(filter).into_any(),
        Route::Order(id) => sections::history::order(id).into_any(),
        Route::Addresses => sections::addresses::addresses().into_any(),
        Route::PaymentMethods => sections::payment_methods::payment_methods(false).into_any(),
        Route::AddCard => sections::payment_methods::payment_methods(true).into_any(),
        Route::Customer => sections::customer::customer().into_any(),
        Route::NotFound => view! { <NotFound/> }.into_any(),
    }
}

/// What is above every page.
fn banner() -> AnyView {
    view! {
        {sections::failed_payment::failed_payment()}
        {sections::announcement::announcement()}
    }
    .into_any()
}

/// The dialog; a change that is open is left together with its page.
fn dialog() -> AnyView {
    let (router, changes) = (Router::expect(), Changes::expect());
    keep_address(router);
    Effect::new(move |before: Option<()>| {
        router.route();
        if before.is_some() {
            changes.leave_page();
        }
    });
    Effect::new(move || router.show_sheet(changes.shown.get()));
    Effect::new(move || {
        if !router.keeps_sheet() && changes.shown.get_untracked() {
            changes.close();
        }
    });
    view! {
        <ChangeDialog/>
        {sections::flow::asked_for()}
        {sections::idle::warning()}
    }
    .into_any()
}

/// An address that names no place.
#[component]
fn NotFound() -> impl IntoView {
    let home = Router::expect().href(&Route::Overview);
    view! {
        <PageHeader title=t::not_found_title()/>
        <EmptyState drawing=Drawing::Signpost text=t::not_found_text()>
            <LinkButton href=home label=t::not_found_action() kind=ButtonKind::Primary/>
        </EmptyState>
    }
}
