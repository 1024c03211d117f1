//! How a place is written in an address: as a path of our own page, behind the `#` or in the path
//! of somebody else's, or nowhere.

use std::sync::Arc;

use leptos::prelude::window;
use wasm_bindgen::JsValue;

use super::route::Route;
use super::words;

/// What preceded a route behind the `#` before it was a valid selector. Links in mails still have
/// it.
const FORMER: &str = "#/portal";

/// Writes a path, which may have a query, into a new entry of the browser's history, or with a state
/// into the current one.
pub(crate) type Write = Arc<dyn Fn(&str, Option<JsValue>) + Send + Sync>;

/// Where the current place is kept.
#[derive(Clone)]
pub(crate) enum Location {
    /// In the path, below `base`: on a page of our own.
    Browser {
        /// The portal's own path, such as `/portal`, without a slash at its end.
        base: String,
        /// What writes the address, once it is here.
        write: Option<Write>,
    },
    /// In the fragment: inside a merchant's page.
    Hash {
        /// What each fragment of ours begins with, so that a merchant's own stay theirs.
        prefix: String,
        /// The place where the address names none.
        start: Route,
    },
    /// In the path, below `base`: inside a merchant's page.
    Path {
        /// The path of the merchant's page, without a slash at its end.
        base: String,
        /// The place where the address names none.
        start: Route,
    },
    /// Nowhere: the router alone remembers. Links that are opened in another tab lead to the portal's
    /// own page.
    Memory {
        /// The whole address of the portal's own page, without a slash at its end.
        portal: String,
        /// The place where it begins.
        start: Route,
    },
}

impl Location {
    /// The place that the address bar names.
    pub(super) fn current(&self) -> Route {
        match self {
            Location::Browser { base, .. } => path_and_query()
                .strip_prefix(base.as_str())
                .map_or(Route::NotFound, Route::parse),
            Location::Hash { start, .. } | Location::Path { start, .. } => {
                self.named().unwrap_or_else(|| start.clone())
            }
            Location::Memory { start, .. } => start.clone(),
        }
    }

    /// The place that the address of a merchant's page names, if it names one.
    fn named(&self) -> Option<Route> {
        match self {
            Location::Hash { prefix, .. } => behind_hash(prefix, &fragment()),
            Location::Path { base, .. } => {
                below(base, &path()).map(|path| Route::parse(&words::decode(path)))
            }
            _ => None,
        }
    }

    /// Whether the address names its place in the form of before.
    pub(super) fn is_former(&self) -> bool {
        matches!(self, Location::Hash { .. }) && below(FORMER, &fragment()).is_some()
    }

    /// What precedes [`url`](Location::url) in a whole address, so that no `<base>` of the page
    /// around the portal leads its links elsewhere.
    pub(super) fn page(&self) -> String {
        match self {
            Location::Hash { .. } => document(),
            Location::Memory { .. } => String::new(),
            _ => origin(),
        }
    }

    /// The text for an `href` that loads the page again.
    pub(super) fn reload(&self) -> String {
        match self {
            Location::Browser { .. } => String::new(),
            // What is empty would lead to the `<base>` of a page around the portal.
            _ => document(),
        }
    }

    /// The address of `route`, for an `href`.
    pub(super) fn url(&self, route: &Route) -> String {
        let href = route.href();
        match self {
            Location::Browser { base, .. } => [base, &*href].concat(),
            Location::Memory { portal, .. } => [portal, &*href].concat(),
            Location::Hash { prefix, .. } => ["#", prefix, &words::encode(&href, '_')].concat(),
            // The query is that of the page.
            Location::Path { base, .. } => {
                let search = window().location().search().unwrap_or_default();
                [base, &*words::encode(&href, '/'), &search].concat()
            }
        }
    }

    /// The place that an `href` of ours names; `None` for every other link.
    pub(super) fn route_of(&self, href: &str) -> Option<Route> {
        let route = match self {
            Location::Browser { base, .. } => Some(Route::parse(below(base, own(href))?)),
            Location::Memory { portal, .. } => Some(Route::parse(below(portal, href)?)),
            // The page may have changed its own path meanwhile.
            Location::Hash { prefix, .. } => behind_hash(prefix, &href[href.find('#')?..]),
            Location::Path { base, .. } => {
                let path = own(href).split(['?', '#']).next()?;
                Some(Route::parse(&words::decode(below(base, path)?)))
            }
        };
        route.filter(|route| *route != Route::NotFound)
    }

    /// Whether the address names a place of the page around the portal, such as `#reviews`.
    pub(super) fn is_elsewhere(&self) -> bool {
        match self {
            Location::Hash { .. } => !fragment().is_empty() && self.named().is_none(),
            Location::Path { .. } => self.named().is_none(),
            _ => false,
        }
    }

    /// Whether nothing of it is in the browser's history.
    pub(super) fn is_memory(&self) -> bool {
        matches!(self, Location::Memory { .. })
    }

    /// Whether the current entry of the browser's history is that of a sheet.
    pub(super) fn is_sheet(&self) -> bool {
        let history = window().history().ok().filter(|_| !self.is_memory());
        history.and_then(|history| history.state().ok()) == Some(JsValue::TRUE)
    }

    /// Puts `route` in the place of the current entry of the browser's history.
    pub(super) fn replace(&self, route: &Route) {
        if self.is_memory() {
            return;
        }
        let Ok(history) = window().history() else {
            return;
        };
        let state = history.state().unwrap_or_default();
        let state = if self.is_sheet() {
            JsValue::NULL
        } else {
            state
        };
        let url = self.url(route);
        match self {
            // leptos_router does not expect a browser that refuses.
            Location::Browser {
                write: Some(write), ..
            } => {
                if history.replace_state(&state, "").is_ok() {
                    write(&url, Some(state));
                }
            }
            // A browser that refuses leaves the address behind; the page is right all the same.
            _ => drop(history.replace_state_with_url(&state, "", Some(&(self.page() + &url)))),
        }
    }

    /// Adds `route` to the browser's history, or without one the entry of a sheet, at the address
    /// that is there. The entry that is left remembers how far it was scrolled, for when the
    /// customer comes back to it.
    pub(super) fn push(&self, route: Option<&Route>) {
        if self.is_memory() {
            return;
        }
        let window = window();
        let Ok(history) = window.history() else {
            return;
        };
        let offset = JsValue::from_f64(window.scroll_y().unwrap_or_default());
        // What the page around the portal keeps there stays.
        let state = history.state().unwrap_or_default();
        let is_ours = state.is_null() || state.as_f64().is_some();
        let left = if is_ours { offset } else { state };
        // A browser that refuses (too many entries at once) leaves the address behind; the portal
        // itself still moves.
        if history.replace_state(&left, "").is_err() {
            return;
        }
        let Some(route) = route else {
            let _ = history.push_state(&JsValue::TRUE, "");
            return;
        };
        let url = self.url(route);
        if let Location::Browser {
            write: Some(write), ..
        } = self
        {
            write(&url, None);
            // After Back and Forward, leptos_router may take an earlier entry for the current one,
            // and adds none.
            if path_and_query() == url {
                return;
            }
        }
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&(self.page() + &url)));
    }
}

/// What follows `base` in `path`, where `base` ends a word there.
fn below<'a>(base: &str, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix(base)?;
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest)
}

/// The place that a fragment names, its `#` included, where it begins with `prefix` or as before.
fn behind_hash(prefix: &str, fragment: &str) -> Option<Route> {
    if let Some(path) = below(FORMER, fragment) {
        return Some(Route::parse(path));
    }
    let rest = fragment.strip_prefix('#')?.strip_prefix(prefix)?;
    (rest.is_empty() || rest.starts_with('_')).then(|| Route::parse(&words::decode(rest)))
}

/// An `href` without our own origin.
fn own(href: &str) -> &str {
    href.strip_prefix(&*origin()).unwrap_or(href)
}

/// The address of the page without its fragment.
fn document() -> String {
    let mut href = window().location().href().unwrap_or_default();
    href.truncate(href.find('#').unwrap_or(href.len()));
    href
}

/// What the address bar has from the `#` on.
fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// The path and the query in the address bar.
fn path_and_query() -> String {
    let location = window().location();
    let parts = [location.pathname(), location.search()];
    parts.map(Result::unwrap_or_default).concat()
}

/// The path in the address bar.
fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// The origin of the page: `https://shop.example`.
fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::navigation::route::any_route;
    use proptest::prelude::*;
    use protocol::SubscriptionId;

    proptest! {
        #[test]
        fn a_fragment_is_an_identifier_and_leads_back_to_its_route(route in any_route()) {
            for prefix in ["portal", "my_account", "a-b"] {
                let hash = ["#", prefix, &words::encode(&route.href(), '_')].concat();
                let mut letters = hash[1..].chars();
                prop_assert!(letters.next().is_some_and(|first| first.is_ascii_alphabetic()));
                prop_assert!(letters.all(|l| l.is_ascii_alphanumeric() || l == '-' || l == '_'));
                prop_assert_eq!(behind_hash(prefix, &hash), Some(route.clone()), "{}", hash);
            }
        }
    }

    #[test]
    fn a_fragment_of_before_is_understood() {
        let subscription = Route::Subscription(SubscriptionId(27));
        for (fragment, route) in [
            ("#/portal", Route::Overview),
            ("#/portal/", Route::Overview),
            ("#/portal/subscriptions/27", subscription),
        ] {
            assert_eq!(behind_hash("portal", fragment), Some(route), "{fragment}");
        }
    }

    #[test]
    fn fragments_of_the_page_are_left_to_it() {
        for fragment in [
            "",
            "#",
            "#top",
            "#portals",
            "#/portal-news",
            "#/orders",
            "#Portal",
        ] {
            assert_eq!(behind_hash("portal", fragment), None, "{fragment}");
        }
    }

    #[test]
    fn links_that_lead_out_of_the_portal_are_left_to_the_browser() {
        for href in [
            "/",
            "/portals",
            "https://shop.example/",
            "#top",
            "mailto:a@b.c",
        ] {
            assert_eq!(below("/portal", href), None, "{href}");
        }
        assert_eq!(below("/portal", "/portal/deliveries"), Some("/deliveries"));
        assert_eq!(below("/portal", "/portal"), Some(""));
        assert_eq!(Route::parse("/api/session"), Route::NotFound);
    }
}
