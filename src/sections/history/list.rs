//! Orders and charges as a list: a table where there is room, cards where there is not.

use leptos::prelude::*;
use protocol::view::{ChargeRow, OrderItem, OrderRow, PaymentState};
use protocol::{Date, Money, OrderId};

use crate::i18n::{format, t};
use crate::navigation::Route;
use crate::overview::page::Page;
use crate::overview::parts::{names, pill};
use crate::overview::words;
use crate::ui::{Column, Picture, PictureSize, Table};

/// An order, or a charge that has none.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) id: Option<OrderId>,
    pub(super) number: String,
    pub(super) date: Option<Date>,
    pub(super) state: PaymentState,
    pub(super) items: Vec<OrderItem>,
    pub(super) total: Option<Money>,
    pub(super) refunded: Option<Money>,
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
pub(super) fn table(page: &Page, rows: &[Row]) -> AnyView {
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
                        <span class="typed">{row.titles()}</span>
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
pub(super) fn cards(page: &Page, rows: &[Row]) -> AnyView {
    let cards = rows.iter().map(|row| {
        view! {
            <article class="card opens order-card" part="card">
                <div class="row row-between row-top">
                    <div>
                        {row.link(page)}
                        <p class="caption muted number">{row.number.clone()}</p>
                    </div>
                    {pill(words::payment_state(&row.state))}
                </div>
                <p class="small muted typed">{row.titles()}</p>
                <div class="row row-between">
                    {row.pictures()}
                    <div class="end"><span class="money strong">{format::money(row.total)}</span>{row.refund()}</div>
                </div>
            </article>
        }
    });
    view! { <div class="stack narrow-only">{cards.collect_view()}</div> }.into_any()
}
