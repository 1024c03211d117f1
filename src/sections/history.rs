//! The orders so far, and one of them as a receipt.

mod receipt;

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{ChargeRow, OrderItem, OrderRow, Orders, PaymentState};
use protocol::{Date, Money, OrderId, Query};

use super::page::{Page, shown};
use super::parts::{names, pill};
use super::words;
use crate::i18n::{format, t};
use crate::routing::Route;
use crate::ui::{
    Button, Column, Drawing, EmptyState, LinkButton, PageHeader, Picture, PictureSize, Shape, Table,
};

pub(crate) use receipt::order;

/// The orders so far.
pub(crate) fn history() -> impl IntoView {
    view! {
        <div class="stack stack-large">
            <PageHeader title=t::nav_history()/>
            {page_of_orders(None)}
        </div>
    }
}

/// One page of orders, and behind its button the next.
fn page_of_orders(cursor: Option<String>) -> AnyView {
    let first = cursor.is_none();
    shown(
        Query::Orders { cursor },
        Shape::Rows(6),
        move |page, view: &Orders| {
            if first && view.orders.is_empty() && view.charges.is_empty() {
                return nothing(page);
            }
            let charges = view.charges.iter().map(Row::from);
            // Charges stand among the orders by date: each is put before the first older one. A
            // sort would cost the bundle kilobytes.
            let mut rows: Vec<Row> = Vec::new();
            for row in charges.chain(view.orders.iter().map(Row::from)) {
                let at = rows.partition_point(|other| other.date >= row.date);
                rows.insert(at, row);
            }
            view! {
                <div class="stack">
                    {table(page, &rows)}
                    {cards(page, &rows)}
                    {view.next.clone().map(older)}
                </div>
            }
            .into_any()
        },
    )
}

fn nothing(page: &Page) -> AnyView {
    let href = page.href(Route::Deliveries);
    view! {
        <EmptyState drawing=Drawing::Receipt text=t::history_empty()>
            <LinkButton href label=t::overview_all_deliveries()/>
        </EmptyState>
    }
    .into_any()
}

/// "Show older": the next page takes the button's place.
fn older(cursor: String) -> AnyView {
    let open = RwSignal::new(false);
    let cursor = Arc::new(cursor);
    view! {
        {move || match open.get() {
            true => page_of_orders(Some(cursor.as_ref().clone())),
            false => view! {
                <div class="row older">
                    <Button label=t::history_older() on_press=move |()| open.set(true)/>
                </div>
            }
            .into_any(),
        }}
    }
    .into_any()
}

/// An order, or a charge that has none.
struct Row {
    id: Option<OrderId>,
    number: String,
    date: Option<Date>,
    state: PaymentState,
    items: Vec<OrderItem>,
    total: Money,
    refunded: Option<Money>,
}

impl From<&OrderRow> for Row {
    fn from(order: &OrderRow) -> Row {
        Row {
            id: Some(order.id),
            number: order.number.clone(),
            date: order.date,
            state: order.state.clone(),
            items: order.items.clone(),
            total: order.total,
            refunded: (order.refunded.minor() != 0).then_some(order.refunded),
        }
    }
}

impl From<&ChargeRow> for Row {
    fn from(charge: &ChargeRow) -> Row {
        Row {
            id: None,
            number: String::new(),
            date: charge.date,
            state: charge.state.clone(),
            items: charge.items.clone(),
            total: charge.total,
            refunded: None,
        }
    }
}

impl Row {
    fn date(&self) -> String {
        self.date
            .map_or_else(|| t::history_no_date().to_owned(), format::date_with_year)
    }

    fn titles(&self) -> String {
        names(self.items.iter().map(|item| item.title.as_str()))
    }

    fn pictures(&self) -> AnyView {
        let shown = self.items.iter().take(3).map(|item| {
            view! { <Picture src=item.image.clone() size=PictureSize::Small count=item.quantity/> }
        });
        view! { <div class="row pictures">{shown.collect_view()}</div> }.into_any()
    }

    /// The date, which opens the receipt where there is one.
    fn link(&self, page: &Page) -> AnyView {
        match self.id {
            Some(id) => {
                let href = page.href(Route::Order(id));
                view! { <a class="opens-link strong number" href=href>{self.date()}</a> }.into_any()
            }
            None => view! { <span class="strong number">{self.date()}</span> }.into_any(),
        }
    }

    fn refund(&self) -> Option<AnyView> {
        self.refunded.map(|amount| {
            let text = t::history_refunded(&format::money(amount));
            view! { <p class="caption muted">{text}</p> }.into_any()
        })
    }
}

/// Where there is room.
fn table(page: &Page, rows: &[Row]) -> AnyView {
    let column = |title: &str, end| Column {
        title: title.to_owned(),
        end,
    };
    let columns = vec![
        column(t::history_date(), false),
        column(t::history_items(), false),
        column(t::history_state(), false),
        column(t::history_total(), true),
    ];
    let lines = rows.iter().map(|row| {
        view! {
            <tr class="opens">
                <td>
                    {row.link(page)}
                    <p class="caption muted number">{row.number.clone()}</p>
                </td>
                <td>
                    <div class="order-items">
                        {row.pictures()}
                        <span class="typed clamp-2">{row.titles()}</span>
                    </div>
                </td>
                <td>{pill(words::payment_state(&row.state))}</td>
                <td class="end"><span class="money">{format::money(row.total)}</span>{row.refund()}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <div class="wide-only">
            <Table caption=t::nav_history() columns>{lines}</Table>
        </div>
    }
    .into_any()
}

/// Where there is not.
fn cards(page: &Page, rows: &[Row]) -> AnyView {
    let cards = rows.iter().map(|row| {
        view! {
            <article class="card opens order-card">
                <div class="row row-between row-top">
                    <div>
                        {row.link(page)}
                        <p class="caption muted number">{row.number.clone()}</p>
                    </div>
                    {pill(words::payment_state(&row.state))}
                </div>
                <p class="small muted typed clamp-2">{row.titles()}</p>
                <div class="row row-between">
                    {row.pictures()}
                    <div class="end"><span class="money strong">{format::money(row.total)}</span>{row.refund()}</div>
                </div>
            </article>
        }
    });
    view! { <div class="stack narrow-only">{cards.collect_view()}</div> }.into_any()
}
