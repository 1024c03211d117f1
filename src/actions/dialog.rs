//! The one dialog in which everything is changed: form, review, sending, and what came of it.

mod draft;
mod legal;
mod outcome;
mod preview;
mod reopened;
mod sent;
mod summary;

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use protocol::{CustomerId, Query, Refusal, Sendable};
use wasm_bindgen::JsCast;
use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition, ShadowRoot};

use super::verification::Proving;
use crate::data::change::Phase;
use crate::data::{Action, Changes, Data, Notice, PreviewState};
use crate::i18n::t;
use crate::navigation::Router;
use crate::ui::{Button, ButtonKind, Dialog, DialogBody, DialogFoot, focus, keep_focus, task};
use draft::Draft;

/// The dialog of whatever is being changed. Stands once, in the shell.
#[component]
pub(crate) fn ChangeDialog() -> impl IntoView {
    let changes = Changes::expect();
    changes.tell_by(preview::differences);
    let here = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(place) = changes.marked.get() {
            // One frame later the dialog is closed and the page scrolls again.
            task::next_frame(here, move |here| show_place(&here, &place));
        }
    });
    Effect::new(move || {
        let root = here
            .get()
            .and_then(|here| here.get_root_node().dyn_into().ok());
        if let Some(root) = root {
            keep_focus(&root, move || changes.changed_place());
        }
    });
    let (data, draft) = (Data::expect(), Draft::new());
    keep_changes(changes, data, draft);
    let proving = Proving::new(data);
    provide_context(proving);
    Effect::new(move || {
        if changes.notice.with(is_code_needed) {
            proving.begin();
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
                {move || changes.action.get().map(|action| step(changes, draft, action))}
            </Dialog>
        </div>
    }
}

/// What outlives the page in this tab: what is typed, and what is being sent.
fn keep_changes(changes: Changes, data: Data, draft: Draft) {
    sent::keep(changes, data);
    let (session, ended) = (data.open(Query::Session), data.ended());
    let router = Router::expect();
    let is_over = ended.clone();
    Effect::new(move |before: Option<Option<CustomerId>>| {
        session.view.track();
        let customer = data.customer().filter(|_| !is_over.get());
        if let Some(customer) = customer.filter(|_| before.flatten() != customer) {
            draft::forget_others(customer);
            untrack(|| {
                sent::resume(changes, customer);
                reopened::reopen(changes, data, router, customer);
            });
        }
        customer
    });
    Effect::new(move || {
        if let Phase::Settling { rounds: 0 } = changes.phase.get() {
            draft.forget();
        }
    });
    Effect::new(move || {
        if ended.get() && changes.shown.get_untracked() {
            reopened::remember(changes, data, router);
            // The page says so, and leads back to the form. A change that met the end says it itself.
            if changes.phase.get_untracked() != Phase::Refused {
                changes.close();
            }
        }
    });
}

/// Scrolls to what was changed, if it is on this page.
fn show_place(here: &Element, place: &str) {
    let root: Option<ShadowRoot> = here.get_root_node().dyn_into().ok();
    let found = root.and_then(|root| root.query_selector(&format!("[id='{place}']")).ok()?);
    if let Some(element) = found {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

/// The step that the change is at. Sending keeps in sight what is sent: the review, or the form
/// where that is all there is.
fn step(changes: Changes, draft: Draft, action: Arc<dyn Action>) -> AnyView {
    let step = NodeRef::<html::Div>::new();
    draft.open(&action);
    if action.is_live() {
        preview_as_filled(changes, action.clone());
    }
    let single = Memo::new(move |_| changes.is_single());
    let drafting = Memo::new(move |_| single.get() || changes.phase.get() == Phase::Draft);
    let refused = Memo::new(move |_| single.get() && changes.phase.get() == Phase::Refused);
    Effect::new(move |before: Option<()>| {
        drafting.get();
        refused.get();
        if before.is_some() {
            // The button that was pressed may be gone: the next step starts at its title, or at
            // the field that the server did not accept.
            task::next_frame(step, move |step| {
                if !show_first_error(&step) && !single.get_untracked() {
                    let _ = title_of(&step).as_ref().map(focus);
                }
            });
        }
    });
    let view = move || {
        if drafting.get() {
            form_step(changes, draft, &action, step)
        } else {
            review_step(changes, draft, action.clone())
        }
    };
    view! { <div class="step" node_ref=step>{view}</div> }.into_any()
}

fn title_of(step: &Element) -> Option<Element> {
    let sheet = step.closest(".sheet").ok()??;
    sheet.query_selector("h2").ok()?
}

/// How long it is waited for more before what is filled in is previewed, milliseconds.
const PAUSE_MS: i32 = 150;

/// Previews what is filled in of a form that is its own review, each time it changes.
fn preview_as_filled(changes: Changes, action: Arc<dyn Action>) {
    let turn = StoredValue::new(0_u32);
    Effect::new(move |before: Option<(bool, Sendable)>| {
        let ready = action.is_ready();
        let now = (ready, untrack(|| action.intent()));
        // A field that is left says again what it said before, in the middle of a press.
        if before.as_ref() == Some(&now) {
            return now;
        }
        let _ = turn.try_update_value(|turn| *turn = turn.wrapping_add(1));
        if before.is_some() {
            untrack(|| changes.refill(ready));
        }
        if !ready {
            return now;
        }
        let own = turn.get_value();
        let is_first = before.is_none();
        task::spawn_to_the_end(async move {
            if !is_first {
                task::sleep(PAUSE_MS).await;
            }
            let waits = || changes.phase.try_get_untracked() == Some(Phase::Draft);
            if turn.try_get_value() == Some(own) && waits() {
                changes.review();
            }
        });
        now
    });
}

fn form_step(
    changes: Changes,
    draft: Draft,
    action: &Arc<dyn Action>,
    step: NodeRef<html::Div>,
) -> AnyView {
    let wrong = move || {
        task::next_frame(step, |step| {
            show_first_error(&step);
        });
    };
    let own = action.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let needs_code = changes.notice.with_untracked(is_code_needed);
        if needs_code || (own.is_live() && changes.phase.get_untracked() != Phase::Draft) {
            press(changes);
        } else if !changes.submit() {
            wrong();
        }
    };
    let (restored, fields) = (draft.shown(action), action.form());
    let shown = move || outcome::shown(changes);
    let (body, foot) = if action.is_live() {
        let own = action.clone();
        let all = preview::all_changes(changes, move || own.review());
        let own = action.clone();
        let meaning = move || {
            changes.preview.track();
            meaning(&*own)
        };
        match action.fold() {
            Some(label) => {
                let body = view! {
                    {shown}
                    {preview::outcome(changes)}
                    {meaning}
                    <details class="fold">
                        <summary>{label}</summary>
                        <div class="stack">{restored}{fields}</div>
                    </details>
                    {all}
                };
                (body.into_any(), foot(changes, draft, action, true, ()))
            }
            None => {
                let body = view! { {restored}{fields}{meaning}{all}{shown} };
                let outcome =
                    view! { <div class="sheet-outcome">{preview::outcome(changes)}</div> };
                (body.into_any(), foot(changes, draft, action, true, outcome))
            }
        }
    } else if action.is_one_step() || action.quick().is_some() {
        let meaning = meaning(&**action);
        let body = view! { {restored}{fields}{meaning}{shown} };
        (body.into_any(), foot(changes, draft, action, true, ()))
    } else {
        let cancel = move |()| give_up(changes, draft);
        let foot = view! {
            <DialogFoot>
                <Button label=t::change_cancel() on_press=cancel/>
                <Button label=t::change_review() kind=ButtonKind::Primary submit=true/>
            </DialogFoot>
        };
        (view! { {restored}{fields} }.into_any(), foot.into_any())
    };
    view! {
        <form class="step" novalidate on:submit=task::guard(submit)>
            <DialogBody>{body}</DialogBody>
            {foot}
        </form>
    }
    .into_any()
}

/// What the change means, in small type.
fn meaning(action: &dyn Action) -> AnyView {
    let text = action.meaning();
    let shown = (!text.is_empty()).then(|| view! { <p class="small muted">{text}</p> });
    shown.into_any()
}

/// The customer decides against the change.
fn give_up(changes: Changes, draft: Draft) {
    draft.forget();
    reopened::forget();
    changes.close();
}

/// Takes the customer to the first field that is wrong; whether there is one.
fn show_first_error(step: &Element) -> bool {
    let wrong = "[aria-invalid], [data-invalid] :is(input, [tabindex='0']), .form-error";
    let Some(field) = step.query_selector(wrong).ok().flatten() else {
        return false;
    };
    if let Ok(Some(fold)) = field.closest("details") {
        let _ = fold.set_attribute("open", "");
    }
    let middle = ScrollIntoViewOptions::new();
    middle.set_block(ScrollLogicalPosition::Center);
    field.scroll_into_view_with_scroll_into_view_options(&middle);
    focus(&field);
    true
}

fn review_step(changes: Changes, draft: Draft, action: Arc<dyn Action>) -> AnyView {
    let foot = foot(changes, draft, &action, false, ());
    let meaning = meaning(&*action);
    view! {
        <DialogBody text_only=true>
            {move || outcome::shown(changes)}
            {preview::outcome(changes)}
            {meaning}
            // Asked for again with each preview: what the action knows may be newer by then.
            {preview::all_changes(changes, move || action.review())}
        </DialogBody>
        {foot}
    }
    .into_any()
}

/// The press on the button that sends it.
fn press(changes: Changes) {
    let preview = changes.preview;
    let unknown = || preview.with_untracked(|p| matches!(p, PreviewState::Unavailable(_)));
    match changes.phase.get_untracked() {
        Phase::Refused if changes.notice.with_untracked(is_code_needed) => {
            expect_context::<Proving>().confirm(move || changes.resend());
        }
        Phase::Refused => changes.review_rest(),
        // What the customer agrees to is what they have seen.
        Phase::Review { .. } if unknown() => changes.review(),
        _ => {
            changes.confirm();
        }
    }
}

/// The button that sends it, and the way out, below `outcome`. `submit` says that the button sends
/// the form around it.
fn foot(
    changes: Changes,
    draft: Draft,
    action: &Arc<dyn Action>,
    submit: bool,
    outcome: impl IntoView + 'static,
) -> AnyView {
    let phase = changes.phase;
    let goes_back = action.has_form() && !submit;
    let kind = if action.is_ending() {
        ButtonKind::Danger
    } else {
        ButtonKind::Primary
    };
    let (own, sending) = (action.clone(), action.sending());
    let proving = expect_context::<Proving>();
    let again = !submit || action.is_live();
    let preview = changes.preview;
    let unknown = move || preview.with(|preview| matches!(preview, PreviewState::Unavailable(_)));
    let label = Signal::derive(move || match phase.get() {
        Phase::Refused if changes.notice.with(is_code_needed) => {
            t::verification_confirm().to_owned()
        }
        Phase::Refused if changes.notice.with(is_partly) => t::change_rest().to_owned(),
        Phase::Refused if again => t::change_again().to_owned(),
        Phase::Review { .. } if unknown() => t::change_again().to_owned(),
        _ => {
            // What it says may depend on what is filled in, and each of that has a preview.
            preview.track();
            own.confirm()
        }
    });
    let busy = Signal::derive(move || match phase.get() {
        Phase::Sending { .. } => Some(sending.clone()),
        Phase::Checking { .. } => Some(t::change_checking().to_owned()),
        Phase::Refused if changes.notice.with(is_code_needed) => proving.busy.get(),
        _ => None,
    });
    let on_press = move |()| {
        if !submit {
            press(changes);
        }
    };
    let locked = Signal::derive(move || {
        let asked = preview.with(|preview| *preview == PreviewState::Loading);
        asked.then(|| t::change_previewing().to_owned())
    });
    let secondary = move || match (phase.get(), goes_back) {
        (Phase::Review { .. } | Phase::Refused, true) => {
            (t::change_back(), Callback::new(move |()| changes.back()))
        }
        (Phase::Checking { .. }, _) => (t::ui_close(), Callback::new(move |()| changes.close())),
        _ => {
            let give_up = Callback::new(move |()| give_up(changes, draft));
            (t::change_cancel(), give_up)
        }
    };
    let legal = legal::links(Data::expect(), &**action);
    view! {
        <div class="sheet-end">
            {outcome}
            {legal}
            <DialogFoot>
                {move || {
                    let (label, on_press) = secondary();
                    let locked = matches!(phase.get(), Phase::Sending { .. });
                    let locked = locked.then(|| t::change_wait().to_owned());
                    view! { <Button label locked on_press/> }
                }}
                <Button label kind busy locked submit on_press/>
            </DialogFoot>
        </div>
    }
    .into_any()
}

/// Whether the customer has to prove first who they are.
fn is_code_needed(notice: &Option<Notice>) -> bool {
    matches!(notice, Some(Notice::Refused(Refusal::CodeNeeded, _)))
}

/// Whether some of it happened and some did not.
fn is_partly(notice: &Option<Notice>) -> bool {
    matches!(notice, Some(Notice::Parts(..)))
}
