//! Chooses the scenario of the preview, where the portal has the page to itself.

use leptos::prelude::*;
use sandbox::Scenario;

use super::settings;

/// One link for each scenario; the page is loaded again with it. Nothing inside the preview's frame,
/// which has a switch of its own.
#[component]
pub(crate) fn ScenarioSwitcher() -> impl IntoView {
    let is_framed = window().parent().ok().flatten().as_ref() != Some(&window());
    (!is_framed).then(links)
}

fn links() -> impl IntoView {
    let here = window().location().pathname().unwrap_or_default();
    let links = Scenario::ALL.into_iter().map(|each| {
        let href = format!("{here}?scenario={}", each.name());
        let current = (each == settings::scenario()).then_some("true");
        // A target keeps the portal's own router from following the link.
        view! { <a href=href target="_self" aria-current=current>{each.name()}</a> }
    });
    view! { <nav class="scenarios" aria-label="Scenario">{links.collect_view()}</nav> }
}
