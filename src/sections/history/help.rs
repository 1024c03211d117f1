//! What a customer can do about one order: print it, copy its details, ask, report.

use leptos::prelude::*;
use protocol::view::OrderDetail;
use protocol::{Intent, OrderId, ProblemReport, ReportTopic};
use wasm_bindgen_futures::JsFuture;

use super::contact;
use crate::i18n::{format, t};
use crate::sections::action::{Field, Form};
use crate::sections::page::Page;
use crate::sections::words;
use crate::ui::{Announcer, Button, Choice, Glyph, task};

/// The longest message, in characters.
const MESSAGE: usize = 1_000;

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
        let press = move |()| report(&page, id, &name);
        view! { <Button label=t::report_open() icon=Glyph::Alert locked on_press=press/> }
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
    match order.row.number.is_empty() {
        true => order.row.id.to_string(),
        false => order.row.number.clone(),
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
    let total = [t::sum_total(), &format::money(order.totals.total)].join(" ");
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

/// Opens the form that tells the merchant.
fn report(page: &Page, order_id: OrderId, name: &str) {
    page.changes.start(|| {
        let (about, message) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
        let topic = |topic: ReportTopic, label: &str| Choice {
            value: topic.as_str().to_owned(),
            label: label.to_owned(),
            hint: String::new(),
        };
        let topics = vec![
            topic(ReportTopic::Damaged, t::report_damaged()),
            topic(ReportTopic::Missing, t::report_missing()),
            topic(ReportTopic::Wrong, t::report_wrong()),
            topic(ReportTopic::Refund, t::report_refund()),
            topic(ReportTopic::Question, t::report_question()),
        ];
        let intent = move || Intent::ReportProblem {
            order_id,
            body: ProblemReport {
                about: ReportTopic::from(about.get_untracked().as_str()),
                message: message.get_untracked(),
            },
        };
        Form::new(t::report_title(name), intent)
            .fields(vec![
                Field::choice("about", t::report_about(), about, topics),
                Field::area("message", t::report_message(), message, MESSAGE),
            ])
            .meaning(|| t::report_meaning().into())
            .confirm(|| t::report_confirm().into())
            .sending(t::report_sending())
            .done(|_, reference| t::report_done(reference))
            .action()
    });
}
