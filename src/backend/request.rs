//! What the portal asks for, and what comes back.

use std::pin::Pin;

use protocol::{Problem, ProblemKind, Query, Sendable};

/// What the portal asks for.
#[derive(Debug, Clone)]
pub enum Request {
    /// A view.
    Read(Query),
    /// A change, once for its key.
    Change {
        /// The idempotency key, a UUID.
        key: String,
        /// What is to be changed.
        intent: Sendable,
    },
    /// What an intent would do, answered with a [`Preview`](protocol::view::Preview).
    Preview(Sendable),
    /// What the processor's card fields need to confirm a card: the same for the same key.
    CardSetup {
        /// The idempotency key, a UUID.
        key: String,
    },
    /// What is neither a view nor a change: a path below the base, and the JSON to send there.
    Post(&'static str, String),
    /// The end of the session on the server.
    SignOut,
    /// The end of all the customer's sessions, answered with a
    /// [`SignedOut`](protocol::view::SignedOut).
    SignOutEverywhere,
}

/// Why there is no answer that could be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server said what is wrong.
    Problem(Box<Problem>),
    /// No answer came: no connection, a timeout, or something in between answered instead.
    Lost,
}

impl Failure {
    /// Whether the session is over.
    pub fn is_session_end(&self) -> bool {
        matches!(self, Failure::Problem(problem) if problem.kind == ProblemKind::SessionEnded)
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// The JSON of a view or of an outcome.
    pub text: String,
    /// How old it is, where the server could not read it anew, milliseconds.
    pub age_ms: i64,
}

/// The answer to come.
pub type Answer = Pin<Box<dyn Future<Output = Result<Reply, Failure>>>>;
