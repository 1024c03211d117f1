//! Which scenario the preview shows.

use leptos::prelude::window;
use sandbox::Scenario;

/// The scenario that the page's address names; `everyday` where it names none.
pub(super) fn named() -> Scenario {
    let search = window().location().search().unwrap_or_default();
    let named = search
        .trim_start_matches('?')
        .split('&')
        .find_map(|pair| pair.strip_prefix("scenario="));
    named
        .and_then(|name| name.parse().ok())
        .unwrap_or(Scenario::Everyday)
}
