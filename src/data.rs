//! What the browser holds of the customer's data, and how it changes.
//!
//! A [`Query`] has one cell, shared by everything that shows it: loaded when a section opens,
//! read again when the window gets the focus back or a change says that it is no longer true.
//! While it is read again the old value stays.

mod action;
pub mod change;
mod changes;
mod session;
mod undo;
mod view;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use leptos::{ev, task::spawn_local};
use protocol::{ProblemKind, Query, Resource};

use crate::backend::{Backend, Failure, Request, clock};
use crate::i18n::t;
use crate::ui::{Announcer, task};

pub use action::Action;
pub use changes::{Changes, Foreseen, Notice};
pub use session::{dismiss, is_dismissed, remember_path, storage, take_path};
pub use view::{InView, Reader, View};

/// How old a value may be before it is read again when the window gets the focus, milliseconds.
const FRESH_MS: i64 = 30_000;

/// The waits before a view that says 'Updating' is read again while it is shown, milliseconds.
const SETTLE_MS: [i32; 4] = [3_000, 6_000, 12_000, 24_000];

/// How a cell stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It has never been read, and is being read now.
    Loading,
    /// The value is as upstream had it a moment ago.
    Fresh,
    /// The value is older and is being read again.
    Stale,
    /// Reading failed; the value, if there is one, is of before.
    Failed(Failure),
}

/// What a component sees of one query. Copies show the same.
#[derive(Clone)]
pub struct Cell {
    /// The value; `None` until it has been read once.
    pub view: ArcRwSignal<Option<Arc<View>>>,
    /// How it stands.
    pub status: ArcRwSignal<Status>,
}

/// One query's cell and its bookkeeping.
struct Entry {
    query: Query,
    cell: Cell,
    /// How many components show it.
    users: usize,
    /// When it was last read, by the browser's clock.
    read_at: i64,
    /// The answer it was read from: an equal one changes nothing on the page.
    text: String,
    /// Counts the requests, so that an answer overtaken by a later one is dropped.
    asked: u32,
    /// Whether the latest request has no answer yet.
    under_way: bool,
}

/// The few queries that a visit makes, searched one by one: a map would cost the bundle more
/// than it saves.
#[derive(Default)]
struct Entries(Vec<Entry>);

impl Entries {
    fn find(&self, query: &Query) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.query == *query)
    }

    fn find_mut(&mut self, query: &Query) -> Option<&mut Entry> {
        self.0.iter_mut().find(|entry| entry.query == *query)
    }

    fn find_or_new(&mut self, query: &Query) -> &mut Entry {
        let known = self.0.iter().position(|entry| entry.query == *query);
        let at = known.unwrap_or_else(|| {
            self.0.push(Entry::new(query));
            self.0.len() - 1
        });
        &mut self.0[at]
    }
}

struct Inner {
    backend: Backend,
    /// How answers are read: [`View::read_first`] until the rest of the portal is there.
    reader: std::cell::Cell<Reader>,
    entries: RefCell<Entries>,
    /// Whether the server said that the session is over.
    ended: ArcRwSignal<bool>,
}

/// All cells of one portal. Copies are handles to the same cells.
#[derive(Clone, Copy)]
pub struct Data(StoredValue<Rc<Inner>, LocalStorage>);

impl Data {
    /// Cells over `backend`, offered as context. They read again on focus until the current
    /// owner is disposed of.
    pub fn provide(backend: Backend) -> Data {
        let inner = Rc::new(Inner {
            backend,
            reader: std::cell::Cell::new(View::read_first),
            entries: RefCell::default(),
            ended: ArcRwSignal::new(false),
        });
        let data = Data(StoredValue::new_local(inner));
        let listener = window_event_listener(ev::focus, move |_| data.revalidate());
        on_cleanup(move || listener.remove());
        provide_context(data);
        data
    }

    /// The data of this portal.
    pub fn expect() -> Data {
        expect_context()
    }

    /// Reads answers by `reader` from now on.
    pub fn read_with(self, reader: Reader) {
        // The rest may come when the portal has left the page.
        let _ = self.0.try_with_value(|inner| inner.reader.set(reader));
    }

    /// The transport, for what is no query.
    pub fn backend(self) -> Backend {
        self.0.with_value(|inner| inner.backend.clone())
    }

    /// Whether the session is over.
    pub fn ended(self) -> ArcRwSignal<bool> {
        self.0.with_value(|inner| inner.ended.clone())
    }

    /// The cell of `query`, in use until the current owner is disposed of. Read now unless it
    /// is fresh.
    pub fn open(self, query: Query) -> Cell {
        let inner = self.0.get_value();
        let (cell, due) = inner.enter(&query);
        if due {
            spawn_local(load(inner, query.clone()));
        }
        on_cleanup(move || self.leave(&query));
        cell
    }

    /// What is held of `query` now, without reading or tracking it.
    pub fn held(self, query: &Query) -> Option<Arc<View>> {
        let inner = self.0.try_get_value()?;
        let entries = inner.entries.borrow();
        entries.find(query)?.cell.view.get_untracked()
    }

    /// The view of `query`: what is held and fresh, or else read now. `None` where it cannot be.
    pub async fn once(self, query: Query) -> Option<Arc<View>> {
        let inner = self.0.try_get_value()?;
        let held = self.held(&query);
        let old = inner
            .entries
            .borrow()
            .find(&query)
            .is_none_or(Entry::is_old);
        if held.is_none() || old {
            load(inner, query.clone()).await;
        }
        self.held(&query)
    }

    /// Reads `query` again, now.
    pub fn reload(self, query: Query) {
        let inner = self.0.get_value();
        spawn_local(load(inner, query));
    }

    /// Throws away what `stale` names and nobody shows, reads the rest again, and answers when
    /// that is done: whether any of it still says 'Updating'.
    pub async fn reread(self, stale: &[Resource]) -> bool {
        let Some(inner) = self.0.try_get_value() else {
            return false;
        };
        let named: Vec<Query> = {
            let mut entries = inner.entries.borrow_mut();
            entries
                .0
                .retain(|entry| entry.users > 0 || !view::belongs(&entry.query, stale));
            let all = entries.0.iter().map(|entry| &entry.query);
            all.filter(|query| view::belongs(query, stale))
                .cloned()
                .collect()
        };
        let loads = named.iter().map(|query| load(inner.clone(), query.clone()));
        futures_util::future::join_all(loads).await;
        let entries = inner.entries.borrow();
        named
            .iter()
            .filter_map(|query| entries.find(query))
            .any(|entry| {
                let view = entry.cell.view.get_untracked();
                view.is_some_and(|view| view.is_updating())
            })
    }

    /// Says that the server has ended the session.
    pub fn end_session(self) {
        if let Some(inner) = self.0.try_get_value() {
            inner.ended.set(true);
        }
    }

    /// Ends the session on the server and goes to `shop`. A session that has ended already is
    /// as good; without an answer the customer stays, and the page says so.
    pub fn sign_out(self, shop: String, announcer: Announcer) {
        let answer = self.backend().send(Request::SignOut);
        spawn_local(async move {
            match answer.await {
                Err(failure) if !is_session_end(&failure) => {
                    announcer.announce(t::trouble_sign_out());
                }
                // Replaced, so that Back does not come here again.
                _ => drop(window().location().replace(&shop)),
            }
        });
    }

    fn leave(self, query: &Query) {
        if let Some(inner) = self.0.try_get_value()
            && let Some(entry) = inner.entries.borrow_mut().find_mut(query)
        {
            entry.users = entry.users.saturating_sub(1);
        }
    }

    fn revalidate(self) {
        let Some(inner) = self.0.try_get_value() else {
            return;
        };
        let old = |entry: &Entry| entry.users > 0 && entry.is_old();
        let due: Vec<Query> = {
            let entries = inner.entries.borrow();
            let old = entries.0.iter().filter(|entry| old(entry));
            old.map(|entry| entry.query.clone()).collect()
        };
        for query in due {
            spawn_local(load(inner.clone(), query));
        }
    }
}

impl Entry {
    fn new(query: &Query) -> Entry {
        Entry {
            query: query.clone(),
            cell: Cell {
                view: ArcRwSignal::new(None),
                status: ArcRwSignal::new(Status::Loading),
            },
            users: 0,
            read_at: 0,
            text: String::new(),
            asked: 0,
            under_way: false,
        }
    }

    fn is_old(&self) -> bool {
        !self.under_way && self.read_at + FRESH_MS < clock::now_ms()
    }
}

impl Inner {
    /// The cell of `query`, now with one user more, and whether it has to be read.
    fn enter(&self, query: &Query) -> (Cell, bool) {
        let mut entries = self.entries.borrow_mut();
        let entry = entries.find_or_new(query);
        entry.users += 1;
        let due = entry.is_old();
        // From now on: whoever opens it before the request has left finds it under way.
        entry.under_way |= due;
        (entry.cell.clone(), due)
    }

    /// Notes that `query` is asked for, and answers with the number of the request.
    fn begin(&self, query: &Query) -> u32 {
        let mut entries = self.entries.borrow_mut();
        let entry = entries.find_or_new(query);
        entry.asked += 1;
        entry.under_way = true;
        let asked = entry.asked;
        let cell = entry.cell.clone();
        drop(entries);
        let known = cell.view.with_untracked(Option::is_some);
        cell.status.set(if known {
            Status::Stale
        } else {
            Status::Loading
        });
        asked
    }

    /// Whether `query` is shown and says 'Updating', by the answer to the latest request `asked`.
    fn is_settling(&self, query: &Query, asked: u32) -> bool {
        let entries = self.entries.borrow();
        let latest = entries.find(query).filter(|entry| entry.asked == asked);
        latest.is_some_and(|entry| {
            let view = entry.cell.view.get_untracked();
            entry.users > 0 && view.is_some_and(|view| view.is_updating())
        })
    }

    /// Takes an answer over, unless a later request overtook it.
    fn finish(&self, query: &Query, asked: u32, answer: Result<String, Failure>) {
        let mut entries = self.entries.borrow_mut();
        let Some(entry) = entries.find_mut(query).filter(|entry| entry.asked == asked) else {
            return;
        };
        entry.under_way = false;
        let cell = entry.cell.clone();
        let read = match answer {
            Ok(text) if text == entry.text => Ok(None),
            Ok(text) => self.reader.get()(query, &text).map(|view| {
                entry.text = text;
                Some(Arc::new(view))
            }),
            Err(failure) => Err(failure),
        };
        if read.is_ok() {
            entry.read_at = clock::now_ms();
        }
        // Setting a signal runs whoever shows it, and they may come back here.
        drop(entries);
        match read {
            Ok(view) => {
                if view.is_some() {
                    cell.view.set(view);
                }
                cell.status.set(Status::Fresh);
            }
            Err(failure) => {
                if is_session_end(&failure) {
                    self.ended.set(true);
                }
                cell.status.set(Status::Failed(failure));
            }
        }
    }
}

/// Whether a failure means that the session is over.
pub fn is_session_end(failure: &Failure) -> bool {
    matches!(failure, Failure::Problem(problem) if problem.kind == ProblemKind::SessionEnded)
}

async fn load(inner: Rc<Inner>, query: Query) {
    let asked = ask(&inner, &query).await;
    if inner.is_settling(&query, asked) {
        spawn_local(settle(inner, query, asked));
    }
}

/// Reads `query` once, and answers with the number of the request.
async fn ask(inner: &Inner, query: &Query) -> u32 {
    let asked = inner.begin(query);
    let answer = inner.backend.send(Request::Read(query.clone())).await;
    inner.finish(query, asked, answer);
    asked
}

/// Reads a view again until it no longer says 'Updating'; a later request takes this over.
async fn settle(inner: Rc<Inner>, query: Query, mut asked: u32) {
    for wait in SETTLE_MS {
        task::sleep(wait).await;
        if !inner.is_settling(&query, asked) {
            return;
        }
        asked = ask(&inner, &query).await;
    }
}
