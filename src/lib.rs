//! The portal: a single-page app that a page mounts into an element of its own.

use leptos::prelude::*;
use std::any::Any;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

/// A mounted portal. Dropping it, or calling `unmount`, takes the portal out of the
/// page and disposes everything it listened to.
#[wasm_bindgen]
pub struct Handle {
    mounted: Option<Box<dyn Any>>,
}

#[wasm_bindgen]
impl Handle {
    /// Takes the portal out of the page. Calling it twice does nothing more.
    pub fn unmount(&mut self) {
        self.mounted = None;
    }
}

/// Mounts the portal into `root`, an element inside a shadow root. `config` is the
/// object that the bootstrap script hands over.
#[wasm_bindgen]
pub fn mount(root: HtmlElement, config: JsValue) -> Handle {
    drop(config);
    root.set_inner_html("");
    let mounted = leptos::mount::mount_to(root, || view! { <main><h1>"Perennial"</h1></main> });
    Handle {
        mounted: Some(Box::new(mounted)),
    }
}
