//! What is remembered in this tab of a confirmation that is under way: the key of its setup. It
//! opens nothing by itself; the secret comes from the server each time, for whoever is signed in.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

use crate::data::storage;

const KEY: &str = "perennial.card";

/// A key is a UUID.
const LENGTH: usize = 36;

/// Remembers the setup under `key`.
pub(super) fn remember(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(KEY, key);
    }
}

/// The key of the setup that was under way, if any.
pub(super) fn recall() -> Option<String> {
    let key = storage()?.get_item(KEY).ok().flatten()?;
    (key.len() == LENGTH).then_some(key)
}

/// Nothing is under way any more.
pub(super) fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
}

/// Takes what the bank's page has added to the address out of it: a secret among it.
pub(super) fn clean_address() {
    let window = window();
    let search = window.location().search().unwrap_or_default();
    if !search.contains("setup_intent") && !search.contains("redirect_status") {
        return;
    }
    let (path, hash) = (window.location().pathname(), window.location().hash());
    let (Ok(path), Ok(hash), Ok(history)) = (path, hash, window.history()) else {
        return;
    };
    let state = history.state().unwrap_or(JsValue::NULL);
    // An address of our own origin is never refused.
    let _ = history.replace_state_with_url(&state, "", Some(&[path, hash].concat()));
}
