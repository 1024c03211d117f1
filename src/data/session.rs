//! Coming back after the session has ended.
//!
//! Only the path of the page is kept, in this tab, until the next session opens: no data of the
//! customer and nothing that could open a session.

use leptos::prelude::window;
use web_sys::Storage;

const KEY: &str = "perennial.path";

fn storage() -> Option<Storage> {
    // A browser may forbid storage altogether; then the next session starts at the overview.
    window().session_storage().ok().flatten()
}

/// Remembers the page that the customer is on.
pub fn remember_path(path: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(KEY, path);
    }
}

/// The page that the customer was on when the last session ended, once.
pub fn take_path() -> Option<String> {
    let storage = storage()?;
    let path = storage.get_item(KEY).ok().flatten()?;
    let _ = storage.remove_item(KEY);
    Some(path)
}
