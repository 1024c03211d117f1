//! What the page that mounts the portal decides.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::backend::{Backend, Http};
use crate::navigation::{Location, Part, Route};

/// Where the current place is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Routing {
    /// In the path: on a page of our own.
    Browser,
    /// Behind the `#`: inside a merchant's page.
    Hash,
    /// In the path of a merchant's page.
    Path,
    /// Nowhere.
    Memory,
}

/// The settings of one portal.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The path of the portal on its own server, without a slash at its end.
    pub(crate) base: String,
    /// The same with the server's origin before it.
    pub(crate) server: String,
    /// What sends a request.
    fetch: JsValue,
    /// Where the current place is written.
    pub(super) routing: Routing,
    /// What the portal's places begin with in the address of a merchant's page: a word behind the
    /// `#`, or the path of that page.
    place: String,
    /// The place to open where the address names none.
    page: String,
    /// The part that is shown; without one the whole portal.
    pub(super) part: Option<Part>,
    /// Promises of the first answers, by path below the API.
    first: JsValue,
    /// Loads a card tokeniser by its kind; answers with the promise of a module.
    pub(crate) tokeniser: JsValue,
    /// Called where a file of the portal did not come.
    pub(crate) missing: JsValue,
    /// Loads the style of all pages but the first; answers with a promise.
    pub(crate) lazy_style: JsValue,
    /// Adopts the merchant's theme.
    pub(crate) adopt_theme: JsValue,
    /// Whether the store is in the browser.
    #[cfg(feature = "mock")]
    mock: bool,
}

impl Config {
    /// Reads the object that the page hands over: `base` (`"/portal"`), `server` (the same with the
    /// origin of the middleware before it), `fetch` (a function like that of the page), `routing`
    /// (`"browser"`, `"hash"`, `"path"` or `"memory"`), `place` (what places begin with in the
    /// fragment or the path of a merchant's page), `page` (the place to open where the address names
    /// none), `view` (a part to show alone) with `subject` (what it is about), `locale` (how dates
    /// and numbers are written), `language` (the tag of the words) and `texts` (the words, where they
    /// are not English), `mode` (`"mock"` for a store in the browser, where the build has one),
    /// `first` (promises of responses already asked for, by path below the API), `tokeniser` (a
    /// function that imports the module of a kind of card fields), `missing` (a function to call
    /// where a file of the portal did not come), `lazyStyle` (a function that adopts the style of all
    /// pages but the first, and answers with the promise of it), `adoptTheme` (a function that adopts
    /// declarations of CSS as the merchant's theme). What is missing or of another type is as if it
    /// were not there.
    pub(super) fn read(object: &JsValue) -> Config {
        Config {
            base: text(object, "base").unwrap_or_default(),
            server: text(object, "server").unwrap_or_default(),
            fetch: Reflect::get(object, &"fetch".into()).unwrap_or_default(),
            routing: match text(object, "routing").as_deref() {
                Some("hash") => Routing::Hash,
                Some("path") => Routing::Path,
                Some("memory") => Routing::Memory,
                _ => Routing::Browser,
            },
            place: text(object, "place").unwrap_or_default(),
            page: text(object, "page").unwrap_or_default(),
            part: text(object, "view")
                .and_then(|name| Part::parse(&name, text(object, "subject").as_deref())),
            first: Reflect::get(object, &"first".into()).unwrap_or_default(),
            tokeniser: Reflect::get(object, &"tokeniser".into()).unwrap_or_default(),
            missing: Reflect::get(object, &"missing".into()).unwrap_or_default(),
            lazy_style: Reflect::get(object, &"lazyStyle".into()).unwrap_or_default(),
            adopt_theme: Reflect::get(object, &"adoptTheme".into()).unwrap_or_default(),
            #[cfg(feature = "mock")]
            mock: text(object, "mode").as_deref() == Some("mock"),
        }
    }

    /// What answers the portal's requests: the middleware it was served by, or in the preview
    /// a store in the browser.
    pub(crate) fn backend(&self) -> Backend {
        #[cfg(feature = "mock")]
        if self.mock {
            return Backend::Mock(crate::backend::mock::Mock::new(&self.base));
        }
        let base = [&self.server, "/api"].concat();
        let (first, fetch) = (self.first.clone(), self.fetch.clone());
        Backend::Http(Http::new(base, first, fetch))
    }

    /// How places are written.
    pub(super) fn location(&self) -> Location {
        let (base, place) = (self.base.clone(), self.place.clone());
        // A part is no place of its own: every link leads on from it.
        let start = match self.part {
            Some(_) => Route::NotFound,
            None => Route::parse(&self.page),
        };
        match self.routing {
            Routing::Browser => Location::Browser { base, write: None },
            Routing::Hash => Location::Hash {
                prefix: place,
                start,
            },
            Routing::Path => Location::Path { base: place, start },
            Routing::Memory => Location::Memory {
                portal: self.server.clone(),
                start,
            },
        }
    }
}

/// The property `name` of `object`, if it is text.
pub(super) fn text(object: &JsValue, name: &str) -> Option<String> {
    Reflect::get(object, &name.into()).ok()?.as_string()
}
