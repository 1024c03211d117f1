//! The six sections and the overview, one room each.
//!
//! A section is a function that answers with a view: a [`PageHeader`](crate::ui::PageHeader)
//! first, rendered at once so that the focus has a heading to move to, and below it what
//! [`page::shown`] draws of one query. What can be changed is declared as an
//! [`Action`](crate::data::Action) beside its section and started by a button; the one
//! [`change_dialog::ChangeDialog`] shows it.
//!
//! The overview is in the first file of the bundle, everything else in the second: see [`rest`].

mod action;
mod adding;
mod addresses;
mod change_dialog;
mod customer;
mod deliveries;
mod ended;
mod failed_payment;
mod history;
mod overview;
mod page;
mod parts;
mod payment_methods;
mod rest;
mod start;
mod subscriptions;
mod warnings;
mod words;

use leptos::prelude::{AnyView, IntoAny};

pub(crate) use ended::ended;
pub(crate) use rest::{ChangeDialog, FailedPayment, Rest};
use start::Start;

use crate::i18n::t;
use crate::routing::Route;

/// What stands at a place.
pub(crate) fn page(route: Route) -> AnyView {
    match route {
        Route::Overview => overview::overview().into_any(),
        elsewhere => rest::page(elsewhere),
    }
}

/// What the navigation calls the section of `route`.
pub(crate) fn name(route: &Route) -> &'static str {
    match route.section() {
        Route::Subscriptions => t::nav_subscriptions(),
        Route::Deliveries => t::nav_deliveries(),
        Route::History(_) => t::nav_history(),
        Route::Addresses => t::nav_addresses(),
        Route::PaymentMethods => t::nav_payment_methods(),
        Route::Customer => t::nav_customer(),
        _ => t::nav_overview(),
    }
}
