//! What the portal says to the page around it: links to the merchant, and events.

use js_sys::{Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

/// `url` with `parameters` in it, those without a value left out: those of a mail where it is
/// `mailto:`, else of an address, before its fragment.
pub(crate) fn with_parameters(url: &str, parameters: &[(&str, String)]) -> String {
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

/// A plain object of our own.
pub(crate) fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // It takes every field.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

/// The element that the portal is mounted into, from where its events bubble. Copies are the same.
#[derive(Clone, Copy)]
pub(crate) struct Host(StoredValue<HtmlElement, LocalStorage>);

impl Host {
    /// Offers `root` as context.
    pub(crate) fn provide(root: &HtmlElement) -> Host {
        let host = Host(StoredValue::new_local(root.clone()));
        provide_context(host);
        host
    }

    /// The element of this portal.
    pub(crate) fn expect() -> Host {
        expect_context()
    }

    /// Tells the page around that `name` has happened.
    pub(crate) fn tell(self, name: &str, detail: &[(&str, JsValue)]) {
        self.dispatch(name, detail, false);
    }

    /// Tells the page around that `name` is about to happen; whether it has prevented that.
    pub(crate) fn is_taken(self, name: &str, detail: &[(&str, JsValue)]) -> bool {
        self.dispatch(name, detail, true)
    }

    fn dispatch(self, name: &str, detail: &[(&str, JsValue)], is_cancelable: bool) -> bool {
        let object = object([("version", 1.into())]);
        for (name, value) in detail {
            // It takes every field.
            let _ = Reflect::set(&object, &(*name).into(), value);
        }
        let init = CustomEventInit::new();
        // Out of the portal's element.
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_cancelable(is_cancelable);
        init.set_detail(&object);
        let name = ["perennial:", name].concat();
        let event = CustomEvent::new_with_event_init_dict(&name, &init).ok();
        // An answer may come when the portal has left the page.
        let root = self.0.try_get_value();
        // An event can be refused only while it is already on its way.
        event.and_then(|event| root?.dispatch_event(&event).ok()) == Some(false)
    }
}
