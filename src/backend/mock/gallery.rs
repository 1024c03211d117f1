//! Every component of the design system in every state, on one page of the preview.
//!
//! Texts and dates are fixed, so that the page looks the same on every day: tests/gallery.spec.js
//! compares it with pictures.

mod buttons;
mod data;
mod feedback;
mod fields;
mod groups;
mod overlays;
mod specimen;

use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use self::specimen::Group;

/// The page, where the address is that of the gallery below the portal's `base`. `lazy_style` is
/// called for the style of what the portal's first page does without.
pub(crate) fn gallery(base: &str, lazy_style: &JsValue) -> Option<AnyView> {
    let path = window().location().pathname().unwrap_or_default();
    let place = path.strip_prefix(base)?.trim_end_matches('/');
    if place != "/gallery" {
        return None;
    }
    if let Some(load) = lazy_style.dyn_ref::<Function>() {
        // Without it the components are there all the same.
        let _ = load.call0(&JsValue::NULL);
    }
    Some(view! { <Gallery/> }.into_any())
}

#[component]
fn Gallery() -> impl IntoView {
    let groups: Vec<Group> = [
        buttons::groups(),
        fields::groups(),
        groups::groups(),
        overlays::groups(),
        feedback::groups(),
        data::groups(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let links: Vec<_> = groups
        .iter()
        .map(|group| view! { <li><a href=format!("#{}", group.id)>{group.title}</a></li> })
        .collect();
    view! {
        <div class="gallery">
            <nav class="gallery-index" aria-label="Components">
                <h1>"Components"</h1>
                <ul on:click=scroll_to>{links}</ul>
            </nav>
            <main class="gallery-groups">
                {groups.into_iter().map(Group::view).collect_view()}
            </main>
        </div>
    }
}

/// Scrolls to the group that a link names: a fragment does not reach into a shadow tree.
fn scroll_to(event: leptos::ev::MouseEvent) {
    let target = event.target().and_then(|target| {
        let link: web_sys::Element = target.dyn_into().ok()?;
        let id = link.get_attribute("href")?;
        link.closest(".gallery").ok()??.query_selector(&id).ok()?
    });
    if let Some(group) = target {
        event.prevent_default();
        group.scroll_into_view();
    }
}
