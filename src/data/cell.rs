//! One query's value, how it stands, and the bookkeeping around it.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{ProblemKind, Query};

use super::view::View;
use crate::backend::{Failure, clock};

/// How old a value may be before it is read again when the window gets the focus, milliseconds.
const FRESH_MS: i64 = 30_000;

/// How a cell stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It has never been read, and is being read now.
    Loading,
    /// The value is as upstream had it a moment ago.
    Fresh,
    /// The value is older and is being read again.
    Stale,
    /// The server could not read it anew, and answered with an older value.
    Old,
    /// Reading failed; the value, if there is one, is of before.
    Failed(Failure),
}

impl Status {
    /// Whether there was trouble that may be over with the next reading.
    pub(super) fn is_trouble(&self) -> bool {
        match self {
            Status::Old | Status::Failed(Failure::Lost) => true,
            Status::Failed(Failure::Problem(problem)) => matches!(
                problem.kind,
                ProblemKind::Unavailable
                    | ProblemKind::TooManyRequests
                    | ProblemKind::Upstream
                    | ProblemKind::Internal
            ),
            _ => false,
        }
    }
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
pub(super) struct Entry {
    /// What it answers.
    pub(super) query: Query,
    /// What components see.
    pub(super) cell: Cell,
    /// How many components show it.
    pub(super) users: usize,
    /// Of when the value is, by the browser's clock.
    pub(super) read_at: i64,
    /// The answer it was read from: an equal one changes nothing on the page.
    pub(super) text: String,
    /// Counts the requests, so that an answer overtaken by a later one is dropped.
    pub(super) asked: u32,
    /// Whether the latest request has no answer yet.
    pub(super) under_way: bool,
}

/// The few queries that a visit makes, searched one by one: a map would cost the bundle more
/// than it saves.
#[derive(Default)]
pub(super) struct Entries(pub(super) Vec<Entry>);

impl Entries {
    pub(super) fn find(&self, query: &Query) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.query == *query)
    }

    pub(super) fn find_mut(&mut self, query: &Query) -> Option<&mut Entry> {
        self.0.iter_mut().find(|entry| entry.query == *query)
    }

    pub(super) fn find_or_new(&mut self, query: &Query) -> &mut Entry {
        let known = self.0.iter().position(|entry| entry.query == *query);
        let at = known.unwrap_or_else(|| {
            self.0.push(Entry::new(query));
            self.0.len() - 1
        });
        &mut self.0[at]
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

    pub(super) fn is_old(&self) -> bool {
        !self.under_way && self.read_at + FRESH_MS < clock::now_ms()
    }
}
