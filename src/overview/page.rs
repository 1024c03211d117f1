//! What all sections share: a view when it is there, its shape until then, and what to do when
//! it does not come.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{CutOff, Session};
use protocol::{Date, Operation, Query};

use super::trouble::{out_of_date_banner, trouble};
use super::{waiting, words};
use crate::data::change::Phase;
use crate::data::{Changes, Data, InView, Status, View};
use crate::i18n::{format, t};
use crate::navigation::{Route, Router};
use crate::ui::{Announcer, Button, Glyph, MenuItem, Shape, Skeleton, task};

/// What a section needs beside its own view.
#[derive(Clone)]
pub(crate) struct Page {
    session: Arc<View>,
    /// The ways to other pages.
    pub(crate) router: Router,
    /// The ways to change something.
    pub(crate) changes: Changes,
    /// What else is held.
    pub(crate) data: Data,
    pub(crate) announcer: Announcer,
    /// How many rows of a long list have a place.
    rows: RwSignal<usize>,
}

/// How many rows of a long list have a place at first, and how many more at a time.
const ROWS: usize = 40;

impl Page {
    /// Who is here, in whose shop.
    pub(crate) fn session(&self) -> Option<&Session> {
        Session::of(&self.session)
    }

    /// Today, in the store's zone.
    pub(crate) fn today(&self) -> Date {
        self.session()
            .map_or(Date::from_days(0), |session| session.today)
    }

    /// Until when something can be changed, in words.
    pub(crate) fn cut_off(&self, until: &CutOff) -> String {
        let zone = self.session().map_or("", |session| session.zone.as_str());
        format::cut_off(until, self.today(), zone)
    }

    /// Whether the merchant allows `operation`.
    pub(crate) fn allows(&self, operation: Operation) -> bool {
        self.session()
            .is_some_and(|session| session.allowed.contains(&operation))
    }

    /// What the merchant wants the most prominent button of the overview to do.
    pub(crate) fn first_action(&self) -> Option<Operation> {
        self.session()?.merchant.first_action
    }

    /// The address of `route`, for a link.
    pub(crate) fn href(&self, route: Route) -> String {
        self.router.href(&route)
    }

    /// Why nothing can be changed now: `own`, or because another change is under way.
    pub(crate) fn locked(&self, own: Option<String>) -> Signal<Option<String>> {
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
    pub(crate) fn open_with<T: 'static>(
        &self,
        read: impl Future<Output = Option<T>> + 'static,
        open: impl FnOnce(&Page, T) + 'static,
    ) {
        let page = self.clone();
        waiting::ask(page.announcer);
        task::spawn_to_the_end(async move {
            match read.await {
                Some(found) => open(&page, found),
                None => waiting::give_up(page.announcer),
            }
        });
    }

    /// An action in a menu, locked while another change is under way or for a reason of its own.
    pub(crate) fn item(
        &self,
        label: impl Into<String>,
        icon: Glyph,
        lock: Option<String>,
        open: impl Fn(&Page) + Send + Sync + 'static,
    ) -> MenuItem {
        let page = self.clone();
        MenuItem {
            label: label.into(),
            icon,
            locked: self.locked(lock),
            on_press: Callback::new(move |()| open(&page)),
        }
    }

    /// How many rows of a list are shown, each of which takes the place of so many; the page is
    /// drawn again when more are.
    pub(crate) fn rows(&self, places: impl Iterator<Item = usize>) -> usize {
        let mut left = self.rows.get();
        let fits = |places: &usize| {
            let fits = left > 0;
            left = left.saturating_sub(*places);
            fits
        };
        places.take_while(fits).count()
    }

    /// The way to more rows of a list of which `hidden` are not shown.
    pub(crate) fn more_rows(&self, hidden: usize) -> AnyView {
        let rows = self.rows;
        if hidden == 0 {
            return ().into_any();
        }
        let label = t::list_more(hidden);
        let press = move |()| rows.update(|rows| *rows += ROWS);
        view! { <div class="row"><Button label on_press=press/></div> }.into_any()
    }

    /// Whether the element called `id` is to be marked as just changed.
    pub(crate) fn marked(&self, id: String) -> Signal<Option<&'static str>> {
        let marked = self.changes.marked;
        Signal::derive(move || {
            marked
                .with(|marked| marked.as_ref() == Some(&id))
                .then_some("")
        })
    }
}

/// The view of `query` as `show` draws it; until it is there, `shape`.
pub(crate) fn shown<T: InView>(
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
pub(crate) fn quietly<T: InView>(
    query: Query,
    show: impl Fn(&Page, &T) -> AnyView + Send + 'static,
) -> AnyView {
    let data = Data::expect();
    let (router, changes) = (Router::expect(), Changes::expect());
    let (announcer, rows) = (Announcer::expect(), RwSignal::new(ROWS));
    let (session, cell) = (data.open(Query::Session), data.open(query));
    let content = move || {
        let page = Page {
            session: session.view.get()?,
            router,
            changes,
            data,
            announcer,
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
    let (announcer, rows) = (Announcer::expect(), RwSignal::new(ROWS));
    let session = data.open(Query::Session);
    let cell = data.open(query.clone());
    let known = query.clone();
    let retry = Callback::new(move |()| {
        data.reload(Query::Session);
        data.reload(query.clone());
    });
    let old = (cell.view.clone(), cell.status.clone());
    let out_of_date = move || {
        let (view, status) = &old;
        let why = match status.get() {
            Status::Failed(failure) => words::failure(&failure).text,
            Status::Old => String::new(),
            _ => return None,
        };
        let shown = view.with_untracked(Option::is_some);
        shown.then(|| out_of_date_banner(data.read_at(&known), why, retry))
    };
    let content = move || match (session.view.get(), cell.view.get()) {
        (Some(session), Some(view)) => {
            let page = Page {
                session,
                router,
                changes,
                data,
                announcer,
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
