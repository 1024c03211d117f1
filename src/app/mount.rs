//! Into a page and out of it again.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use super::config::{Config, text};
use super::portal::{Control, Portal, PortalProps};
use crate::i18n::{self, t};
use crate::navigation::Route;

thread_local! {
    /// The portals on this page, for [`crash`].
    static ROOTS: RefCell<Vec<HtmlElement>> = const { RefCell::new(Vec::new()) };
}

/// A mounted portal. Dropping it, or calling `unmount`, takes the portal out of the
/// page and disposes everything it listened to.
#[wasm_bindgen]
pub struct Handle {
    root: HtmlElement,
    control: Option<Control>,
    mounted: Option<Box<dyn Any>>,
}

#[wasm_bindgen]
impl Handle {
    /// Takes the portal out of the page. Calling it twice does nothing more.
    pub fn unmount(&mut self) {
        self.control = None;
        self.mounted = None;
        ROOTS.with_borrow_mut(|roots| roots.retain(|root| *root != self.root));
    }

    /// Moves to the place called `page`, such as `deliveries`.
    pub fn navigate(&self, page: &str) {
        if let Some(control) = self.control {
            control.router.go(Route::parse(page));
        }
    }

    /// Opens the dialog of the operation called `flow`, about the thing with the id `subject`.
    pub fn open(&self, flow: &str, subject: &str) {
        if let Some(control) = self.control {
            control.lazy.open_flow(flow.into(), subject.into());
        }
    }

    /// Reads everything that is shown again.
    pub fn refresh(&self) {
        if let Some(control) = self.control {
            control.data.refresh();
        }
    }

    /// Ends the session and goes back to the shop.
    #[wasm_bindgen(js_name = signOut)]
    pub fn sign_out(&self) {
        if let Some(control) = self.control {
            control.sign_out.run(());
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.unmount();
    }
}

/// Mounts the portal into `root`, an element with the class `portal` inside a shadow root
/// that has adopted the portal's style sheet. `config` holds the settings that docs/embedding.md
/// lists.
#[wasm_bindgen]
pub fn mount(root: HtmlElement, config: JsValue) -> Handle {
    // In the bundle that a merchant ships, what panics calls `crash` itself.
    #[cfg(not(feature = "split"))]
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
        crash();
    }));
    let locale = text(&config, "locale").unwrap_or_else(|| "en".into());
    i18n::set_language(text(&config, "texts"), locale);
    // The page around may be in another language, and written from right to left.
    root.set_lang(&text(&config, "language").unwrap_or_else(|| "en".into()));
    root.set_dir(t::language_direction());
    root.set_inner_html("");
    #[cfg(feature = "mock")]
    crate::backend::mock::adopt_style(&root);
    ROOTS.with_borrow_mut(|roots| roots.push(root.clone()));

    let config = Config::read(&config);
    let element = root.clone();
    let control = Rc::new(Cell::new(None));
    let controls = control.clone();
    let mounted = leptos::mount::mount_to(root.clone(), move || {
        #[cfg(feature = "mock")]
        if let Some(gallery) = crate::backend::mock::gallery(&config.base, &config.lazy_style) {
            return gallery;
        }
        let portal = PortalProps {
            root: element,
            config,
            control: controls,
        };
        Portal(portal).into_any()
    });
    Handle {
        root,
        control: control.get(),
        mounted: Some(Box::new(mounted)),
    }
}

/// A panic ends the wasm, and with it every portal on the page: nothing answers a press
/// any more. Shows the banner that stands ready in each; its link needs no code to work.
#[wasm_bindgen]
pub fn crash() {
    // The panic may have come while the list was borrowed; then there is no banner.
    let _ = ROOTS.try_with(|roots| {
        let Ok(roots) = roots.try_borrow() else {
            return;
        };
        for root in roots.iter() {
            if let Ok(Some(banner)) = root.query_selector("[data-crash]") {
                let _ = banner.remove_attribute("hidden");
            }
        }
    });
}
