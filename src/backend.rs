//! The portal's one way out: reads and changes go to a middleware over HTTP, or, in the preview,
//! to a Gateway in the browser.

pub mod clock;
mod http;
#[cfg(feature = "mock")]
pub mod mock;
pub mod tokeniser;

use std::future::Future;
use std::pin::Pin;

use protocol::{Problem, Query, Sendable};

pub use http::Http;

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
    /// The end of the session on the server.
    SignOut,
}

/// Why there is no answer that could be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server said what is wrong.
    Problem(Box<Problem>),
    /// No answer came: no connection, a timeout, or something in between answered instead.
    Lost,
}

/// The answer to come: the JSON of a view or of an outcome.
pub type Answer = Pin<Box<dyn Future<Output = Result<String, Failure>>>>;

/// A transport.
#[derive(Clone)]
pub enum Backend {
    /// A middleware over HTTP.
    Http(Http),
    /// The same Gateway over a store in memory, in the browser.
    #[cfg(feature = "mock")]
    Mock(mock::Mock),
}

impl Backend {
    /// Sends `request` and answers with JSON: the view of a read, the
    /// [`Outcome`](protocol::Outcome) of a change, nothing for signing out.
    ///
    /// # Errors
    /// [`Failure::Problem`] where the server refused it, [`Failure::Lost`] where no answer came;
    /// a change may then have happened or not.
    pub fn send(&self, request: Request) -> Answer {
        match self {
            Backend::Http(http) => http.send(request),
            #[cfg(feature = "mock")]
            Backend::Mock(mock) => mock.send(request),
        }
    }
}
