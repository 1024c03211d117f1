//! The portal's one way out: reads and changes go to a middleware over HTTP, or, in the preview,
//! to a Gateway in the browser.

pub mod clock;
mod http;
#[cfg(feature = "mock")]
pub mod mock;
mod request;
pub mod tokeniser;
mod transport;

pub use http::Http;
pub use request::{Failure, Reply, Request};
pub use transport::{Backend, session_used_ms};
