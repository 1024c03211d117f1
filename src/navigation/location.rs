//! How a place is written in an address: as a path of our own page, behind the `#` of
//! somebody else's, or nowhere.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

use super::own_page::OwnPage;
use super::route::Route;

/// What precedes a route behind the `#`, so that a merchant's own fragments stay theirs.
const HASH: &str = "#/portal";

/// Where the current place is kept.
#[derive(Clone)]
pub(crate) enum Location {
    /// In the path, below `base`: on a page of our own.
    Browser {
        /// The portal's own path, such as `/portal`, without a slash at its end.
        base: String,
        /// The page's address.
        page: OwnPage,
    },
    /// In the fragment: inside a merchant's page.
    Hash,
    /// Nowhere: the router alone remembers.
    Memory,
}

impl Location {
    /// In the path, below `base`. To be called inside [`own_page`](super::own_page::own_page).
    pub(crate) fn browser(base: String) -> Location {
        Location::Browser {
            base,
            page: OwnPage::expect(),
        }
    }

    /// The place that the address bar names. A fragment that is not ours is the overview.
    pub(super) fn current(&self) -> Route {
        match self {
            Location::Browser { base, page } => page
                .path()
                .strip_prefix(base.as_str())
                .map_or(Route::NotFound, Route::parse),
            Location::Hash => fragment()
                .strip_prefix(HASH)
                .map_or(Route::Overview, Route::parse),
            Location::Memory => Route::Overview,
        }
    }

    /// What precedes [`url`](Location::url) in a whole address, so that no `<base>` of the page
    /// around the portal leads its links elsewhere.
    pub(super) fn page(&self) -> String {
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

    /// What precedes a route in [`url`](Location::url).
    fn prefix(&self) -> &str {
        match self {
            Location::Browser { base, .. } => base,
            Location::Hash => HASH,
            Location::Memory => "",
        }
    }

    /// The address of `route`, for an `href`.
    pub(super) fn url(&self, route: &Route) -> String {
        [self.prefix(), &route.href()].concat()
    }

    /// The place that an `href` of ours names; `None` for every other link.
    pub(super) fn route_of(&self, href: &str) -> Option<Route> {
        route_behind(self.prefix(), href)
    }

    /// Whether the address names a place of the page around the portal, such as `#reviews`.
    pub(super) fn is_elsewhere(&self) -> bool {
        let fragment = fragment();
        matches!(self, Location::Hash) && !fragment.is_empty() && !fragment.starts_with(HASH)
    }

    /// Whether nothing of it is in the browser's history.
    pub(super) fn is_memory(&self) -> bool {
        matches!(self, Location::Memory)
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
            Location::Browser { page, .. } => {
                if history.replace_state(&state, "").is_ok() {
                    page.write(&url, Some(state));
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
        if let Location::Browser { page, .. } = self {
            page.write(&url, None);
            // After Back and Forward, leptos_router may take an earlier entry for the current one,
            // and adds none.
            let location = window.location();
            let path = [location.pathname(), location.search()].map(Result::unwrap_or_default);
            if path.concat() == url {
                return;
            }
        }
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&(self.page() + &url)));
    }
}

/// The place that `href` names behind `prefix`.
fn route_behind(prefix: &str, href: &str) -> Option<Route> {
    let path = href.strip_prefix(prefix)?;
    let inside = path.is_empty() || path.starts_with(['/', '?']);
    Some(Route::parse(path)).filter(|route| inside && *route != Route::NotFound)
}

/// What the address bar has from the `#` on.
fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// The origin of the page, below which the middleware is: `https://shop.example`.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::SubscriptionId;

    const PREFIXES: [&str; 3] = ["/portal", HASH, ""];

    #[test]
    fn a_link_of_each_kind_of_address_leads_back_to_its_route() {
        for prefix in PREFIXES {
            for route in [Route::Subscription(SubscriptionId(27)), Route::Overview] {
                let url = [prefix, &route.href()].concat();
                assert_eq!(route_behind(prefix, &url), Some(route), "{url}");
            }
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
            assert_eq!(route_behind("/portal", href), None, "{href}");
            assert_eq!(route_behind(HASH, href), None, "{href}");
        }
    }
}
