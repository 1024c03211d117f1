//! How a place is written in an address: as a path of our own page, behind the `#` of
//! somebody else's, or nowhere.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

use super::route::Route;

/// What precedes a route behind the `#`, so that a merchant's own fragments stay theirs.
const HASH: &str = "#/portal";

/// Where the current place is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Location {
    /// In the path, below `base`: a page of our own.
    Browser {
        /// The portal's own path, such as `/portal`, without a slash at its end.
        base: String,
    },
    /// In the fragment: inside a merchant's page.
    Hash,
    /// Nowhere: the router alone remembers. For tests.
    Memory,
}

impl Location {
    /// The place that the address bar names. A fragment that is not ours is the overview.
    pub fn current(&self) -> Route {
        let location = window().location();
        match self {
            Location::Browser { base } => {
                let path = location.pathname().unwrap_or_default();
                let path = [path, location.search().unwrap_or_default()].concat();
                path.strip_prefix(base.as_str())
                    .map_or(Route::NotFound, Route::parse)
            }
            Location::Hash => {
                let fragment = location.hash().unwrap_or_default();
                fragment
                    .strip_prefix(HASH)
                    .map_or(Route::Overview, Route::parse)
            }
            Location::Memory => Route::Overview,
        }
    }

    /// What precedes [`url`](Location::url) in a whole address, so that no `<base>` of the page
    /// around the portal leads its links elsewhere.
    pub(crate) fn page(&self) -> String {
        match self {
            Location::Browser { .. } => origin(),
            Location::Hash => {
                let mut href = window().location().href().unwrap_or_default();
                href.truncate(href.find('#').unwrap_or(href.len()));
                href
            }
            Location::Memory => String::new(),
        }
    }

    /// The part of a whole address, or of one without its beginning, that [`url`](Location::url)
    /// may have written.
    pub(super) fn own_part<'a>(&self, href: &'a str) -> &'a str {
        match self {
            Location::Browser { .. } => href.strip_prefix(&*origin()).unwrap_or(href),
            // The page may have changed its own path meanwhile.
            Location::Hash => href
                .find('#')
                .map(|at| &href[at..])
                .filter(|hash| hash.starts_with(HASH))
                .unwrap_or(href),
            Location::Memory => href,
        }
    }

    /// The address of `route`, for an `href`.
    pub fn url(&self, route: &Route) -> String {
        let base = match self {
            Location::Browser { base } => base,
            Location::Hash => HASH,
            Location::Memory => "",
        };
        [base, &route.href()].concat()
    }

    /// The place that an `href` of ours names; `None` for every other link.
    pub fn route_of(&self, href: &str) -> Option<Route> {
        let path = match self {
            Location::Browser { base } => href.strip_prefix(base.as_str())?,
            Location::Hash => href.strip_prefix(HASH)?,
            Location::Memory => href,
        };
        let inside = path.is_empty() || path.starts_with(['/', '?']);
        Some(Route::parse(path)).filter(|route| inside && *route != Route::NotFound)
    }

    /// Whether the address names a place of the page around the portal, such as `#reviews`.
    pub(super) fn is_elsewhere(&self) -> bool {
        let fragment = window().location().hash().unwrap_or_default();
        *self == Location::Hash && !fragment.is_empty() && !fragment.starts_with(HASH)
    }

    /// Whether the current entry of the browser's history is that of a sheet.
    pub(super) fn is_sheet(&self) -> bool {
        let history = window()
            .history()
            .ok()
            .filter(|_| *self != Location::Memory);
        history.and_then(|history| history.state().ok()) == Some(JsValue::TRUE)
    }

    /// Puts `route` in the place of the current entry of the browser's history.
    pub(super) fn replace(&self, route: &Route) {
        if *self == Location::Memory {
            return;
        }
        if let Ok(history) = window().history() {
            let state = history.state().unwrap_or_default();
            let state = if self.is_sheet() {
                JsValue::NULL
            } else {
                state
            };
            // A browser that refuses leaves the address behind; the page is right all the same.
            let _ =
                history.replace_state_with_url(&state, "", Some(&(self.page() + &self.url(route))));
        }
    }

    /// Adds `route` to the browser's history, or without one the entry of a sheet, at the address
    /// that is there. The entry that is left remembers how far it was scrolled, for when the
    /// customer comes back to it.
    pub(super) fn push(&self, route: Option<&Route>) {
        if *self == Location::Memory {
            return;
        }
        let window = window();
        let Ok(history) = window.history() else {
            return;
        };
        let offset = JsValue::from_f64(window.scroll_y().unwrap_or_default());
        // A browser that refuses (too many entries at once) leaves the address behind;
        // the portal itself still moves. What the page around it keeps there stays.
        let state = history.state().unwrap_or_default();
        if state.is_null() || state.as_f64().is_some() {
            let _ = history.replace_state(&offset, "");
        }
        let _ = match route.map(|route| self.page() + &self.url(route)) {
            Some(url) => history.push_state_with_url(&JsValue::NULL, "", Some(&url)),
            None => history.push_state(&JsValue::TRUE, ""),
        };
    }
}

/// The origin of the page, below which the middleware is: `https://shop.example`.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::SubscriptionId;

    fn browser() -> Location {
        Location::Browser {
            base: "/portal".to_owned(),
        }
    }

    #[test]
    fn a_link_of_each_kind_of_address_leads_back_to_its_route() {
        let route = Route::Subscription(SubscriptionId(27));
        for location in [browser(), Location::Hash, Location::Memory] {
            assert_eq!(
                location.route_of(&location.url(&route)),
                Some(route.clone())
            );
            assert_eq!(
                location.route_of(&location.url(&Route::Overview)),
                Some(Route::Overview)
            );
        }
    }

    #[test]
    fn links_that_lead_out_of_the_portal_are_left_to_the_browser() {
        let hrefs = [
            "/",
            "/portals",
            "/portal/api/session",
            "https://shop.example/",
            "#top",
            "mailto:a@b.c",
        ];
        for href in hrefs {
            assert_eq!(browser().route_of(href), None, "{href}");
            assert_eq!(Location::Hash.route_of(href), None, "{href}");
        }
    }
}
