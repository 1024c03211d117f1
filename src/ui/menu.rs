//! What else can be done with a row or a page, behind one button.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::focus::focus;
use super::icon::{Glyph, Icon};
use super::id::unique_id;
use super::task;

/// One action of a [`Menu`].
#[derive(Clone)]
pub struct MenuItem {
    /// What it does.
    pub label: String,
    /// Its icon.
    pub icon: Glyph,
    /// Why it cannot be done just now.
    pub locked: Signal<Option<String>>,
    /// Called when it is pressed.
    pub on_press: Callback<()>,
}

/// A button that opens a list of actions. The list is a native popover: the browser closes it
/// on Escape and on a press elsewhere.
#[component]
pub fn Menu(
    /// What the button says: "More".
    #[prop(into)]
    label: Signal<String>,
    /// What it is called by screen readers: "More about House Espresso".
    #[prop(into)]
    name: Signal<String>,
    /// The actions, the likeliest first.
    items: Vec<MenuItem>,
) -> impl IntoView {
    let id = unique_id();
    let rows = items.into_iter().map(|item| entry(item, id.clone()));
    let rows = rows.collect_view();
    let opener = NodeRef::<html::Button>::new();
    // Not every browser gives the focus back where the list is in a shadow tree.
    let leave = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(opener) = opener.get_untracked()
        {
            focus(&opener);
        }
    };
    view! {
        <div class="menu">
            <button node_ref=opener type="button" class="button" part="button" popovertarget=id.clone() aria-label=name>
                <span class="button-label"><span>{label}</span><Icon glyph=Glyph::Down/></span>
            </button>
            <ul class="menu-list" part="menu" id=id popover="auto" on:keydown=task::guard(leave)>{rows}</ul>
        </div>
    }
    .into_any()
}

fn entry(item: MenuItem, menu: String) -> AnyView {
    let MenuItem {
        label,
        icon,
        locked,
        on_press,
    } = item;
    let list = menu.clone();
    let press = move |event: leptos::ev::MouseEvent| {
        if locked.with_untracked(Option::is_some) {
            return event.prevent_default();
        }
        // Closed now and not after this: the focus then goes back to the button that opened it,
        // and a dialog that opens gives it back there in turn.
        let item: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
        let list = item.and_then(|item| item.closest(&format!("[id='{list}']")).ok()?);
        if let Some(list) = list {
            let _ = list.unchecked_into::<HtmlElement>().hide_popover();
        }
        on_press.run(());
    };
    view! {
        <li>
            <button
                type="button"
                class="menu-item"
                part="menu-item"
                popovertarget=menu
                popovertargetaction="hide"
                aria-disabled=move || locked.with(Option::is_some).then_some("true")
                on:click=task::guard(press)
            >
                <Icon glyph=icon/>
                <span>{label}</span>
                {move || locked.get().map(|reason| view! { <span class="choice-hint">{reason}</span> })}
            </button>
        </li>
    }
    .into_any()
}
