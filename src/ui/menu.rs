//! What else can be done with a row or a page, behind one button.

use leptos::prelude::*;

use super::{Glyph, Icon, unique_id};

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
/// on Escape and on a press elsewhere, and gives the focus back.
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
    view! {
        <div class="menu">
            <button type="button" class="button" popovertarget=id.clone() aria-label=name>
                <span class="button-label"><span>{label}</span><Icon glyph=Glyph::Down/></span>
            </button>
            <ul class="menu-list" id=id popover="auto">{rows}</ul>
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
    let press = move |event: leptos::ev::MouseEvent| match locked.with_untracked(Option::is_some) {
        true => event.prevent_default(),
        false => on_press.run(()),
    };
    view! {
        <li>
            <button
                type="button"
                class="menu-item"
                popovertarget=menu
                popovertargetaction="hide"
                aria-disabled=move || locked.with(Option::is_some).then_some("true")
                on:click=press
            >
                <Icon glyph=icon/>
                <span>{label}</span>
                {move || locked.get().map(|reason| view! { <span class="choice-hint">{reason}</span> })}
            </button>
        </li>
    }
    .into_any()
}
