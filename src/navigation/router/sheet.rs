//! A sheet over the page has an entry of its own in the browser's history, with the address of the
//! page: so Back closes the sheet and leaves the customer where they are.

use leptos::prelude::*;
use web_sys::ScrollRestoration;

use super::Router;
use crate::navigation::entry::Entry;
use crate::navigation::location::Location;
use crate::navigation::route::Route;

impl Router {
    /// Says whether a sheet is open.
    pub fn show_sheet(self, open: bool) {
        self.sheet.set(open);
        self.settle();
    }

    /// Whether no sheet has an entry in the browser's history any more.
    pub fn is_settled(self) -> bool {
        let entry = self
            .entry
            .try_with_value(|entry| matches!(entry, Entry::Absent));
        entry != Some(false)
    }

    /// Whether the sheet that is open may stay so: false once Back was pressed.
    pub fn keeps_sheet(self) -> bool {
        self.sheet.get()
    }

    /// Brings the browser's history to what is on the screen.
    fn settle(self) {
        if self.is_memory() {
            return;
        }
        let open = self.sheet.get_untracked();
        match self.entry.get_value() {
            Entry::Absent if open => {
                restore_scroll(ScrollRestoration::Manual);
                self.location.with_value(|location| location.push(None));
                self.entry.set_value(Entry::Current);
            }
            Entry::Current if !open => {
                self.entry.set_value(Entry::Leaving(None));
                if let Ok(history) = window().history() {
                    let _ = history.back();
                }
            }
            _ => {}
        }
    }

    /// Adds `route` to the history, in the place of a sheet's entry if there is one; whether that
    /// could be done now.
    pub(super) fn push(self, route: &Route) -> bool {
        match self.entry.get_value() {
            Entry::Absent => self
                .location
                .with_value(|location| location.push(Some(route))),
            Entry::Current => {
                self.location.with_value(|location| location.replace(route));
                self.entry.set_value(Entry::Absent);
                restore_scroll(ScrollRestoration::Auto);
            }
            Entry::Leaving(_) => {
                self.entry.set_value(Entry::Leaving(Some(route.clone())));
                return false;
            }
        }
        true
    }

    /// Back or Forward was pressed, or the sheet's entry was left: whether that was all about
    /// the sheet and the page stays.
    pub(super) fn returned(self) -> bool {
        let before = self.entry.get_value();
        let found = self.location.with_value(Entry::found);
        self.entry.set_value(found.clone());
        if let (Entry::Absent, Entry::Absent) = (&before, &found) {
            return false;
        }
        restore_scroll(ScrollRestoration::Auto);
        if let Entry::Current = before {
            self.sheet.set(false);
        }
        self.settle();
        let route = untrack(|| self.route());
        let here = self.location.with_value(Location::current) == route;
        if let (Entry::Leaving(next), Entry::Absent) = (before, found) {
            if !here {
                // The address was amended while the sheet's entry was the current one.
                self.location
                    .with_value(|location| location.replace(&route));
            }
            if let Some(next) = next {
                self.move_to(next);
            }
            return true;
        }
        here
    }
}

/// Lets the browser scroll to where an entry was left, or not: behind a sheet the page may have
/// been scrolled to what was changed, and stays there.
fn restore_scroll(mode: ScrollRestoration) {
    if let Ok(history) = window().history() {
        let _ = history.set_scroll_restoration(mode);
    }
}
