//! Buttons, and links that look like them.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::task;

/// How much weight a button carries. A view has at most one primary button.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ButtonKind {
    /// The likeliest thing to do, in the merchant's colour.
    Primary,
    /// Another thing to do.
    #[default]
    Secondary,
    /// Ends something.
    Danger,
    /// A text-sized action at the end of a line, such as "Change".
    Link,
    /// Shows its icon only; the label is for screen readers.
    Icon,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            ButtonKind::Primary => "button button-primary",
            ButtonKind::Secondary => "button",
            ButtonKind::Danger => "button button-danger",
            ButtonKind::Link => "button button-link",
            ButtonKind::Icon => "button button-icon",
        }
    }

    fn part(self) -> &'static str {
        match self {
            ButtonKind::Primary => "button primary-button",
            ButtonKind::Secondary | ButtonKind::Danger => "button",
            ButtonKind::Link => "link-button",
            ButtonKind::Icon => "icon-button",
        }
    }
}

/// A button, named by what it does ("Skip 24 November"), never "OK".
///
/// While `busy` holds words it keeps its width, shows them, and does not press. While
/// `locked` holds a reason it stays in place, does not press, and says why.
#[component]
pub fn Button(
    /// What it does.
    #[prop(into)]
    label: Signal<String>,
    /// Its weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the label.
    #[prop(optional)]
    icon: Option<Glyph>,
    /// What it is called by screen readers, where the label alone says too little.
    #[prop(optional, into)]
    name: Option<Signal<String>>,
    /// What is happening, while it happens.
    #[prop(optional, into)]
    busy: Signal<Option<String>>,
    /// Why it cannot be pressed just now.
    #[prop(optional, into)]
    locked: Signal<Option<String>>,
    /// Whether it sends the form around it.
    #[prop(optional)]
    submit: bool,
    /// Called on a press.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
) -> impl IntoView {
    let rests = move || busy.with(Option::is_some) || locked.with(Option::is_some);
    let press = move |event: leptos::ev::MouseEvent| {
        if busy.with_untracked(Option::is_some) || locked.with_untracked(Option::is_some) {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    let text = (kind != ButtonKind::Icon).then(|| view! { <span>{label}</span> });
    let name = name.or((kind == ButtonKind::Icon).then_some(label));
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            part=kind.part()
            // Not `disabled`: that would take the focus away in the middle of a press.
            aria-disabled=move || rests().then_some("true")
            aria-busy=move || busy.with(Option::is_some).then_some("true")
            aria-label=move || name.map(|name| name.get())
            title=move || locked.get()
            on:click=task::guard(press)
        >
            <span class="button-label">
                {icon.map(|glyph| view! { <Icon glyph/> })}
                {text}
            </span>
            {move || busy.get().map(|words| view! {
                <span class="button-busy"><span class="spinner"></span>{words}</span>
            })}
            {move || locked.get().map(|reason| view! {
                <span class="visually-hidden">{reason}</span>
            })}
        </button>
    }
}

/// A link that looks like a button: it leads somewhere instead of doing something.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// What is there.
    #[prop(into)]
    label: Signal<String>,
    /// Its weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the label.
    #[prop(optional)]
    icon: Option<Glyph>,
) -> impl IntoView {
    view! {
        <a class=kind.class() part=kind.part() href=href>
            <span class="button-label">
                {icon.map(|glyph| view! { <Icon glyph/> })}
                <span>{label}</span>
            </span>
        </a>
    }
}
