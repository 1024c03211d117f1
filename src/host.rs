//! What the portal says to the page around it: links to the merchant, and events.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, EventTarget};

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

/// Dispatches the event `name` on `target`, from where it bubbles out of the portal's element;
/// whether the page around has prevented its default and takes care of it.
pub(crate) fn is_taken(target: &EventTarget, name: &str, detail: &JsValue) -> bool {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_cancelable(true);
    init.set_detail(detail);
    let event = CustomEvent::new_with_event_init_dict(name, &init).ok();
    // An event can be refused only while it is already on its way.
    event.and_then(|event| target.dispatch_event(&event).ok()) == Some(false)
}

/// Dispatches the event `name` on `target` as news: there is nothing to take care of.
pub(crate) fn tell(target: &EventTarget, name: &str, detail: &JsValue) {
    is_taken(target, name, detail);
}
