//! A list to choose one of. The whole line is the target.

use leptos::prelude::*;

use super::field::GroupFrame;
use super::id::unique_id;
use super::task;

/// One line of a [`RadioGroup`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Choice {
    /// What the group's value becomes.
    pub value: String,
    /// What is read.
    pub label: String,
    /// More about it; may be empty.
    pub hint: String,
}

/// One of a few, all in sight.
#[component]
pub fn RadioGroup(
    /// The question.
    #[prop(into)]
    legend: Signal<String>,
    /// The value of the chosen line; empty while none is.
    value: RwSignal<String>,
    /// The lines.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// Help that is always seen.
    hint: Option<Signal<String>>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let name = unique_id();
    let line = move |choice: Choice| {
        let (own, picked) = (choice.value.clone(), choice.value.clone());
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=name.clone()
                    value=choice.value
                    prop:checked=move || value.with(|v| *v == own)
                    on:change=task::guard(move |_| value.set(picked.clone()))
                />
                <span class="typed">{choice.label}</span>
                {(!choice.hint.is_empty()).then(|| view! {
                    <span class="choice-hint">{choice.hint}</span>
                })}
            </label>
        }
        .into_any()
    };
    view! {
        <GroupFrame label=legend hint error>
            <div class="choices">{move || choices.get().into_iter().map(&line).collect_view()}</div>
        </GroupFrame>
    }
    .into_any()
}
