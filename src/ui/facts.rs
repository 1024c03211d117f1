//! What, when, where, how paid: labelled lines; amounts that end in a total; dates as blocks.

use leptos::prelude::*;

use super::button::{Button, ButtonKind};
use crate::i18n::t;

/// A list of labelled lines; its children are [`Fact`]s.
#[component]
pub fn Facts(
    /// The lines.
    children: Children,
) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

/// One labelled line, with a small "Change" at its end where it can be changed.
#[component]
pub fn Fact(
    /// What it is.
    #[prop(into)]
    label: Signal<String>,
    /// The words on its action, "Change" unless said otherwise.
    #[prop(optional, into)]
    action: Option<Signal<String>>,
    /// What its action is called by screen readers; the words on it and the label unless said
    /// otherwise.
    #[prop(optional)]
    name: &'static str,
    /// Called to change it; without it the line has no action.
    #[prop(optional, into)]
    on_change: Option<Callback<()>>,
    /// Why it cannot be changed just now.
    #[prop(optional, into)]
    locked: Signal<Option<String>>,
    /// How it is.
    children: Children,
) -> impl IntoView {
    let action = action.unwrap_or_else(|| t::ui_change().into());
    // Several "Change" on one page: each says of what.
    let name = Signal::derive(move || match name {
        "" => [action.get(), label.get()].join(": "),
        name => name.to_owned(),
    });
    view! {
        <div>
            <dt>{label}</dt>
            <dd>{children()}</dd>
            {on_change.map(|on_press| view! {
                <dd class="fact-action">
                    <Button label=action name kind=ButtonKind::Link locked on_press/>
                </dd>
            })}
        </div>
    }
}

/// Amounts under each other; its children are [`Sum`]s.
#[component]
pub fn Sums(
    /// The lines.
    children: Children,
) -> impl IntoView {
    view! { <dl class="sums">{children()}</dl> }
}

/// One amount with its label.
#[component]
pub fn Sum(
    /// What it is: "Shipping".
    #[prop(into)]
    label: Signal<String>,
    /// The amount, formatted.
    #[prop(into)]
    amount: Signal<String>,
    /// Whether it is what all the others come to.
    #[prop(optional)]
    total: bool,
    /// Whether it is being worked out again just now.
    #[prop(optional, into)]
    updating: Signal<bool>,
) -> impl IntoView {
    view! {
        <div class:sum-total=total>
            <dt>{label}</dt>
            <dd
                class="money"
                aria-busy=move || updating.get().then_some("true")
                data-updating=move || updating.get().then_some("")
            >
                {amount}
            </dd>
        </div>
    }
}

/// A day as the mark of a row: weekday, large day. For the eye only; the row says the
/// date in full.
#[component]
pub fn DateBlock(
    /// The weekday in short.
    #[prop(into)]
    weekday: Signal<String>,
    /// The day of the month.
    #[prop(into)]
    day: Signal<String>,
    /// Whether the day is skipped: dashed, and struck through.
    #[prop(optional, into)]
    skipped: Signal<bool>,
) -> impl IntoView {
    view! {
        <div class="date-block" aria-hidden="true" data-skipped=move || skipped.get().then_some("")>
            <span class="date-block-weekday">{weekday}</span>
            <span class="date-block-day">{day}</span>
        </div>
    }
}
