//! The second file of the bundle: everything but the first page.
//!
//! A browser loads the portal in two files. The first holds what the overview shows; the other
//! sections, the dialog and all actions are in the second, which is fetched as soon as the
//! overview is painted, together with the style sheet of all pages but the first. [`Entrypoints`]
//! are the only way from the first file into the second: whatever is named outside of
//! `src/entrypoints.rs` is linked into the first file. Without the feature `split`, as in the
//! preview, there is one file, and the entrypoints are there as soon as the style is.

use std::pin::Pin;

use js_sys::{Function, Promise};
use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use protocol::view::{self, Session};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::action_request::ActionRequest;
use super::page::Page;
use super::waiting;
use crate::data::{Data, Reader, dismiss, is_dismissed};
use crate::navigation::{Part, Route};
use crate::ui::{Announcer, task};

/// What is shown.
#[derive(Clone)]
pub(crate) enum Place {
    /// A page of the portal.
    Page(Route),
    /// One part, alone.
    Part(Part),
    /// The one thing that the session is for.
    Flow(view::SessionFlow),
}

/// A dialog that is to be open, by the name of its operation: the page around the portal asks for
/// it, or it was open when the session ended.
#[derive(Clone)]
pub(crate) struct Flow {
    /// The operation's name.
    pub(crate) name: String,
    /// The id of what it is about; may be empty.
    pub(crate) subject: String,
    /// Whether it opens over the page that is shown, and not over the one where it belongs.
    pub(crate) stays: bool,
}

/// What the first file calls in the second.
#[derive(Clone, Copy)]
pub(crate) struct Entrypoints {
    /// What is shown elsewhere than on the overview.
    pub(crate) page: fn(Place) -> AnyView,
    /// The dialog in which everything is changed.
    pub(crate) dialog: fn() -> AnyView,
    /// The banner above every page, where a payment has failed.
    pub(crate) banner: fn() -> AnyView,
    /// Opens an action.
    pub(crate) open: fn(&Page, ActionRequest),
    /// Reads the views that the overview does not show.
    pub(crate) reader: Reader,
}

/// Fetches the second file, unless it is here; `None` where it did not come, and the next call
/// fetches it again.
pub(crate) type Load = fn() -> Pin<Box<dyn Future<Output = Option<Entrypoints>>>>;

/// Whether the second file is here.
#[derive(Clone, Copy)]
pub(super) enum State {
    /// Nobody has asked for it.
    Away,
    /// It is on its way.
    Coming,
    /// It is here.
    Here(Entrypoints),
    /// It did not come.
    Failed,
}

/// The second file of one portal. Copies are handles to the same.
#[derive(Clone, Copy)]
pub(crate) struct LazyBundle {
    pub(super) state: RwSignal<State>,
    load: Load,
    /// The dialog that is to be open.
    pub(crate) flow: RwSignal<Option<Flow>>,
    /// Told when the customer has left the flow that the session is for.
    flow_left: RwSignal<()>,
    /// The action that was pressed before it could be opened.
    wanted: StoredValue<Option<(Page, ActionRequest)>>,
    /// Called where it did not come.
    missing: StoredValue<JsValue, LocalStorage>,
    /// Loads its style.
    style: StoredValue<JsValue, LocalStorage>,
    data: Data,
    announcer: Announcer,
}

/// What it is called that the customer has left the flow with this id.
fn left(id: &str) -> String {
    ["flow.", id].concat()
}

impl LazyBundle {
    /// To be fetched by `load`, and not asked for yet unless it is in the same file. Offered as
    /// context.
    pub(crate) fn provide(
        load: Load,
        data: Data,
        announcer: Announcer,
        missing: JsValue,
        style: JsValue,
    ) -> LazyBundle {
        let lazy = LazyBundle {
            state: RwSignal::new(State::Away),
            load,
            flow: RwSignal::new(None),
            flow_left: RwSignal::new(()),
            wanted: StoredValue::new(None),
            missing: StoredValue::new_local(missing),
            style: StoredValue::new_local(style),
            data,
            announcer,
        };
        if cfg!(not(feature = "split")) {
            lazy.fetch();
        }
        let online = window_event_listener(ev::online, move |_| {
            if let Some(State::Failed) = lazy.state.try_get_untracked() {
                lazy.fetch();
            }
        });
        on_cleanup(move || online.remove());
        provide_context(lazy);
        lazy
    }

    /// The second file of this portal.
    pub(crate) fn expect() -> LazyBundle {
        expect_context()
    }

    /// Whether it is here.
    pub(crate) fn is_here(self) -> bool {
        matches!(self.state.get_untracked(), State::Here(_))
    }

    /// Fetches it once what is on the page now has been painted.
    pub(crate) fn fetch_after_paint(self) {
        task::after_paint(move || self.fetch());
    }

    /// Opens `action` of `page`, now or as soon as it is here.
    pub(crate) fn open(self, page: &Page, action: ActionRequest) {
        if let State::Here(entrypoints) = self.state.get_untracked() {
            return (entrypoints.open)(page, action);
        }
        waiting::ask(self.announcer);
        self.wanted.set_value(Some((page.clone(), action)));
        self.fetch();
    }

    /// Opens the dialog of the operation called `name`, now or as soon as it is here.
    pub(crate) fn open_flow(self, name: String, subject: String) {
        self.flow.set(Some(Flow {
            name,
            subject,
            stays: false,
        }));
        self.fetch();
    }

    /// The flow that `session` is for, until it is left in this tab.
    pub(crate) fn session_flow(self, session: &Session) -> Option<view::SessionFlow> {
        self.flow_left.track();
        let flow = session.flow.clone()?;
        (!is_dismissed(&left(&flow.id))).then_some(flow)
    }

    /// The flow that the session is for is over: loaded again, the page shows the whole portal.
    pub(crate) fn end_flow(self, id: &str) {
        dismiss(&left(id));
    }

    /// The same, and the whole portal is shown from now on.
    pub(crate) fn leave_flow(self, id: &str) {
        self.end_flow(id);
        self.flow_left.notify();
    }

    /// The customer went to another page: what was pressed there is not wanted any more.
    pub(crate) fn leave_page(self) {
        self.wanted.set_value(None);
    }

    /// Fetches it unless it is here or on its way.
    pub(super) fn fetch(self) {
        if let Some(State::Away | State::Failed) = self.state.try_get_untracked() {
            task::set(self.state, State::Coming);
            // Asked for at the same moment.
            let style = self.load_style();
            task::spawn_to_the_end(async move {
                let entrypoints = (self.load)().await;
                let styled = style.await.is_ok();
                self.arrived(entrypoints.filter(|_| styled));
            });
        }
    }

    /// A page that mounts the portal in its own way need not have a function for it.
    fn load_style(self) -> JsFuture {
        let load = self.style.try_get_value();
        let style = load.and_then(|load| load.dyn_ref::<Function>()?.call0(&JsValue::NULL).ok());
        JsFuture::from(Promise::resolve(&style.unwrap_or_default()))
    }

    fn arrived(self, entrypoints: Option<Entrypoints>) {
        if let Some(entrypoints) = &entrypoints {
            self.data.read_with(entrypoints.reader);
        } else if let Some(missing) = self.missing.try_get_value() {
            // A page that mounts the portal in its own way need not have one.
            let missing = missing.dyn_ref::<Function>();
            let _ = missing.map(|missing| missing.call0(&JsValue::NULL));
        }
        task::set(self.state, entrypoints.map_or(State::Failed, State::Here));
        let Some((page, action)) = self.wanted.try_update_value(Option::take).flatten() else {
            return;
        };
        match entrypoints {
            Some(entrypoints) => {
                self.announcer.clear();
                (entrypoints.open)(&page, action);
            }
            None => waiting::give_up(self.announcer),
        }
    }
}
