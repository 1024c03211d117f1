//! The one dialog pattern: a native modal dialog, drawn as a sheet.

use leptos::html;
use leptos::prelude::*;

use super::button::{Button, ButtonKind};
use super::icon::Glyph;
use super::id::unique_id;
use super::task;
use crate::i18n::t;

/// A modal sheet. The browser keeps the focus inside, closes it on Escape, and gives the
/// focus back to what opened it. Its children exist only while it is open: put a
/// [`DialogBody`] and a [`DialogFoot`] there, or a `<form>` around both.
#[component]
pub fn Dialog(
    /// What it is about: "Skip a delivery".
    #[prop(into)]
    title: Signal<String>,
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// The customer wants it closed. It closes when `open` turns false.
    #[prop(into)]
    on_close: Callback<()>,
    /// Whether it must stay open, as while something is being sent.
    #[prop(optional, into)]
    locked: Signal<bool>,
    /// Body and foot.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let title_id = unique_id();
    let heading = title_id.clone();

    // The browser gives the focus back as it closes the dialog, while the fields that are left by
    // that are still there; they are disposed of afterward.
    let present = RwSignal::new(false);
    Effect::new(move || {
        let open = open.get();
        if let Some(element) = dialog.get().filter(|element| !open && element.open()) {
            element.close();
        }
        present.set(open);
    });

    let wish = move || {
        if open.get_untracked() && !locked.get_untracked() {
            on_close.run(());
        }
    };
    // Escape. The wish may be refused, so the state decides and not the browser.
    let cancel = move |event: leptos::ev::Event| {
        event.prevent_default();
        wish();
    };
    // A browser closes it all the same on a second Escape.
    let closed = move |_| {
        wish();
        if let Some(element) = dialog.get_untracked()
            && open.get_untracked()
        {
            let _ = element.show_modal();
        }
    };
    // A press on the dialog itself, and not on what it holds, is one on its backdrop.
    let press = move |event: leptos::ev::MouseEvent| {
        if event.target() == event.current_target() {
            wish();
        }
    };
    view! {
        <dialog
            class="sheet"
            part="dialog"
            node_ref=dialog
            aria-labelledby=title_id
            on:cancel=task::guard(cancel)
            on:close=task::guard(closed)
            on:mousedown=task::guard(press)
        >
            {move || present.get().then(|| {
                // Once its content is there, in which the browser looks for where the focus starts.
                Effect::new(move || {
                    if let Some(element) = dialog.get().filter(|element| !element.open()) {
                        // Refused only for an element that is not in the page; then nobody sees it.
                        let _ = element.show_modal();
                    }
                });
                view! {
                    <div class="sheet-head">
                        // Focus starts at the title, so that it is read out first.
                        <h2 id=heading.clone() tabindex="-1" autofocus>{title}</h2>
                        <Button
                            label=t::ui_close()
                            kind=ButtonKind::Icon
                            icon=Glyph::Close
                            on_press=move |()| wish()
                        />
                    </div>
                    {children()}
                }
            })}
        </dialog>
    }
}

/// The part of a dialog that scrolls.
#[component]
pub fn DialogBody(
    /// Whether there is nothing but text in it: then it takes the focus itself, to be scrolled
    /// by the keyboard.
    #[prop(optional)]
    text_only: bool,
    /// One question at a time.
    children: Children,
) -> impl IntoView {
    let tabindex = text_only.then_some("0");
    view! { <div class="sheet-body" tabindex=tabindex>{children()}</div> }
}

/// The part of a dialog that stays in sight: its actions, the primary one last.
#[component]
pub fn DialogFoot(
    /// The buttons.
    children: Children,
) -> impl IntoView {
    view! { <div class="sheet-foot">{children()}</div> }
}
