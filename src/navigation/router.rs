//! The current place, and how the customer moves to another.

mod sheet;

use leptos::ev;
use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, MouseEvent};

use super::entry::Entry;
use super::location::{Location, Write};
use super::name::section_name;
use super::route::Route;
use crate::host::Host;
use crate::ui::task;

/// How the customer came to the current place, which decides where the page scrolls.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Arrival {
    /// By a link: the page starts at its top.
    Forward,
    /// By the browser's Back or Forward: the page was left at this scroll offset.
    Returned(f64),
}

/// The current place and the ways to move. Copies are handles to the same router.
#[derive(Clone, Copy)]
pub struct Router {
    current: RwSignal<(Route, Arrival)>,
    location: StoredValue<Location>,
    /// Whether a sheet is open, which Back then closes.
    sheet: RwSignal<bool>,
    /// The entry that the sheet has in the browser's history.
    entry: StoredValue<Entry>,
    host: Host,
    /// Whether all links lead to the portal's own page.
    leads_out: bool,
}

impl Router {
    /// Starts at the place that `location` names, and follows the browser's Back and
    /// Forward until the current owner is disposed of. Offers itself as context. Where it
    /// `leads_out`, what is shown is one part, and every other place is on the portal's own page.
    pub(crate) fn provide(location: Location, host: Host, leads_out: bool) -> Router {
        let (entry, route) = (Entry::found(&location), location.current());
        if location.is_former() {
            location.replace(&route);
        }
        let router = Router {
            current: RwSignal::new((route, Arrival::Forward)),
            location: StoredValue::new(location),
            sheet: RwSignal::new(false),
            entry: StoredValue::new(entry),
            host,
            leads_out,
        };
        let listener = router.listen();
        on_cleanup(move || listener.into_iter().for_each(WindowListenerHandle::remove));
        provide_context(router);
        router
    }

    /// The router of this portal.
    pub fn expect() -> Router {
        expect_context()
    }

    /// The current place, to read in a view.
    pub fn route(self) -> Route {
        self.current.with(|(route, _)| route.clone())
    }

    /// The current place, and how the customer got there.
    pub fn arrival(self) -> (Route, Arrival) {
        self.current.get()
    }

    /// The text for an `href` that leads to `route`.
    pub fn href(self, route: &Route) -> String {
        self.location
            .with_value(|location| location.page() + &location.url(route))
    }

    /// The text for an `href` that loads the page again.
    pub fn reload_href(self) -> String {
        self.location.with_value(Location::reload)
    }

    /// Whether what is shown is one part, from which all links lead to the portal's own page.
    pub fn leads_out(self) -> bool {
        self.leads_out
    }

    /// Whether the portal has the page for itself.
    pub(super) fn is_own_page(self) -> bool {
        self.location
            .with_value(|location| matches!(location, Location::Browser { .. }))
    }

    /// Has `write` write the address of the portal's own page.
    pub(super) fn write_by(self, write: Write) {
        self.location.update_value(|location| {
            if let Location::Browser { write: slot, .. } = location {
                *slot = Some(write);
            }
        });
    }

    /// Whether nothing of the current place is in the address.
    pub(crate) fn is_memory(self) -> bool {
        self.location.with_value(Location::is_memory)
    }

    /// Moves to `route`, with an entry of its own in the browser's history, unless the page around
    /// the portal prevents it.
    pub fn go(self, route: Route) {
        if self
            .current
            .with_untracked(|(current, _)| *current == route)
        {
            return;
        }
        let detail = [
            ("page", route.name().into()),
            ("heading", section_name(&route).into()),
            ("shop", "".into()),
        ];
        if self.host.is_taken("navigate", &detail) {
            return;
        }
        if self.leads_out {
            // A browser that refuses leaves the customer where they are.
            let _ = window().location().assign(&self.href(&route));
        } else {
            self.move_to(route);
        }
    }

    /// Moves to `route`, which nobody has prevented.
    pub(super) fn move_to(self, route: Route) {
        if self.push(&route) {
            self.current.set((route, Arrival::Forward));
        }
    }

    /// Says in the address what is shown now, without going anywhere: the page stays as it is,
    /// and Back leads to where it led before.
    pub fn amend(self, route: Route) {
        self.location
            .with_value(|location| location.replace(&route));
        self.current
            .update_untracked(|(current, _)| *current = route);
    }

    /// Follows a click on a link inside the portal, if it is one of the portal's places
    /// and the customer did not ask for a new tab or a download.
    pub fn follow(self, event: &MouseEvent) {
        let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if event.default_prevented() || event.button() != 0 || modified {
            return;
        }
        let Some(link) = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|element| element.closest("a[href]").ok().flatten())
        else {
            return;
        };
        if link.has_attribute("target") || link.has_attribute("download") {
            return;
        }
        let href = link.get_attribute("href").unwrap_or_default();
        if let Some(route) = self
            .location
            .with_value(|location| location.route_of(&href))
        {
            event.prevent_default();
            // The press shows at once; a page with much on it takes a slow phone a while.
            let _ = link.set_attribute("data-pressed", "");
            task::after_paint(move || {
                let _ = link.remove_attribute("data-pressed");
                // The portal may have left the page meanwhile.
                if self.current.try_get_untracked().is_some() {
                    self.go(route);
                }
            });
        }
    }

    /// Back and Forward: `popstate` fires for them with both kinds of address.
    fn listen(self) -> Option<WindowListenerHandle> {
        if self.is_memory() {
            return None;
        }
        let router = self;
        Some(window_event_listener(ev::popstate, move |event| {
            if router.returned() {
                return;
            }
            let state: JsValue = event.state();
            let offset = state.as_f64();
            let elsewhere = router.location.with_value(Location::is_elsewhere);
            // An entry with an offset is one that the portal left itself.
            if elsewhere && offset.is_none() {
                return;
            }
            let arrival = offset.map_or(Arrival::Forward, Arrival::Returned);
            let route = router.location.with_value(Location::current);
            router.location.with_value(|location| {
                if location.is_former() {
                    location.replace(&route);
                }
            });
            router.current.set((route, arrival));
        }))
    }
}
