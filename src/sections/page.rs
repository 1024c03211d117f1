//! What all sections share: a view when it is there, its shape until then, and what to do when
//! it does not come.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::Session;
use protocol::{Date, Operation, Query};

use super::{Rest, Start, words};
use crate::backend::Failure;
use crate::data::change::Phase;
use crate::data::{Action, Changes, Data, InView, Status, View};
use crate::i18n::t;
use crate::routing::{Route, Router};
use crate::ui::{
    Banner, Button, Drawing, EmptyState, Glyph, MenuItem, Shape, Skeleton, Tone, task,
};

/// What a section needs beside its own view.
#[derive(Clone)]
pub(super) struct Page {
    session: Arc<View>,
    /// The ways to other pages.
    pub(super) router: Router,
    /// The ways to change something.
    pub(super) changes: Changes,
    /// What else is held.
    pub(super) data: Data,
    /// What the page starts but is not in its file.
    pub(super) rest: Rest,
    /// How many rows of a long list have a place.
    rows: RwSignal<usize>,
}

/// How many rows of a long list have a place at first, and how many more at a time.
const ROWS: usize = 40;

impl Page {
    /// Who is here, in whose shop.
    pub(super) fn session(&self) -> Option<&Session> {
        Session::of(&self.session)
    }

    /// Today, in the store's zone.
    pub(super) fn today(&self) -> Date {
        self.session()
            .map_or(Date::from_days(0), |session| session.today)
    }

    /// Whether the merchant allows `operation`.
    pub(super) fn allows(&self, operation: Operation) -> bool {
        self.session()
            .is_some_and(|session| session.allowed.contains(&operation))
    }

    /// The address of `route`, for a link.
    pub(super) fn href(&self, route: Route) -> String {
        self.router.href(&route)
    }

    /// Starts an action that the overview offers too.
    pub(super) fn start(&self, action: Start) {
        self.rest.start(self, action);
    }

    /// Why nothing can be changed now: `own`, or because another change is under way.
    pub(super) fn locked(&self, own: Option<String>) -> Signal<Option<String>> {
        let phase = self.changes.phase;
        Signal::derive(move || {
            let busy = || {
                phase
                    .with(Phase::is_busy)
                    .then(|| t::change_wait().to_owned())
            };
            own.clone().or_else(busy)
        })
    }

    /// Opens what has to read something first. The customer is asked to wait, and told where it
    /// does not come.
    pub(super) fn open_with<T: 'static>(
        &self,
        read: impl Future<Output = Option<T>> + 'static,
        open: impl FnOnce(&Page, T) + 'static,
    ) {
        let page = self.clone();
        page.rest.ask_to_wait();
        task::spawn_to_the_end(async move {
            match read.await {
                Some(found) => open(&page, found),
                None => page.rest.give_up(),
            }
        });
    }

    /// An action in a menu, locked while another change is under way or for a reason of its own.
    pub(super) fn item(
        &self,
        label: impl Into<String>,
        icon: Glyph,
        lock: Option<String>,
        make: impl Fn() -> Arc<dyn Action> + Send + Sync + 'static,
    ) -> MenuItem {
        let changes = self.changes;
        MenuItem {
            label: label.into(),
            icon,
            locked: self.locked(lock),
            on_press: Callback::new(move |()| changes.start(&make)),
        }
    }

    /// How many rows of a list are shown, each of which takes the place of so many; the page is
    /// drawn again when more are.
    pub(super) fn rows(&self, places: impl Iterator<Item = usize>) -> usize {
        let mut left = self.rows.get();
        let fits = |places: &usize| {
            let fits = left > 0;
            left = left.saturating_sub(*places);
            fits
        };
        places.take_while(fits).count()
    }

    /// The way to more rows of a list of which `hidden` are not shown.
    pub(super) fn more_rows(&self, hidden: usize) -> AnyView {
        let rows = self.rows;
        if hidden == 0 {
            return ().into_any();
        }
        let label = t::list_more(hidden);
        let press = move |()| rows.update(|rows| *rows += ROWS);
        view! { <div class="row"><Button label on_press=press/></div> }.into_any()
    }

    /// Whether the element called `id` is to be marked as just changed.
    pub(super) fn marked(&self, id: String) -> Signal<Option<&'static str>> {
        let marked = self.changes.marked;
        Signal::derive(move || {
            marked
                .with(|marked| marked.as_ref() == Some(&id))
                .then_some("")
        })
    }
}

/// The view of `query` as `show` draws it; until it is there, `shape`.
pub(super) fn shown<T: InView>(
    query: Query,
    shape: Shape,
    show: impl Fn(&Page, &T) -> AnyView + Send + 'static,
) -> AnyView {
    let show = move |page: &Page, view: &View| match T::of(view) {
        Some(view) => show(page, view),
        None => ().into_any(),
    };
    render(query, shape, Box::new(show))
}

/// The view of `query` as `show` draws it; nothing until it is there, or where it does not come.
pub(super) fn quietly<T: InView>(
    query: Query,
    show: impl Fn(&Page, &T) -> AnyView + Send + 'static,
) -> AnyView {
    let data = Data::expect();
    let (router, changes, rest) = (Router::expect(), Changes::expect(), Rest::expect());
    let rows = RwSignal::new(ROWS);
    let (session, cell) = (data.open(Query::Session), data.open(query));
    let content = move || {
        let page = Page {
            session: session.view.get()?,
            router,
            changes,
            data,
            rest,
            rows,
        };
        let view = cell.view.get()?;
        T::of(&view).map(|view| show(&page, view))
    };
    view! { {content} }.into_any()
}

type Show = Box<dyn Fn(&Page, &View) -> AnyView + Send>;

fn render(query: Query, shape: Shape, show: Show) -> AnyView {
    let (data, router, changes) = (Data::expect(), Router::expect(), Changes::expect());
    let (rest, rows) = (Rest::expect(), RwSignal::new(ROWS));
    let session = data.open(Query::Session);
    let cell = data.open(query.clone());
    let retry = Callback::new(move |()| {
        data.reload(Query::Session);
        data.reload(query.clone());
    });
    let old = (cell.view.clone(), cell.status.clone());
    let out_of_date = move || {
        let (view, status) = &old;
        match status.get() {
            Status::Failed(failure) if view.with(Option::is_some) => {
                Some(trouble_banner(&failure, retry))
            }
            _ => None,
        }
    };
    let content = move || match (session.view.get(), cell.view.get()) {
        (Some(session), Some(view)) => {
            let page = Page {
                session,
                router,
                changes,
                data,
                rest,
                rows,
            };
            show(&page, &view)
        }
        _ => match (session.status.get(), cell.status.get()) {
            (_, Status::Failed(failure)) | (Status::Failed(failure), _) => trouble(&failure, retry),
            _ => view! { <Skeleton shape/> }.into_any(),
        },
    };
    view! {
        {out_of_date}
        {content}
    }
    .into_any()
}

/// In place of a page that did not come.
pub(super) fn trouble(failure: &Failure, retry: Callback<()>) -> AnyView {
    let words = words::failure(failure);
    let text = [words.title, words.text].join(" ");
    view! {
        <EmptyState drawing=Drawing::Signpost text>
            <Button label=t::trouble_retry() on_press=retry/>
            {reference(&words.reference)}
        </EmptyState>
    }
    .into_any()
}

/// Above a page that could not be read again.
fn trouble_banner(failure: &Failure, retry: Callback<()>) -> AnyView {
    let words = words::failure(failure);
    let text = [t::trouble_old(), words.text.as_str()].join(" ");
    view! {
        <Banner tone=Tone::Attention title=words.title text>
            <Button label=t::trouble_retry() on_press=retry/>
        </Banner>
    }
    .into_any()
}

/// The reference that a customer can quote; nothing where there is none.
pub(super) fn reference(reference: &str) -> AnyView {
    if reference.is_empty() {
        return ().into_any();
    }
    view! { <p class="caption muted">{t::trouble_reference(reference)}</p> }.into_any()
}
