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

use super::page::{Page, shown};
use crate::i18n::t;
use crate::routing::{HistoryFilter, Route, Router};
use crate::ui::{Button, Drawing, EmptyState, LinkButton, PageHeader, Shape};
use filter::Filter;
use list::{Row, cards, table};
use loaded::Loaded;

pub(crate) use receipt::order;

/// How many rows more are shown at a time.
const ROWS: usize = 20;

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
                if view.orders.is_empty() && view.charges.is_empty() {
                    return nothing(page);
                }
                loaded.begin_with(view);
                let page = page.clone();
                view! {
                    <div class="stack">
                        {filter.fields()}
                        {move || rows(&page, filter, loaded)}
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
        let text = match loaded.next.with(Option::is_some) {
            true => t::history_searched(count),
            false => t::history_searched_all(count),
        };
        view! { <p class="small muted" aria-live="polite">{text}</p> }
    });
    let list = match rows.is_empty() {
        true => view! { <EmptyState drawing=Drawing::Receipt text=t::history_none()/> }.into_any(),
        false => view! {
            {table(page, &rows)}
            {cards(page, &rows)}
        }
        .into_any(),
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
    let label = match searching {
        true => t::history_search_older(),
        false => t::history_older(),
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
