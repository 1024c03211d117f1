//! Into a page and out of it again.

use std::any::Any;
use std::cell::RefCell;

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use crate::app::{App, AppProps};
use crate::backend::{Backend, Http};
use crate::i18n;
use crate::routing::Location;

/// What the page that mounts the portal decides.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The path of the portal on its own server, without a slash at its end.
    pub(crate) base: String,
    /// Whether places are written behind the `#`: inside a merchant's page.
    pub(crate) hash_routing: bool,
    /// Promises of the first answers, by path below the API.
    first: JsValue,
    /// Loads a card tokeniser by its kind; answers with the promise of a module.
    pub(crate) tokeniser: JsValue,
    /// Whether the store is in the browser.
    #[cfg(feature = "mock")]
    mock: bool,
}

impl Config {
    /// Reads the object that the page hands over: `base` (`"/portal"`), `routing`
    /// (`"browser"` or `"hash"`), `locale` (a BCP 47 tag; without it the browser's) and
    /// `theme` (`"light"` or `"dark"`; without it the reader's preference), `mode`
    /// (`"mock"` for a store in the browser, where the build has one), `first` (promises of
    /// responses already asked for, by path below the API), `tokeniser` (a function that imports the module
    /// of a kind of card fields). What is missing or of another type is as if it were not there.
    fn read(object: &JsValue) -> Config {
        Config {
            base: text(object, "base").unwrap_or_default(),
            hash_routing: text(object, "routing").as_deref() == Some("hash"),
            first: Reflect::get(object, &"first".into()).unwrap_or_default(),
            tokeniser: Reflect::get(object, &"tokeniser".into()).unwrap_or_default(),
            #[cfg(feature = "mock")]
            mock: text(object, "mode").as_deref() == Some("mock"),
        }
    }

    /// What answers the portal's requests: the middleware it was served by, or in the preview
    /// a store in the browser.
    pub(crate) fn backend(&self) -> Backend {
        #[cfg(feature = "mock")]
        if self.mock {
            return Backend::Mock(crate::backend::mock::Mock::new());
        }
        Backend::Http(Http::new(format!("{}/api", self.base), self.first.clone()))
    }

    /// How places are written.
    pub(crate) fn location(&self) -> Location {
        if self.hash_routing {
            Location::Hash
        } else {
            Location::Browser {
                base: self.base.clone(),
            }
        }
    }
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    Reflect::get(object, &name.into()).ok()?.as_string()
}

thread_local! {
    /// The portals on this page, for the panic hook.
    static ROOTS: RefCell<Vec<HtmlElement>> = const { RefCell::new(Vec::new()) };
}

/// A mounted portal. Dropping it, or calling `unmount`, takes the portal out of the
/// page and disposes everything it listened to.
#[wasm_bindgen]
pub struct Handle {
    root: HtmlElement,
    mounted: Option<Box<dyn Any>>,
}

#[wasm_bindgen]
impl Handle {
    /// Takes the portal out of the page. Calling it twice does nothing more.
    pub fn unmount(&mut self) {
        self.mounted = None;
        ROOTS.with_borrow_mut(|roots| roots.retain(|root| *root != self.root));
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.unmount();
    }
}

/// Mounts the portal into `root`, an element with the class `portal` inside a shadow root
/// that has adopted the portal's style sheet. `config` is read as [`Config::read`] says.
#[wasm_bindgen]
pub fn mount(root: HtmlElement, config: JsValue) -> Handle {
    std::panic::set_hook(Box::new(show_crash));
    let language = text(&config, "locale").or_else(|| window().navigator().language());
    i18n::set_locale(&language.unwrap_or_default());
    if let Some(theme) = text(&config, "theme") {
        // An attribute of our own element cannot be refused.
        let _ = root.set_attribute("data-theme", &theme);
    }
    root.set_inner_html("");
    ROOTS.with_borrow_mut(|roots| roots.push(root.clone()));

    let config = Config::read(&config);
    let element = root.clone();
    let mounted = leptos::mount::mount_to(root.clone(), move || {
        App(AppProps {
            root: element,
            config,
        })
    });
    Handle {
        root,
        mounted: Some(Box::new(mounted)),
    }
}

/// A panic ends the wasm, and with it every portal on the page: nothing answers a press
/// any more. Shows the banner that stands ready in each; its link needs no code to work.
fn show_crash(info: &std::panic::PanicHookInfo<'_>) {
    web_sys::console::error_1(&info.to_string().into());
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
