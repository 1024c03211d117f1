//! One order as a receipt, which also prints well.

use leptos::prelude::*;
use protocol::view::OrderDetail;
use protocol::{Money, OrderId, Query};

use super::help;
use crate::data::{Data, InView};
use crate::i18n::{format, t};
use crate::navigation::{Route, Router};
use crate::overview::page::{Page, shown};
use crate::overview::page_header::PageHeader;
use crate::overview::{parts, words};
use crate::sections::offers;
use crate::ui::{Card, Fact, Facts, Shape, Sum, Sums};

/// One order.
pub(crate) fn order(id: OrderId) -> impl IntoView {
    let query = Query::Order(id);
    let cell = Data::expect().open(query.clone());
    let title = Signal::derive(move || {
        let number = cell.view.with(|view| {
            let order = view.as_deref().and_then(OrderDetail::of);
            order
                .map(|order| order.row.number.clone())
                .unwrap_or_default()
        });
        if number.is_empty() {
            t::order_title().to_owned()
        } else {
            t::order_title_number(&number)
        }
    });
    let back = (
        Router::expect().href(&Route::history()),
        t::nav_history().to_owned(),
    );
    view! {
        <div class="stack stack-large">
            <PageHeader title back/>
            {shown(query, Shape::Facts(6), show)}
        </div>
    }
}

fn show(page: &Page, order: &OrderDetail) -> AnyView {
    let shop = page
        .session()
        .map(|session| session.merchant.name.clone())
        .unwrap_or_default();
    let date = order.row.date.map(format::date_with_year);
    let date = date.map(
        |date| view! { <Fact label=t::history_date()><span class="number">{date}</span></Fact> },
    );
    let shipping = order.shipping_address.as_ref().map(|lines| {
        let shown = parts::address(lines);
        view! { <Fact label=t::order_shipped_to()>{shown}</Fact> }
    });
    let billing = order.billing_address.as_ref().map(|lines| {
        let shown = parts::address(lines);
        view! { <Fact label=t::order_billed_to()>{shown}</Fact> }
    });
    let tax_id = order.tax_id.clone();
    let tax_id = tax_id.map(|id| view! { <Fact label=t::tax_id_label()>{id}</Fact> });
    let codes = (!order.discount_codes.is_empty()).then(|| {
        let codes = format::list(&order.discount_codes);
        view! { <Fact label=t::order_codes()><span class="typed">{codes}</span></Fact> }
    });
    let legal = page.session().map(|session| session.merchant.legal.clone());
    let legal = legal.filter(|lines| !lines.is_empty()).map(|lines| {
        let lines = lines.into_iter().map(|line| view! { <p>{line}</p> });
        view! { <footer class="caption muted legal">{lines.collect_view()}</footer> }
    });
    let (parcels, actions) = (parcels(order), help::actions(page, order));
    view! {
        <div class="stack receipt">
            <section class="card" part="card">
                <div class="row row-between">
                    <p class="strong typed">{shop}</p>
                    {parts::pill(words::payment_state(&order.row.state))}
                </div>
                {parts::items(order.row.items.iter().map(Into::into))}
                <div>
                    {order.totals.map(|totals| parts::sums(totals, false, false))}
                    {refund(order)}
                </div>
            </section>
            <Card>
                <Facts>{date}{shipping}{billing}{parcels}{tax_id}{codes}</Facts>
            </Card>
            {legal}
            {offers::buy_again(page, order)}
            {actions}
        </div>
    }
    .into_any()
}

/// The ways to follow its parcels at their carriers, each in a tab of its own; nothing where
/// nobody says how far they are.
fn parcels(order: &OrderDetail) -> AnyView {
    let links = order.parcels.iter().map(|parcel| {
        let label = if parcel.carrier.is_empty() {
            t::order_track().to_owned()
        } else {
            t::order_track_with(&words::short(&parcel.carrier))
        };
        view! {
            <li><a href=parcel.url.clone() target="_blank" rel="noopener noreferrer">{label}</a></li>
        }
    });
    if order.parcels.is_empty() {
        ().into_any()
    } else {
        let links = links.collect_view();
        view! { <Fact label=t::order_parcels()><ul>{links}</ul></Fact> }.into_any()
    }
}

/// What was paid back, and what that leaves.
fn refund(order: &OrderDetail) -> AnyView {
    let refunded = order.row.refunded;
    if refunded.minor() == 0 {
        return ().into_any();
    }
    let none = Money::zero(refunded.currency());
    let negative = none.minus(refunded).unwrap_or(none);
    let left = order.row.total.and_then(|total| total.minus(refunded));
    view! {
        <Sums>
            <Sum label=t::order_refunded() amount=format::money(negative)/>
            <Sum label=t::order_after_refund() amount=format::money(left) total=true/>
        </Sums>
    }
    .into_any()
}
