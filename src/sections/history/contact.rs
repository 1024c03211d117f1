//! Help with one order: a link to the shop that says which order it is about, unless the page
//! around the portal has a way of its own.

use js_sys::Array;
use leptos::prelude::*;
use protocol::view::{Merchant, OrderDetail};
use wasm_bindgen::JsValue;
use web_sys::MouseEvent;

use crate::host::{Host, object, with_parameters};
use crate::i18n::t;
use crate::ui::{Glyph, LinkButton, task};

/// The way to the shop; nothing where the merchant has named none. The page around the portal hears
/// of a press before the link is followed, and may help in its own way instead.
pub(super) fn help(merchant: &Merchant, order: &OrderDetail, name: &str) -> Option<AnyView> {
    let href = url(merchant.support_url.as_deref()?, order, name);
    let (host, detail) = (Host::expect(), StoredValue::new_local(detail(order)));
    let press = move |event: MouseEvent| {
        if detail.with_value(|detail| host.is_taken("help", detail)) {
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
fn detail(order: &OrderDetail) -> [(&'static str, JsValue); 2] {
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
    [("order", order), ("subscriptions", subscriptions.into())]
}
