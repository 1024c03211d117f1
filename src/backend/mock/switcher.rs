//! Chooses the scenario of the preview.

use leptos::prelude::*;
use sandbox::Scenario;

use super::scenario;

/// One link for each scenario; the page is loaded again with it.
#[component]
pub(crate) fn ScenarioSwitcher() -> impl IntoView {
    let here = window().location().pathname().unwrap_or_default();
    let links = Scenario::ALL.into_iter().map(|each| {
        let href = format!("{here}?scenario={}", each.name());
        let current = (each == scenario::named()).then_some("true");
        // A target keeps the portal's own router from following the link.
        view! { <a href=href target="_self" aria-current=current>{each.name()}</a> }
    });
    view! { <nav class="scenarios" aria-label="Scenario">{links.collect_view()}</nav> }
}
