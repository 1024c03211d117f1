//! The entry that a sheet over the page has in the browser's history.

use super::location::Location;
use super::route::Route;

/// What the browser's history holds of the sheet.
#[derive(Clone)]
pub(super) enum Entry {
    /// Nothing.
    Absent,
    /// The current entry is the sheet's.
    Current,
    /// The sheet was closed and its entry is being left; then on to a place, if one was asked for.
    Leaving(Option<Route>),
}

impl Entry {
    /// What a page finds that is loaded: the entry of a sheet that a reload has closed.
    pub(super) fn found(location: &Location) -> Entry {
        if location.is_sheet() {
            Entry::Current
        } else {
            Entry::Absent
        }
    }
}
