//! Help with one order: a link to the shop that says which order it is about, unless the page
//! around the portal has a way of its own.

use js_sys::{Array, Object, Reflect};
use leptos::prelude::*;
use protocol::view::{Merchant, OrderDetail};
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, MouseEvent};

use crate::i18n::t;
use crate::ui::{Glyph, LinkButton};

/// What the page around the portal hears before the link is followed. It bubbles out of the
/// portal's element, and a page that prevents its default has its own way to help.
const EVENT: &str = "perennial:help";

/// The way to the shop; nothing where the merchant has named none.
pub(super) fn help(merchant: &Merchant, order: &OrderDetail, name: &str) -> Option<AnyView> {
    let href = url(merchant.support_url.as_deref()?, order, name);
    let detail = StoredValue::new_local(detail(order));
    let press = move |event: MouseEvent| {
        if detail.with_value(|detail| is_taken(&event, detail)) {
            event.prevent_default();
        }
    };
    let link = view! { <LinkButton href label=t::order_help() icon=Glyph::Info on:click=press/> };
    Some(link.into_any())
}

/// The merchant's address `url` with the order and the subscriptions in it: as subject and text of a mail,
/// or as parameters.
fn url(url: &str, order: &OrderDetail, name: &str) -> String {
    let subscriptions = order.subscriptions.iter().map(ToString::to_string);
    let subscriptions = subscriptions.collect::<Vec<_>>();
    let title = t::order_title_number(name);
    let parameters = match url.starts_with("mailto:") {
        true => {
            let mut text = vec![t::order_copy_id(&order.row.id.to_string())];
            if !subscriptions.is_empty() {
                text.push(t::order_help_subscriptions(&subscriptions.join(", ")));
            }
            [("subject", title), ("body", text.join("\r\n"))]
        }
        false => [("order", title), ("subscriptions", subscriptions.join(","))],
    };
    let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
    let mut address = url.to_owned();
    for (parameter, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.extend([*parameter, "="]);
        address.push_str(&String::from(js_sys::encode_uri_component(value)));
    }
    if !fragment.is_empty() {
        address.extend(["#", fragment]);
    }
    address
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
    object([
        ("version", 1.into()),
        (
            "order",
            object([
                ("id", text(row.id.to_string())),
                ("number", text(row.number.clone())),
                ("date", date),
            ]),
        ),
        ("subscriptions", subscriptions.into()),
    ])
}

fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A plain object of our own takes every field.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

/// Tells the page around; whether it helps in its own way.
fn is_taken(press: &MouseEvent, detail: &JsValue) -> bool {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_cancelable(true);
    init.set_detail(detail);
    let event = CustomEvent::new_with_event_init_dict(EVENT, &init).ok();
    let told = press.current_target().zip(event);
    // An event can be refused only while it is already on its way.
    told.and_then(|(link, event)| link.dispatch_event(&event).ok()) == Some(false)
}
