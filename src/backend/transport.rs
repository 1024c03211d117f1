//! The way from the portal to a Gateway.

use super::http::Http;

#[cfg(feature = "mock")]
use super::mock;
use super::request::Answer;
use super::request::Request;

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
