//! The six sections, one folder each.
//!
//! A section is a function that answers with a view: a [`PageHeader`] first, rendered at
//! once so that the focus has a heading to move to, and below it blocks in a stack
//! (`<div class="stack stack-section">`), mostly [`Card`](crate::ui::Card)s.

use leptos::prelude::*;
use protocol::{OrderId, SubscriptionId};

use crate::i18n::t;
use crate::routing::{Route, Router};
use crate::ui::{PageHeader, Shape, Skeleton};

/// What comes next.
pub(crate) fn overview() -> impl IntoView {
    placeholder(t::nav_overview(), Shape::Lead)
}

/// All subscriptions.
pub(crate) fn subscriptions() -> impl IntoView {
    placeholder(t::nav_subscriptions(), Shape::Cards(3))
}

/// One subscription.
pub(crate) fn subscription(id: SubscriptionId) -> impl IntoView {
    let back = (
        Router::expect().href(&Route::Subscriptions),
        t::nav_subscriptions().to_owned(),
    );
    view! { <PageHeader title=id.to_string() back/> }
}

/// The deliveries to come.
pub(crate) fn deliveries() -> impl IntoView {
    placeholder(t::nav_deliveries(), Shape::Rows(4))
}

/// The orders so far.
pub(crate) fn history() -> impl IntoView {
    placeholder(t::nav_history(), Shape::Rows(6))
}

/// One order.
pub(crate) fn order(id: OrderId) -> impl IntoView {
    let back = (
        Router::expect().href(&Route::History),
        t::nav_history().to_owned(),
    );
    view! { <PageHeader title=id.to_string() back/> }
}

/// The addresses.
pub(crate) fn addresses() -> impl IntoView {
    placeholder(t::nav_addresses(), Shape::Cards(2))
}

/// The payment methods.
pub(crate) fn payment_methods() -> impl IntoView {
    placeholder(t::nav_payment_methods(), Shape::Cards(2))
}

/// The customer's own details.
pub(crate) fn customer() -> impl IntoView {
    placeholder(t::nav_customer(), Shape::Facts(4))
}

fn placeholder(title: &'static str, shape: Shape) -> impl IntoView {
    view! {
        <div class="stack stack-section">
            <PageHeader title/>
            <Skeleton shape/>
        </div>
    }
}
