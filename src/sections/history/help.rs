//! What a customer can do about one order: print it, copy its details, ask, report.

use leptos::prelude::*;
use protocol::view::OrderDetail;
use wasm_bindgen_futures::JsFuture;

use super::contact;
use crate::actions::report_problem;
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::{Announcer, Button, Glyph, task};

/// The actions under a receipt.
pub(super) fn actions(page: &Page, order: &OrderDetail) -> AnyView {
    let announcer = Announcer::expect();
    let copied = details(order);
    let copy = move |()| copy(announcer, copied.clone());
    let print = move |()| {
        // A browser that cannot print has no such button to press twice.
        let _ = window().print();
    };
    let help = page
        .session()
        .and_then(|session| contact::help(&session.merchant, order, &name(order)));
    let report = page.allows(protocol::Operation::ReportProblem).then(|| {
        let (page, id, name) = (page.clone(), order.row.id, name(order));
        let locked = page.locked(None);
        let press = move |()| report_problem::open(&page, id, &name);
        view! { <Button label=t::report_problem_open() icon=Glyph::Alert locked on_press=press/> }
    });
    view! {
        <div class="actions">
            <Button label=t::order_print() icon=Glyph::Receipt on_press=print/>
            <Button label=t::order_copy() icon=Glyph::Copy on_press=copy/>
            {help}
            {report}
        </div>
    }
    .into_any()
}

/// What the order is called: its number, else its id.
fn name(order: &OrderDetail) -> String {
    if order.row.number.is_empty() {
        order.row.id.to_string()
    } else {
        order.row.number.clone()
    }
}

/// Number, day, items, amount and id, as text; nothing of the card.
fn details(order: &OrderDetail) -> String {
    let row = &order.row;
    let date = row.date.map(format::date_with_year);
    let items = row.items.iter().map(|item| {
        let title = words::short(&item.title);
        let amount = format::money(item.total);
        t::order_copy_item(&amount, &format::integer(item.quantity as usize), &title)
    });
    let head = [
        Some(t::order_title_number(&name(order))),
        date,
        Some(t::order_copy_id(&row.id.to_string())),
    ];
    let total = [t::sum_total(), &format::money(row.total)].join(" ");
    head.into_iter()
        .flatten()
        .chain(items)
        .chain([total])
        .collect::<Vec<_>>()
        .join("\n")
}

fn copy(announcer: Announcer, text: String) {
    let navigator = window().navigator();
    // On a page without encryption the browser has no clipboard.
    let has = js_sys::Reflect::get(&navigator, &"clipboard".into());
    if !has.is_ok_and(|clipboard| clipboard.is_object()) {
        return announcer.announce(t::order_not_copied());
    }
    let written = navigator.clipboard().write_text(&text);
    task::spawn_to_the_end(async move {
        announcer.announce(match JsFuture::from(written).await {
            Ok(_) => t::order_copied(),
            Err(_) => t::order_not_copied(),
        });
    });
}
