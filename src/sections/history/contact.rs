//! Help with one order: a link to the shop that says which order it is about, unless the page
//! around the portal has a way of its own.

use js_sys::Array;
use leptos::prelude::*;
use protocol::view::{Merchant, OrderDetail};
use wasm_bindgen::JsValue;
use web_sys::MouseEvent;

use crate::host::{is_taken, object, with_parameters};
use crate::i18n::t;
use crate::ui::{Glyph, LinkButton, task};

/// What the page around the portal hears before the link is followed. It bubbles out of the
/// portal's element, and a page that prevents its default has its own way to help.
const EVENT: &str = "perennial:help";

/// The way to the shop; nothing where the merchant has named none.
pub(super) fn help(merchant: &Merchant, order: &OrderDetail, name: &str) -> Option<AnyView> {
    let href = url(merchant.support_url.as_deref()?, order, name);
    let detail = StoredValue::new_local(detail(order));
    let press = move |event: MouseEvent| {
        let link = event.current_target();
        let taken = |link| detail.with_value(|detail| is_taken(&link, EVENT, detail));
        if link.is_some_and(taken) {
            event.prevent_default();
        }
    };
    let link = view! { <LinkButton href label=t::order_help() icon=Glyph::Info on:click=task::guard(press)/> };
    Some(link.into_any())
}

/// The merchant's address `url` with the order and the subscriptions in it: as subject and text of a
/// mail, or as parameters.
fn url(url: &str, order: &OrderDetail, name: &str) -> String {
    let subscriptions = order.subscriptions.iter().map(ToString::to_string);
    let subscriptions = subscriptions.collect::<Vec<_>>();
    let title = t::order_title_number(name);
    if !url.starts_with("mailto:") {
        let parameters = [("order", title), ("subscriptions", subscriptions.join(","))];
        return with_parameters(url, &parameters);
    }
    let mut text = vec![t::order_copy_id(&order.row.id.to_string())];
    if !subscriptions.is_empty() {
        text.push(t::order_help_subscriptions(
            &subscriptions.join(t::list_comma()),
        ));
    }
    with_parameters(url, &[("subject", title), ("body", text.join("\r\n"))])
}

/// What the page around is told: ids as text, and nothing of the card or the customer.
fn detail(order: &OrderDetail) -> JsValue {
    let row = &order.row;
    let text = |text: String| JsValue::from(text);
    let subscriptions = order.subscriptions.iter();
    let subscriptions: Array = subscriptions.map(|id| text(id.to_string())).collect();
    let date = row
        .date
        .map_or(JsValue::NULL, |date| text(date.to_string()));
    let order = object([
        ("id", text(row.id.to_string())),
        ("number", text(row.number.clone())),
        ("date", date),
    ]);
    object([
        ("version", 1.into()),
        ("order", order),
        ("subscriptions", subscriptions.into()),
    ])
}
