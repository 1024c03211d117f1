//! Warns before the session ends for want of use, and lets the customer stay.

use std::cell::Cell;

use leptos::html;
use leptos::prelude::*;
use protocol::Query;
use protocol::view::Session;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

use crate::backend::{clock, session_used_ms};
use crate::data::Data;
use crate::i18n::t;
use crate::overview::parts::held;
use crate::ui::{Button, ButtonKind, Dialog, DialogBody, DialogFoot, task};

/// The session is announced to end so long before, milliseconds, where it lasts four times that.
const WARNING_MS: i64 = 120_000;
/// The server writes at most so often that a session was used, milliseconds: so much earlier than
/// it says a session may end.
const SLACK_MS: i64 = 60_000;
/// And at most so often in the time after which it ends.
const SLACKS: i64 = 20;
/// It is looked again so often whether the session ends soon, milliseconds, at least.
const LOOK_MS: i64 = 5_000;
/// Who listens instead of looking hears how much time is left at these seconds.
const SPOKEN: [i64; 2] = [60, 20];
/// What a customer does without asking the server for anything.
const USES: [&str; 2] = ["input", "click"];
/// So long after that they may still look at the page, milliseconds.
const THERE_MS: i64 = 300_000;
/// The server is told of that at most so often, milliseconds.
const USE_MS: i64 = 60_000;

thread_local! {
    /// Whether a portal of this document warns: one is enough.
    static WARNS: Cell<bool> = const { Cell::new(false) };
    /// When the customer last typed or pressed something, or opened the page, milliseconds.
    static SEEN_MS: Cell<i64> = const { Cell::new(0) };
}

/// Whether the customer did something a short while ago. What the portal reads again by itself for
/// longer would keep their session alive.
pub(super) fn is_customer_there() -> bool {
    clock::now_ms() - SEEN_MS.get() < THERE_MS
}

/// The warning, while the session is about to end; otherwise nothing.
pub(crate) fn warning() -> AnyView {
    let data = Data::expect();
    let left = RwSignal::new(None::<i64>);
    on_cleanup(move || show(left, None));
    task::spawn_to_the_end(watch(data, left));
    let here = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(here) = here.get() {
            follow_use(here.get_root_node().into(), data);
        }
    });
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(false));
    let stay = move |()| {
        busy.set(true);
        failed.set(false);
        task::spawn_to_the_end(async move {
            let before = session_used_ms();
            data.recheck_session().await;
            let stays = session_used_ms() != before;
            task::set(busy, false);
            task::set(failed, !stays);
            if stays {
                show(left, None);
            }
        });
    };
    let open = Memo::new(move |_| left.with(Option::is_some));
    let time = move || {
        let seconds = left.get().unwrap_or_default();
        t::idle_left(&format!("{}:{:02}", seconds / 60, seconds % 60))
    };
    let spoken = Memo::new(move |before: Option<&String>| {
        let seconds = left.get().filter(|left| SPOKEN.contains(left));
        match (seconds, before) {
            (Some(seconds), _) => t::idle_spoken(seconds as usize),
            (None, Some(before)) if open.get() => before.clone(),
            _ => String::new(),
        }
    });
    let staying = Signal::derive(move || busy.get().then(|| t::idle_staying().to_owned()));
    let error = move || {
        let text = [t::trouble_lost_title(), t::trouble_lost_text()].join(" ");
        failed
            .get()
            .then(|| view! { <p class="field-error">{text}</p> })
    };
    view! {
        <div node_ref=here>
            <Dialog title=Signal::derive(|| t::idle_title().to_owned()) open on_close=stay>
                <DialogBody>
                    <p>{t::idle_text()}</p>
                    // Off by its role: who wants to know reads it, and nobody hears each second.
                    <p class="strong" role="timer">{time}</p>
                    <p class="visually-hidden" role="status">{spoken}</p>
                    <div role="alert">{error}</div>
                </DialogBody>
                <DialogFoot>
                    <Button label=t::idle_stay() kind=ButtonKind::Primary busy=staying on_press=stay/>
                </DialogFoot>
            </Dialog>
        </div>
    }
    .into_any()
}

/// Shows the seconds that are `left`, or nothing any more.
fn show(left: RwSignal<Option<i64>>, seconds: Option<i64>) {
    let shown = left.try_get_untracked().flatten();
    if shown.is_none() && seconds.is_some() && WARNS.get() {
        return;
    }
    if shown.is_some() != seconds.is_some() {
        WARNS.set(seconds.is_some());
    }
    if shown != seconds {
        task::set(left, seconds);
    }
}

/// Looks how long the session still lasts, as long as the portal is there, and takes everything off
/// the page when it ends.
async fn watch(data: Data, left: RwSignal<Option<i64>>) {
    while left.try_get_untracked().is_some() {
        let minutes = held(data, &Query::Session, |session: &Session| {
            session.idle_minutes
        });
        let Some(idle_ms) = minutes.map(|minutes| i64::from(minutes) * 60_000) else {
            task::sleep(LOOK_MS as i32).await;
            continue;
        };
        let warning_ms = WARNING_MS.min(idle_ms / 2);
        let lasts_ms = idle_ms - SLACK_MS.min(idle_ms / SLACKS);
        let left_ms = session_used_ms() + lasts_ms - clock::now_ms();
        let wait_ms = if data.is_over() {
            show(left, None);
            LOOK_MS
        } else if left_ms <= 0 {
            show(left, None);
            data.end_session();
            LOOK_MS
        } else if left_ms <= warning_ms {
            show(left, Some((left_ms + 999) / 1_000));
            (left_ms - 1) % 1_000 + 1
        } else {
            show(left, None);
            LOOK_MS.min(left_ms - warning_ms)
        };
        task::sleep(wait_ms as i32).await;
    }
}

/// Has the session go on while the customer types into `root` or presses something there, until the
/// current owner is disposed of.
fn follow_use(root: EventTarget, data: Data) {
    SEEN_MS.set(clock::now_ms());
    let told_ms = Cell::new(0);
    let used = move |_: Event| {
        let now_ms = clock::now_ms();
        SEEN_MS.set(now_ms);
        let last_ms = session_used_ms().max(told_ms.get());
        if now_ms - last_ms > USE_MS && !data.is_over() {
            told_ms.set(now_ms);
            task::spawn_to_the_end(data.recheck_session());
        }
    };
    let used = Closure::<dyn FnMut(Event)>::new(task::guard(used));
    for name in USES {
        let _ = root.add_event_listener_with_callback(name, used.as_ref().unchecked_ref());
    }
    let held = StoredValue::new_local((root, used));
    on_cleanup(move || {
        held.with_value(|(root, used)| {
            for name in USES {
                let used = used.as_ref().unchecked_ref();
                let _ = root.remove_event_listener_with_callback(name, used);
            }
        });
    });
}
