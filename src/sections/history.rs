//! The orders so far, filtered as the address says, and one of them as a receipt.

mod contact;
mod filter;
mod help;
mod list;
mod loaded;
mod receipt;

use leptos::prelude::*;
use protocol::Query;
use protocol::view::Orders;

use crate::i18n::t;
use crate::navigation::{HistoryFilter, Route, Router};
use crate::overview::page::{Page, shown};
use crate::overview::page_header::PageHeader;
use crate::overview::parts;
use crate::ui::{Button, Drawing, EmptyState, LinkButton, Shape};
use filter::Filter;
use list::{Row, cards, table};
use loaded::{Loaded, ROWS};

pub(crate) use receipt::order;

/// The orders so far, of which `filter` is shown.
pub(crate) fn history(filter: HistoryFilter) -> impl IntoView {
    let (filter, loaded) = (Filter::new(filter), Loaded::new());
    let router = Router::expect();
    Effect::new(move |before: Option<()>| {
        let now = filter.get();
        if before.is_some() {
            router.amend(Route::History(now));
        }
    });
    view! {
        <div class="stack stack-large">
            <PageHeader title=t::nav_history()/>
            {shown(Query::Orders { cursor: None }, Shape::Rows(6), move |page, view: &Orders| {
                if view.orders.is_empty() && view.charges.is_empty() && !view.cut {
                    return nothing(page);
                }
                loaded.begin_with(view);
                let (page, cut) = (page.clone(), parts::cut(view.cut));
                view! {
                    <div class="stack">
                        {filter.fields()}
                        {move || rows(&page, filter, loaded)}
                        {cut}
                    </div>
                }
                .into_any()
            })}
        </div>
    }
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

/// The rows that match, what was searched for them, and the way to older ones.
fn rows(page: &Page, filter: Filter, loaded: Loaded) -> AnyView {
    let wanted = filter.get();
    let all = loaded.rows();
    let count = all.len();
    let mut rows: Vec<Row> = all
        .into_iter()
        .filter(|row| filter::matches(&wanted, row))
        .collect();
    let hidden = rows.len() > loaded.shown.get();
    rows.truncate(loaded.shown.get());
    let filtered = wanted != HistoryFilter::default();
    let more = hidden || loaded.next.with(Option::is_some);
    let searched = filtered.then(|| {
        let text = if loaded.next.with(Option::is_some) {
            t::history_searched(count)
        } else {
            t::history_searched_all(count)
        };
        view! { <p class="small muted" aria-live="polite">{text}</p> }
    });
    let list = if rows.is_empty() {
        view! { <EmptyState drawing=Drawing::Receipt text=t::history_none()/> }.into_any()
    } else {
        view! {
            <div class="orders">
                {table(page, &rows)}
                {cards(page, &rows)}
            </div>
        }
        .into_any()
    };
    view! {
        {searched}
        {list}
        {more.then(|| older(page, loaded, filtered && !hidden, hidden))}
    }
    .into_any()
}

/// The way to older orders: those that are loaded already, then the next page.
fn older(page: &Page, loaded: Loaded, searching: bool, hidden: bool) -> AnyView {
    let label = if searching {
        t::history_search_older()
    } else {
        t::history_older()
    };
    let data = page.data;
    let busy = Signal::derive(move || loaded.loading.get().then(|| t::ui_loading().to_owned()));
    let press = move |()| {
        loaded.shown.update(|shown| *shown += ROWS);
        if !hidden {
            loaded.load(data);
        }
    };
    let trouble = move || {
        let failed = loaded.failed.get();
        failed.then(|| view! { <p class="small muted" role="alert">{t::history_not_loaded()}</p> })
    };
    view! {
        <div class="row older"><Button label busy on_press=press/></div>
        {trouble}
    }
    .into_any()
}
