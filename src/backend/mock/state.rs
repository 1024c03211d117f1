//! The states that a customer meets when something goes wrong or takes long.

use std::cell::RefCell;
use std::rc::Rc;

use protocol::{Problem, ProblemKind, Query};

use crate::backend::request::Request;
use crate::ui::task;

/// How long a response takes in a slow network, milliseconds.
const SLOW_MS: i32 = 3_000;

/// How the preview answers the portal's requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Everything works.
    Ready,
    /// Nothing arrives: skeletons stay.
    Loading,
    /// Every response takes three seconds.
    Slow,
    /// Pages load, and every change fails on the server.
    ChangesFail,
    /// The store can't be reached: pages show an error.
    Outage,
    /// The connection drops once a page has loaded.
    Offline,
    /// The session is over.
    SessionEnded,
}

impl State {
    /// All of them, in the order in which to offer them.
    pub(super) const ALL: [State; 7] = [
        State::Ready,
        State::Loading,
        State::Slow,
        State::ChangesFail,
        State::Outage,
        State::Offline,
        State::SessionEnded,
    ];

    /// Its name in an address.
    pub(super) fn name(self) -> &'static str {
        match self {
            State::Ready => "ready",
            State::Loading => "loading",
            State::Slow => "slow",
            State::ChangesFail => "changes-fail",
            State::Outage => "outage",
            State::Offline => "offline",
            State::SessionEnded => "session-ended",
        }
    }
}

/// What has been read so far, for a connection that drops after that.
#[derive(Clone, Default)]
pub(super) struct Loaded(Rc<RefCell<Vec<Query>>>);

impl Loaded {
    /// Whether `query` is read for the first time.
    fn is_first(&self, query: &Query) -> bool {
        let mut loaded = self.0.borrow_mut();
        let is_first = !loaded.contains(query);
        if is_first {
            loaded.push(query.clone());
        }
        is_first
    }
}

/// Waits for as long as `state` says, and fails where `request` fails in it.
///
/// # Errors
/// The problem that the portal gets in place of a reply; `None` where none arrives.
pub(super) async fn pass(
    state: State,
    request: &Request,
    loaded: &Loaded,
) -> Result<(), Option<Problem>> {
    let problem = |kind: ProblemKind, title: &str| Err(Some(Problem::new(kind, title)));
    let is_session = matches!(request, Request::Read(Query::Session));
    match (state, request) {
        (State::Loading, _) => std::future::pending().await,
        (State::Slow, _) => {
            task::sleep(SLOW_MS).await;
            Ok(())
        }
        (State::ChangesFail, Request::Change { .. } | Request::CardSetup { .. }) => {
            problem(ProblemKind::Internal, "The preview fails every change.")
        }
        (State::Outage, _) if !is_session => {
            problem(ProblemKind::Unavailable, "The preview plays an outage.")
        }
        (State::Offline, Request::Read(query)) if loaded.is_first(query) => Ok(()),
        (State::Offline, _) => Err(None),
        (State::SessionEnded, _) if !is_session => {
            problem(ProblemKind::SessionEnded, "The preview has no session.")
        }
        _ => Ok(()),
    }
}
