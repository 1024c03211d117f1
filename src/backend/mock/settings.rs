//! What the preview shows, as the page's address says.

use leptos::prelude::window;
use sandbox::Scenario;

use super::state::State;

/// Where the preview's page keeps the query of the last address that had settings, for the tab: a
/// link within the portal has none.
const KEY: &str = "preview";

/// The scenario to begin with; `everyday` where none is named.
pub(super) fn scenario() -> Scenario {
    let named = named("scenario");
    named
        .and_then(|name| name.parse().ok())
        .unwrap_or(Scenario::Everyday)
}

/// How requests are answered; ordinarily where nothing else is named.
pub(super) fn state() -> State {
    let named = named("state");
    let state = |name: String| State::ALL.into_iter().find(|state| state.name() == name);
    named.and_then(state).unwrap_or(State::Ready)
}

/// The setting `name`.
fn named(name: &str) -> Option<String> {
    let search = window().location().search().unwrap_or_default();
    value(&search, name).or_else(|| {
        let storage = window().session_storage().ok()??;
        value(&storage.get_item(KEY).ok()??, name)
    })
}

/// The parameter `name` of a query.
fn value(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.trim_start_matches('?').split('&');
    pairs.find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn a_setting_is_the_parameter_of_just_that_name() {
        let query = "?scenario=dunning&state=slow";
        assert_eq!(value(query, "state").as_deref(), Some("slow"));
        assert_eq!(value(query, "scenario").as_deref(), Some("dunning"));
        assert_eq!(value(query, "stat"), None);
        assert_eq!(value("", "state"), None);
    }
}
