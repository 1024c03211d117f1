//! On or off, and how far along.

use leptos::prelude::*;

use super::id::unique_id;
use super::task;

/// Something that is on or off.
#[component]
pub fn Switch(
    /// What is on or off.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is on.
    value: RwSignal<bool>,
    /// More about it; may be empty.
    #[prop(into)]
    hint: Signal<String>,
) -> impl IntoView {
    view! {
        <label class="choice switch">
            <input
                type="checkbox"
                role="switch"
                prop:checked=value
                on:change=task::guard(move |event| value.set(event_target_checked(&event)))
            />
            <span>{label}</span>
            <span class="choice-hint">{hint}</span>
        </label>
    }
    .into_any()
}

/// How much of something is reached.
#[component]
pub fn Progress(
    /// What it is about: "3 of 5 stamps".
    #[prop(into)]
    label: Signal<String>,
    /// How much is reached.
    value: u32,
    /// How much there is.
    max: u32,
) -> impl IntoView {
    let id = unique_id();
    view! {
        <div class="field" part="field">
            <label class="small" for=id.clone()>{label}</label>
            <progress class="progress" id=id value=value max=max></progress>
        </div>
    }
    .into_any()
}
