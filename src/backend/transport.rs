//! The way from the portal to a Gateway.

use std::cell::Cell;

use super::clock;
use super::http::Http;

#[cfg(feature = "mock")]
use super::mock;
use super::request::{Answer, Failure, Request};

thread_local! {
    static USED_MS: Cell<i64> = const { Cell::new(0) };
}

/// When the session was last used, as far as this page knows: when it sent the last request that
/// the server answered. Milliseconds of the browser's clock.
pub fn session_used_ms() -> i64 {
    USED_MS.get()
}

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
        let sent_ms = clock::now_ms();
        let answer = match self {
            Backend::Http(http) => http.send(request),
            #[cfg(feature = "mock")]
            Backend::Mock(mock) => mock.send(request),
        };
        Box::pin(async move {
            let answer = answer.await;
            let is_used = |failure: &Failure| {
                matches!(failure, Failure::Problem(_)) && !failure.is_session_end()
            };
            if answer.as_ref().err().is_none_or(is_used) {
                USED_MS.set(sent_ms);
            }
            answer
        })
    }
}
