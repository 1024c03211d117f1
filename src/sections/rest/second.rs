//! Behind the doors: what is linked into the second file.

use leptos::prelude::*;

use super::Doors;
use crate::data::{Changes, View};
use crate::i18n::t;
use crate::routing::{Route, Router};
use crate::sections::change_dialog::ChangeDialog;
use crate::sections::{self, start};
use crate::ui::{ButtonKind, Drawing, EmptyState, LinkButton, PageHeader};

const DOORS: Doors = Doors {
    page,
    dialog,
    banner: sections::failed_payment::failed_payment,
    start: start::start,
    reader: View::read,
};

/// Opens the doors: fetches the second file, unless it is here.
///
/// # Errors
/// Where it did not come; the next call fetches it again.
#[cfg(feature = "split")]
#[leptos::wasm_split::wasm_split(rest, fallible, wasm_split_path = leptos::wasm_split)]
pub(super) fn open() -> Result<Doors, leptos::wasm_split::SplitLoaderError> {
    Ok(DOORS)
}

/// Opens the doors; what is behind them is in the same file.
#[cfg(not(feature = "split"))]
pub(super) async fn open() -> Result<Doors, std::convert::Infallible> {
    Ok(DOORS)
}

fn page(route: Route) -> AnyView {
    match route {
        Route::Overview => sections::overview::overview().into_any(),
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

/// The dialog; a change that is open is left together with its page.
fn dialog() -> AnyView {
    let (router, changes) = (Router::expect(), Changes::expect());
    Effect::new(move |before: Option<()>| {
        router.route();
        if before.is_some() {
            changes.leave_page();
        }
    });
    view! { <ChangeDialog/> }.into_any()
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
