//! What is kept in this tab: where to come back to after the session has ended, which offers were
//! put away, what was typed into a form, which dialog was open when the session ended and what was
//! being sent when the page was left. Nothing that could open a session, no card and no code.
//! Signing out removes all of it.

use leptos::prelude::window;
use web_sys::Storage;

/// Begins the name of everything that is kept, beside what the page around the portal keeps.
const OWN: &str = "perennial.";
const KEY: &str = "perennial.path";

/// What is kept until the tab is closed. A browser may forbid it altogether: then the next session
/// starts at the overview, and a reload from the beginning.
pub fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Puts what is called `name` away until the tab is closed.
pub fn dismiss(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&dismissed(name), "");
    }
}

/// Whether what is called `name` was put away.
pub fn is_dismissed(name: &str) -> bool {
    let kept = storage().and_then(|storage| storage.get_item(&dismissed(name)).ok());
    kept.flatten().is_some()
}

fn dismissed(name: &str) -> String {
    ["perennial.dismissed.", name].concat()
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

/// Removes what is kept, and nothing of the page around the portal.
pub fn forget() {
    forget_those(|_| true);
}

/// Removes what is kept under the names that `is_meant`.
pub fn forget_those(is_meant: impl Fn(&str) -> bool) {
    let Some(storage) = storage() else {
        return;
    };
    let keys = js_sys::Object::keys(&storage);
    for name in keys.iter().filter_map(|name| name.as_string()) {
        if name.starts_with(OWN) && is_meant(&name) {
            let _ = storage.remove_item(&name);
        }
    }
}
