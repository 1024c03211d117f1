//! The one dialog in which everything is changed: form, review, sending, and what came of it.

mod outcome;
mod preview;

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, FocusOptions, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition, ShadowRoot,
};

use crate::data::change::Phase;
use crate::data::{Action, Changes, Foreseen, Notice};
use crate::i18n::t;
use crate::ui::{Button, ButtonKind, Dialog, DialogBody, DialogFoot};

/// The dialog of whatever is being changed. Stands once, in the shell.
#[component]
pub(crate) fn ChangeDialog() -> impl IntoView {
    let changes = Changes::expect();
    changes.tell_by(preview::differences);
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

/// Scrolls to what was changed, if it is on this page. The button that opened the dialog may
/// be gone by now; then the focus goes there too.
fn show_place(here: NodeRef<html::Div>, place: &str) {
    let find = || -> Option<(Element, bool)> {
        let here = here.get_untracked()?;
        let root: ShadowRoot = here.get_root_node().dyn_into().ok()?;
        let element = root.query_selector(&format!("[id='{place}']")).ok()??;
        Some((element, root.active_element().is_none()))
    };
    let Some((element, lost)) = find() else {
        return;
    };
    let nearest = ScrollIntoViewOptions::new();
    nearest.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&nearest);
    if lost && element.set_attribute("tabindex", "-1").is_ok() {
        focus(Some(element));
    }
}

/// Takes the focus to `element`; one that cannot take it leaves it where it is.
fn focus(element: Option<Element>) {
    if let Some(Ok(element)) = element.map(JsCast::dyn_into::<HtmlElement>) {
        let quietly = FocusOptions::new();
        quietly.set_prevent_scroll(true);
        let _ = element.focus_with_options(&quietly);
    }
}

/// The step that the change is at. Sending keeps the review in sight.
fn step(changes: Changes, action: Arc<dyn Action>) -> AnyView {
    let step = NodeRef::<html::Div>::new();
    let drafting = Memo::new(move |_| changes.phase.get() == Phase::Draft);
    Effect::new(move |before: Option<()>| {
        drafting.get();
        if before.is_some() {
            // The button that was pressed is gone: the next step starts at its title, or at
            // the field that the server did not accept.
            request_animation_frame(move || {
                if !show_first_error(step) {
                    focus(title_of(step));
                }
            });
        }
    });
    let view = move || match drafting.get() {
        true => form_step(changes, &action, step),
        false => review_step(changes, action.clone()),
    };
    view! { <div class="step" node_ref=step>{view}</div> }.into_any()
}

fn title_of(step: NodeRef<html::Div>) -> Option<Element> {
    let sheet = step.get_untracked()?.closest(".sheet").ok()??;
    sheet.query_selector("h2").ok()?
}

fn form_step(changes: Changes, action: &Arc<dyn Action>, step: NodeRef<html::Div>) -> AnyView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !changes.submit() {
            request_animation_frame(move || {
                show_first_error(step);
            });
        }
    };
    let fields = action.form();
    view! {
        <form class="step" novalidate on:submit=submit>
            <DialogBody>{fields}</DialogBody>
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

/// Takes the customer to the first field that is wrong; whether there is one.
fn show_first_error(step: NodeRef<html::Div>) -> bool {
    let wrong = "[aria-invalid], [data-invalid] :is(input, [tabindex='0'])";
    let find = || step.get_untracked()?.query_selector(wrong).ok()?;
    let Some(field) = find() else {
        return false;
    };
    let middle = ScrollIntoViewOptions::new();
    middle.set_block(ScrollLogicalPosition::Center);
    field.scroll_into_view_with_scroll_into_view_options(&middle);
    focus(Some(field));
    true
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
        Phase::Refused if changes.notice.with(is_partly) => t::change_rest().to_owned(),
        Phase::Refused => t::change_again().to_owned(),
        _ => confirm.clone(),
    });
    let busy = Signal::derive(move || match phase.get() {
        Phase::Sending { .. } => Some(sending.clone()),
        Phase::Checking { .. } => Some(t::change_checking().to_owned()),
        _ => None,
    });
    let press = move |()| match phase.get_untracked() {
        Phase::Refused => changes.review_rest(),
        _ => changes.confirm(),
    };
    let meaning = action.meaning();
    // What the customer agrees to is what she has seen.
    let locked = Signal::derive(move || {
        let asked = changes
            .foreseen
            .with(|foreseen| *foreseen == Foreseen::Asked);
        asked.then(|| t::change_foreseeing().to_owned())
    });
    let secondary = move || match (phase.get(), has_form) {
        (Phase::Review { .. } | Phase::Refused, true) => {
            (t::change_back(), Callback::new(move |()| changes.back()))
        }
        (Phase::Checking { .. }, _) => (t::ui_close(), Callback::new(move |()| changes.close())),
        _ => (t::change_cancel(), Callback::new(move |()| changes.close())),
    };
    view! {
        <DialogBody text_only=true>
            {move || outcome::shown(changes)}
            // Asked for again with each preview: what the action knows may be newer by then.
            {move || preview::shown(changes, &action.review())}
            {(!meaning.is_empty()).then(|| view! { <p class="small muted">{meaning}</p> })}
        </DialogBody>
        <DialogFoot>
            {move || {
                let (label, on_press) = secondary();
                let locked = matches!(phase.get(), Phase::Sending { .. });
                let locked = locked.then(|| t::change_wait().to_owned());
                view! { <Button label kind=ButtonKind::Quiet locked on_press/> }
            }}
            <Button label kind busy locked on_press=press/>
        </DialogFoot>
    }
    .into_any()
}

/// Whether some of it happened and some did not.
fn is_partly(notice: &Option<Notice>) -> bool {
    matches!(notice, Some(Notice::Parts(..)))
}
