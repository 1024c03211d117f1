//! The cells of all queries: read, read again, and thrown away.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::view::Session;
use protocol::{CustomerId, Query, Resource};

use super::cell::{Cell, Entries, Entry, Status};
use super::view::{InView, Reader, View};
use super::{session, view};
use crate::backend::{Backend, Failure, Reply, Request, clock};
use crate::i18n::t;
use crate::ui::{Announcer, task};

/// The waits before a view that says 'Updating', or could not be read, is read again while it is
/// shown, milliseconds.
const SETTLE_MS: [i32; 4] = [3_000, 6_000, 12_000, 24_000];

/// The wait after those, for a view that could not be read.
const RECOVER_MS: i32 = 30_000;

struct Inner {
    backend: Backend,
    /// How answers are read: [`View::read_first`] until the rest of the portal is there.
    reader: std::cell::Cell<Reader>,
    entries: RefCell<Entries>,
    /// Whether the server said that the session is over.
    ended: ArcRwSignal<bool>,
    /// How many other sessions the customer has ended, where they signed out everywhere: set before
    /// `ended`, and looked at after it.
    signed_out: std::cell::Cell<Option<u64>>,
}

thread_local! {
    /// The cells that portals of this document show, and where their middleware is served.
    static SHARED: RefCell<(String, Weak<Inner>)> = const { RefCell::new((String::new(), Weak::new())) };
}

/// The cells that a portal shows: those of one middleware are shared by all portals of a document.
/// Copies are handles to the same cells.
#[derive(Clone, Copy)]
pub struct Data(StoredValue<Rc<Inner>, LocalStorage>);

impl Data {
    /// The cells of the middleware at `base`, offered as context: those of the portals that are in
    /// the document already, or new ones over `backend`. They read again on focus and when the
    /// browser is online again, until the current owner is disposed of.
    pub fn provide(base: &str, backend: impl FnOnce() -> Backend) -> Data {
        let inner = SHARED.with_borrow_mut(|(shared, cells)| {
            // A portal that is opened after a session has ended begins with another one.
            let can_share = |inner: &Rc<Inner>| shared == base && !inner.ended.get_untracked();
            let known = cells.upgrade().filter(can_share);
            known.unwrap_or_else(|| {
                let inner = Rc::new(Inner {
                    backend: backend(),
                    reader: std::cell::Cell::new(View::read_first),
                    entries: RefCell::default(),
                    ended: ArcRwSignal::new(false),
                    signed_out: std::cell::Cell::new(None),
                });
                (*shared, *cells) = (base.to_owned(), Rc::downgrade(&inner));
                inner
            })
        });
        let data = Data(StoredValue::new_local(inner));
        let focus = window_event_listener(ev::focus, move |_| data.revalidate());
        let online = window_event_listener(ev::online, move |_| data.revalidate());
        on_cleanup(move || {
            focus.remove();
            online.remove();
        });
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

    /// How many other sessions the customer has ended by signing out everywhere; `None` where the
    /// session did not end by that.
    pub fn signed_out(self) -> Option<u64> {
        self.0.with_value(|inner| inner.signed_out.get())
    }

    /// The customer has signed out everywhere, which ended so many other sessions.
    pub fn end_by_signing_out(self, others: u64) {
        self.0
            .with_value(|inner| inner.signed_out.set(Some(others)));
        self.end_session();
    }

    /// Whether the session is over, or the portal gone, without tracking it.
    pub fn is_over(self) -> bool {
        let inner = self.0.try_get_value();
        inner.is_none_or(|inner| inner.ended.get_untracked())
    }

    /// The cell of `query`, in use until the current owner is disposed of. Read now unless it
    /// is fresh.
    pub fn open(self, query: Query) -> Cell {
        let inner = self.0.get_value();
        let (cell, due) = inner.enter(&query);
        if due {
            let is_new = cell.view.with_untracked(Option::is_none);
            spawn_local(load(inner, query.clone(), is_new));
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
            load(inner, query.clone(), false).await;
        }
        self.held(&query)
    }

    /// Reads `query` again, now, and shows it.
    pub fn reload(self, query: Query) {
        let inner = self.0.get_value();
        spawn_local(load(inner, query, true));
    }

    /// Reads everything that is shown again and forgets the rest. A session that has begun since the
    /// last one ended is taken over; where it is another customer's, nothing of the one before
    /// stays.
    pub fn refresh(self) {
        let inner = self.0.get_value();
        spawn_local(async move {
            let before = self.customer();
            load(inner.clone(), Query::Session, true).await;
            if self.customer() != before {
                inner.forget();
            }
            let shown: Vec<Query> = {
                let mut entries = inner.entries.borrow_mut();
                entries.0.retain(|entry| entry.users > 0);
                let is_known = |entry: &Entry| {
                    let failed = |status: &Status| matches!(status, Status::Failed(_));
                    !entry.cell.status.with_untracked(failed)
                };
                if !entries.find(&Query::Session).is_some_and(is_known) {
                    return;
                }
                let all = entries.0.iter().map(|entry| entry.query.clone());
                all.filter(|query| *query != Query::Session).collect()
            };
            if inner.ended.get_untracked() {
                inner.signed_out.set(None);
                inner.ended.set(false);
            }
            for query in shown {
                spawn_local(load(inner.clone(), query, true));
            }
        });
    }

    /// The customer who is here, as soon as that is known.
    pub fn customer(self) -> Option<CustomerId> {
        let session = self.held(&Query::Session)?;
        Session::of(&session).map(|session| session.customer_id)
    }

    /// Of when the value of `query` is, by the browser's clock.
    pub fn read_at(self, query: &Query) -> i64 {
        let inner = self.0.get_value();
        let entries = inner.entries.borrow();
        entries.find(query).map_or(0, |entry| entry.read_at)
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
        let loads = named
            .iter()
            .map(|query| load(inner.clone(), query.clone(), false));
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

    /// Asks whether the session goes on, whatever is held.
    pub async fn recheck_session(self) {
        if let Some(inner) = self.0.try_get_value() {
            load(inner, Query::Session, false).await;
        }
    }

    /// Ends the session on the server, forgets what this tab keeps, and calls `leave` with the
    /// address that signs the customer out where they signed on, if there is one. A session that
    /// has ended already is as good; without an answer the customer stays, and the page says so.
    pub fn sign_out(self, announcer: Announcer, leave: impl FnOnce(Option<String>) + 'static) {
        let answer = self.backend().send(Request::SignOut);
        spawn_local(async move {
            match answer.await {
                Err(failure) if !failure.is_session_end() => {
                    announcer.announce(t::trouble_sign_out());
                }
                answer => {
                    session::forget();
                    leave(answer.ok().and_then(|reply| protocol::read(&reply.text)));
                }
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
        if inner.ended.get_untracked() {
            // They may have signed in again in another tab.
            return self.refresh();
        }
        let old = |entry: &Entry| {
            let is_trouble = || entry.cell.status.with_untracked(Status::is_trouble);
            entry.users > 0 && (entry.is_old() || !entry.under_way && is_trouble())
        };
        let due: Vec<Query> = {
            let mut entries = inner.entries.borrow_mut();
            let old = entries.0.iter_mut().filter(|entry| old(entry));
            // From now on: another portal of the document finds it under way.
            old.map(|entry| {
                entry.under_way = true;
                entry.query.clone()
            })
            .collect()
        };
        for query in due {
            spawn_local(load(inner.clone(), query, false));
        }
    }
}

impl Inner {
    /// The cell of `query`, now with one user more, and whether it has to be read.
    fn enter(&self, query: &Query) -> (Cell, bool) {
        let mut entries = self.entries.borrow_mut();
        let entry = entries.find_or_new(query);
        entry.users += 1;
        // What says that the session is over must not be what keeps it alive on the server.
        let due = entry.is_old() && !self.ended.get_untracked();
        // From now on: whoever opens it before the request has left finds it under way.
        entry.under_way |= due;
        (entry.cell.clone(), due)
    }

    /// Takes everything but the session off the page.
    fn forget(&self) {
        let entries = self.entries.borrow();
        let others = entries
            .0
            .iter()
            .filter(|entry| entry.query != Query::Session);
        let cells: Vec<Cell> = others.map(|entry| entry.cell.clone()).collect();
        drop(entries);
        for cell in cells {
            cell.view.set(None);
        }
        for entry in &mut self.entries.borrow_mut().0 {
            if entry.query != Query::Session {
                entry.text.clear();
            }
        }
    }

    /// Notes that `query` is asked for, and answers with the number of the request. Unless it is
    /// to be shown `visibly`, trouble stays on the page until it is over.
    fn begin(&self, query: &Query, visibly: bool) -> u32 {
        let mut entries = self.entries.borrow_mut();
        let entry = entries.find_or_new(query);
        entry.asked += 1;
        entry.under_way = true;
        let asked = entry.asked;
        let cell = entry.cell.clone();
        drop(entries);
        if visibly || !cell.status.with_untracked(Status::is_trouble) {
            let known = cell.view.with_untracked(Option::is_some);
            cell.status.set(if known {
                Status::Stale
            } else {
                Status::Loading
            });
        }
        asked
    }

    /// The wait before `query` is read again by itself for the `round`th time, by the answer to
    /// the latest request `asked`: while it is shown and says 'Updating', or there was trouble.
    fn settles_in(&self, query: &Query, asked: u32, round: usize) -> Option<i32> {
        let entries = self.entries.borrow();
        let latest = entries.find(query).filter(|entry| entry.asked == asked);
        let entry = latest.filter(|entry| entry.users > 0)?;
        if entry.cell.status.with_untracked(Status::is_trouble) {
            return Some(SETTLE_MS.get(round).copied().unwrap_or(RECOVER_MS));
        }
        let view = entry.cell.view.get_untracked()?;
        SETTLE_MS.get(round).copied().filter(|_| view.is_updating())
    }

    /// Takes an answer over, unless a later request overtook it.
    fn finish(&self, query: &Query, asked: u32, answer: Result<Reply, Failure>) {
        let mut entries = self.entries.borrow_mut();
        let Some(entry) = entries.find_mut(query).filter(|entry| entry.asked == asked) else {
            return;
        };
        entry.under_way = false;
        let cell = entry.cell.clone();
        let age_ms = answer.as_ref().map_or(0, |reply| reply.age_ms);
        let read = match answer {
            Ok(reply) if reply.text == entry.text => Ok(None),
            Ok(reply) => self.reader.get()(query, &reply.text).map(|view| {
                entry.text = reply.text;
                Some(Arc::new(view))
            }),
            Err(failure) => Err(failure),
        };
        if read.is_ok() {
            entry.read_at = clock::now_ms() - age_ms;
        }
        // Setting a signal runs whoever shows it, and they may come back here.
        drop(entries);
        let status = match read {
            Ok(view) => {
                if view.is_some() {
                    cell.view.set(view);
                }
                if age_ms > 0 {
                    Status::Old
                } else {
                    Status::Fresh
                }
            }
            Err(failure) => {
                // Told once: whoever shows it has the focus there.
                if failure.is_session_end() && !self.ended.get_untracked() {
                    self.ended.set(true);
                }
                Status::Failed(failure)
            }
        };
        // What says it already stays as it is, and with it the focus.
        if cell.status.with_untracked(|known| *known != status) {
            cell.status.set(status);
        }
    }
}

async fn load(inner: Rc<Inner>, query: Query, visibly: bool) {
    let asked = ask(&inner, &query, visibly).await;
    if inner.settles_in(&query, asked, 0).is_some() {
        spawn_local(settle(inner, query, asked));
    }
}

/// Reads `query` once, and answers with the number of the request.
async fn ask(inner: &Inner, query: &Query, visibly: bool) -> u32 {
    let asked = inner.begin(query, visibly);
    let answer = inner.backend.send(Request::Read(query.clone())).await;
    inner.finish(query, asked, answer);
    asked
}

/// Reads a view again until it is as upstream has it; a later request takes this over.
async fn settle(inner: Rc<Inner>, query: Query, mut asked: u32) {
    let mut round = 0;
    while let Some(wait) = inner.settles_in(&query, asked, round) {
        task::sleep(wait).await;
        // A page that nobody sees is read again when it is looked at.
        if inner.settles_in(&query, asked, round).is_some() && !document().hidden() {
            asked = ask(&inner, &query, false).await;
        }
        round += 1;
    }
}
