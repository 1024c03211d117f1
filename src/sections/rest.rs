//! The second file of the bundle: everything but the first page.
//!
//! A browser loads the portal in two files. The first holds what the overview shows; the other
//! sections, the change dialog and all actions are in the rest, which is fetched as soon as the
//! overview stands. [`Doors`] are the only way from the first file into the rest: what anything
//! outside [`second`] names is linked into the first file. Without the feature `split`, as in
//! the preview, there is one file, and the doors open at the first knock.

mod second;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::page::{Page, trouble};
use super::{Start, name};
use crate::backend::Failure;
use crate::data::{Data, Reader};
use crate::i18n::t;
use crate::routing::Route;
use crate::ui::{Announcer, PageHeader, Shape, Skeleton, task};

/// What the first file calls in the rest.
#[derive(Clone, Copy)]
struct Doors {
    /// The page at a place other than the overview.
    page: fn(Route) -> AnyView,
    /// The dialog in which everything is changed.
    dialog: fn() -> AnyView,
    /// The banner above every page, where a payment has failed.
    banner: fn() -> AnyView,
    /// Starts an action.
    start: fn(&Page, Start),
    /// Reads the views that the overview does not show.
    reader: Reader,
}

/// How the rest stands.
#[derive(Clone, Copy)]
enum State {
    /// Nobody has asked for it.
    Away,
    /// It is on its way.
    Coming,
    /// It is here.
    Here(Doors),
    /// It did not come.
    Failed,
}

/// The rest of one portal. Copies are handles to the same.
#[derive(Clone, Copy)]
pub(crate) struct Rest {
    state: RwSignal<State>,
    /// The action that was pressed before it could be started.
    wanted: StoredValue<Option<(Page, Start)>>,
    data: Data,
    announcer: Announcer,
}

impl Rest {
    /// Not asked for yet, unless it is in the same file. Offered as context.
    pub(crate) fn provide(data: Data, announcer: Announcer) -> Rest {
        let rest = Rest {
            state: RwSignal::new(State::Away),
            wanted: StoredValue::new(None),
            data,
            announcer,
        };
        if cfg!(not(feature = "split")) {
            rest.fetch();
        }
        provide_context(rest);
        rest
    }

    /// The rest of this portal.
    pub(super) fn expect() -> Rest {
        expect_context()
    }

    /// Whether it is here.
    pub(super) fn is_here(self) -> bool {
        matches!(self.state.get_untracked(), State::Here(_))
    }

    /// Fetches it once what is on the page now has been painted.
    pub(super) fn fetch_after_paint(self) {
        task::after_paint(move || self.fetch());
    }

    /// Starts `action` of `page`, now or as soon as it is here.
    pub(super) fn start(self, page: &Page, action: Start) {
        if let State::Here(doors) = self.state.get_untracked() {
            return (doors.start)(page, action);
        }
        self.ask_to_wait();
        self.wanted.set_value(Some((page.clone(), action)));
        self.fetch();
    }

    /// Says that what was pressed takes a moment; an action that starts takes that back.
    pub(super) fn ask_to_wait(self) {
        self.announcer.announce(t::rest_coming());
    }

    /// Says that what was pressed could not be opened.
    pub(super) fn give_up(self) {
        self.announcer.announce(t::rest_failed());
    }

    /// The customer went to another page: what was pressed there is not wanted any more.
    pub(crate) fn leave_page(self) {
        self.wanted.set_value(None);
    }

    /// Fetches it unless it is here or on its way.
    fn fetch(self) {
        if let Some(State::Away | State::Failed) = self.state.try_get_untracked() {
            task::set(self.state, State::Coming);
            task::spawn_to_the_end(async move { self.arrived(second::open().await.ok()) });
        }
    }

    fn arrived(self, doors: Option<Doors>) {
        if let Some(doors) = &doors {
            self.data.read_with(doors.reader);
        }
        task::set(self.state, doors.map_or(State::Failed, State::Here));
        let Some((page, action)) = self.wanted.try_update_value(Option::take).flatten() else {
            return;
        };
        match doors {
            Some(doors) => {
                self.announcer.clear();
                (doors.start)(&page, action);
            }
            None => self.give_up(),
        }
    }
}

/// The dialog of whatever is being changed, once it is here.
#[component]
pub(crate) fn ChangeDialog() -> impl IntoView {
    let state = Rest::expect().state;
    move || match state.get() {
        State::Here(doors) => (doors.dialog)(),
        _ => ().into_any(),
    }
}

/// The banner about a payment that failed, once it is here.
#[component]
pub(crate) fn FailedPayment() -> impl IntoView {
    let state = Rest::expect().state;
    move || match state.get() {
        State::Here(doors) => (doors.banner)(),
        _ => ().into_any(),
    }
}

/// The page at a place other than the overview; until it is here its name and a shape.
pub(super) fn page(route: Route) -> AnyView {
    let rest = Rest::expect();
    if let State::Here(doors) = rest.state.get_untracked() {
        return (doors.page)(route);
    }
    rest.fetch();
    let place = NodeRef::<html::Div>::new();
    let retry = Callback::new(move |()| rest.fetch());
    // The heading stays while it is tried again: it has the focus.
    let here = Memo::new(move |_| matches!(rest.state.get(), State::Here(_)));
    let below = move || match rest.state.get() {
        State::Failed => trouble(&Failure::Lost, retry),
        _ => view! { <Skeleton shape=Shape::Cards(3)/> }.into_any(),
    };
    let content = move || {
        here.get();
        if let State::Here(doors) = rest.state.get_untracked() {
            keep_focus(place);
            return (doors.page)(route.clone());
        }
        view! { <div class="stack stack-large"><PageHeader title=name(&route)/>{below}</div> }
            .into_any()
    };
    view! { <div node_ref=place>{content}</div> }.into_any()
}

/// Takes the focus along from the heading that stood in for the one that comes.
fn keep_focus(place: NodeRef<html::Div>) {
    let Some(place) = place.get_untracked() else {
        return;
    };
    if place.matches(":focus-within") == Ok(true) {
        request_animation_frame(move || {
            if let Ok(Some(heading)) = place.query_selector("h1") {
                // A heading that cannot take the focus leaves it where it is.
                let _ = heading.unchecked_into::<HtmlElement>().focus();
            }
        });
    }
}
