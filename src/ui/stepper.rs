//! How many: a number with a step down and a step up.

use leptos::prelude::*;

use super::button::{Button, ButtonKind};
use super::field::{FieldFrame, Ids};
use super::icon::Glyph;
use super::task;
use crate::i18n::{format, t};

/// A small whole number, to step or to type.
#[component]
pub fn Stepper(
    /// What is counted.
    #[prop(into)]
    label: Signal<String>,
    /// How many; 0 while the field is empty.
    value: RwSignal<u32>,
    /// The fewest.
    #[prop(default = 1)]
    min: u32,
    /// The most.
    max: u32,
    /// Why there are not more, or other help that is always seen.
    hint: Option<Signal<String>>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let ids = Ids::new(hint.is_some());
    let id = ids.field.clone();
    let described_by = ids.described_by(error);
    let text = move || match value.get() {
        0 if min > 0 => String::new(),
        many => many.to_string(),
    };
    let first = value.get_untracked();
    let end = move |stop: u32, is_end: fn(u32, u32) -> bool, words: fn(&str) -> String| {
        Signal::derive(move || {
            is_end(value.get(), stop).then(|| words(&format::integer(stop as usize)))
        })
    };
    // What is beyond a limit comes back in steps, and never jumps.
    let step = move |by: i32| value.set(value.get_untracked().saturating_add_signed(by));
    let type_in = move |text: String| value.set(text.parse().unwrap_or(0));
    view! {
        <FieldFrame ids label hint error optional=false>
            <div class="stepper">
                <Button
                    label=t::ui_fewer()
                    kind=ButtonKind::Icon
                    icon=Glyph::Minus
                    locked=end(min, |many, least| many <= least, t::ui_at_least)
                    on_press=move |()| step(-1)
                />
                <input
                    class="input"
                    part="input"
                    id=id
                    type="number"
                    inputmode="numeric"
                    autocomplete="off"
                    enterkeyhint="done"
                    min=min.min(first).to_string()
                    max=max.max(first).to_string()
                    required=true
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described_by
                    prop:value=text
                    on:input=task::guard(move |event| type_in(event_target_value(&event)))
                    // Some form fillers say nothing else.
                    on:change=task::guard(move |event| type_in(event_target_value(&event)))
                />
                <Button
                    label=t::ui_more_of_it()
                    kind=ButtonKind::Icon
                    icon=Glyph::Plus
                    locked=end(max, |many, most| many >= most, t::ui_at_most)
                    on_press=move |()| step(1)
                />
            </div>
        </FieldFrame>
    }
    .into_any()
}
