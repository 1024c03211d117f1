//! The one dialog in which everything is changed: form, review, sending, and what came of it.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use web_sys::Element;

use super::page::reference;
use super::words;
use crate::data::change::Phase;
use crate::data::{Action, Changes, Notice};
use crate::i18n::t;
use crate::ui::{Banner, Button, ButtonKind, Dialog, DialogBody, DialogFoot, Review, Tone};

/// The dialog of whatever is being changed. Stands once, in the shell.
#[component]
pub(crate) fn ChangeDialog() -> impl IntoView {
    let changes = Changes::expect();
    let here = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(place) = changes.marked.get() {
            // One frame later the dialog is closed and the page scrolls again.
            request_animation_frame(move || show_place(here, &place));
        }
    });
    let title = Signal::derive(move || {
        let title = changes
            .action
            .with(|action| action.as_ref().map(|action| action.title()));
        title.unwrap_or_default()
    });
    view! {
        <div node_ref=here>
            <Dialog
                title
                open=changes.shown
                on_close=move |()| changes.close()
                locked=Signal::derive(move || matches!(changes.phase.get(), Phase::Sending { .. }))
            >
                {move || changes.action.get().map(|action| step(changes, action))}
            </Dialog>
        </div>
    }
}

/// Scrolls to what was changed, if it is on this page.
fn show_place(here: NodeRef<html::Div>, place: &str) {
    let find = || -> Option<Element> {
        let portal = here.get_untracked()?.closest(".portal").ok()??;
        portal.query_selector(&format!("[id='{place}']")).ok()?
    };
    if let Some(element) = find() {
        let nearest = web_sys::ScrollIntoViewOptions::new();
        nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

/// The step that the change is at. Sending keeps the review in sight.
fn step(changes: Changes, action: Arc<dyn Action>) -> AnyView {
    let drafting = Memo::new(move |_| changes.phase.get() == Phase::Draft);
    let view = move || match drafting.get() {
        true => form_step(changes, &action),
        false => review_step(changes, action.clone()),
    };
    view! { {view} }.into_any()
}

fn form_step(changes: Changes, action: &Arc<dyn Action>) -> AnyView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        changes.submit();
    };
    let form = action.form();
    view! {
        <form novalidate on:submit=submit>
            <DialogBody>{form}</DialogBody>
            <DialogFoot>
                <Button
                    label=t::change_cancel()
                    kind=ButtonKind::Quiet
                    on_press=move |()| changes.close()
                />
                <Button label=t::change_review() kind=ButtonKind::Primary submit=true/>
            </DialogFoot>
        </form>
    }
    .into_any()
}

fn review_step(changes: Changes, action: Arc<dyn Action>) -> AnyView {
    let phase = changes.phase;
    let has_form = action.has_form();
    let kind = match action.is_ending() {
        true => ButtonKind::Danger,
        false => ButtonKind::Primary,
    };
    let (confirm, sending) = (action.confirm(), action.sending());
    let label = Signal::derive(move || match phase.get() {
        Phase::Refused => t::change_again().to_owned(),
        _ => confirm.clone(),
    });
    let busy = Signal::derive(move || match phase.get() {
        Phase::Sending { .. } => Some(sending.clone()),
        Phase::Checking { .. } => Some(t::change_checking().to_owned()),
        _ => None,
    });
    let press = move |()| match phase.get_untracked() {
        Phase::Refused => changes.review(),
        _ => changes.confirm(),
    };
    let (lines, meaning) = (action.review(), action.meaning());
    let secondary = move || match (phase.get(), has_form) {
        (Phase::Review { .. } | Phase::Refused, true) => {
            (t::change_back(), Callback::new(move |()| changes.back()))
        }
        (Phase::Checking { .. }, _) => (t::ui_close(), Callback::new(move |()| changes.close())),
        _ => (t::change_cancel(), Callback::new(move |()| changes.close())),
    };
    view! {
        <DialogBody>
            {move || outcome(changes)}
            {(!lines.is_empty()).then(|| view! { <Review lines=lines/> })}
            {(!meaning.is_empty()).then(|| view! { <p class="small muted">{meaning}</p> })}
        </DialogBody>
        <DialogFoot>
            {move || {
                let (label, on_press) = secondary();
                let locked = matches!(phase.get(), Phase::Sending { .. });
                let locked = locked.then(|| t::change_wait().to_owned());
                view! { <Button label kind=ButtonKind::Quiet locked on_press/> }
            }}
            <Button label kind busy on_press=press/>
        </DialogFoot>
    }
    .into_any()
}

/// What came of it, as far as it is not simply done.
fn outcome(changes: Changes) -> AnyView {
    if let Phase::Checking { .. } = changes.phase.get() {
        return view! {
            <Banner
                tone=Tone::Waiting
                title=t::change_checking_title()
                text=t::change_checking_text()
                alert=true
            />
        }
        .into_any();
    }
    let (title, text, number) = match changes.notice.get() {
        None => return ().into_any(),
        Some(Notice::Refused(refusal, number)) => (
            t::refusal_title().to_owned(),
            words::refusal(&refusal).to_owned(),
            number,
        ),
        Some(Notice::Failed(failure)) => {
            let words = words::failure(&failure);
            (words.title, words.text, words.reference)
        }
    };
    view! {
        <div class="stack stack-small">
            <Banner tone=Tone::Stop title text alert=true/>
            {reference(&number)}
        </div>
    }
    .into_any()
}
