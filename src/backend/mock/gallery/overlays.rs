//! What opens over the page.

use leptos::prelude::*;

use super::specimen::{Group, specimen};
use crate::ui::{
    Button, ButtonKind, Dialog, DialogBody, DialogFoot, Disclosure, Glyph, Menu, MenuItem, task,
};

pub(super) fn groups() -> Vec<Group> {
    let specimens = vec![
        specimen("menu", "Menu, one action disabled", menu()),
        specimen(
            "dialog",
            "Dialog",
            view! { <OpenedDialog is_locked=false/> },
        ),
        specimen(
            "dialog-locked",
            "Dialog while a change is sent",
            view! { <OpenedDialog is_locked=true/> },
        ),
        specimen(
            "disclosure",
            "Disclosure",
            view! {
                <Disclosure summary="See all changes">
                    <p class="small">"The total stays the same."</p>
                </Disclosure>
            },
        ),
    ];
    vec![Group::new(
        "overlays",
        "Menu, dialog, disclosure",
        specimens,
    )]
}

fn menu() -> impl IntoView {
    let item = |label: &str, icon, locked: Option<&str>| MenuItem {
        label: label.to_owned(),
        icon,
        locked: Signal::stored(locked.map(str::to_owned)),
        on_press: Callback::new(|()| ()),
    };
    let items = vec![
        item("Pause", Glyph::Pause, None),
        item("Swap product", Glyph::Repeat, None),
        item(
            "Send as a gift",
            Glyph::Parcel,
            Some("Its delivery is being packed"),
        ),
    ];
    view! { <Menu label="More" name="More about House Espresso" items/> }
}

/// A button and the dialog that it opens; `is_locked` as while its change is sent.
#[component]
fn OpenedDialog(is_locked: bool) -> impl IntoView {
    let open = RwSignal::new(false);
    let opener = if is_locked {
        "Open for two seconds"
    } else {
        "Open dialog"
    };
    let busy = Signal::stored(is_locked.then(|| "Skipping…".to_owned()));
    let press = move |()| {
        open.set(true);
        if is_locked {
            task::spawn_to_the_end(async move {
                task::sleep(2_000).await;
                task::set(open, false);
            });
        }
    };
    let locked = Signal::derive(move || is_locked && open.get());
    view! {
        <Button label=opener on_press=press/>
        <Dialog title="Skip this delivery?" open on_close=move |()| open.set(false) locked>
            <DialogBody text_only=true>
                <p>"Your next delivery will be Tuesday, December 22."</p>
                <p class="small muted">"You won’t be charged for the one that you skip."</p>
            </DialogBody>
            <DialogFoot>
                <Button label="Never mind" on_press=move |()| open.set(false)/>
                <Button label="Skip delivery" kind=ButtonKind::Primary busy/>
            </DialogFoot>
        </Dialog>
    }
}
