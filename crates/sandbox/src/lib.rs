//! A Recharge store in memory.
//!
//! It answers the calls of the Recharge API 2021-11 from rows of its own: charges are
//! forecast, merged, regenerated late, paid, refused and retried as time passes; lists
//! come in pages; errors have upstream's shapes and words. Portals are developed,
//! demonstrated and tested against it.
//!
//! [`Store`] is the whole of it: a call and the time in, an answer out. It never reads a clock
//! itself. With the feature `server`, `server` serves it over HTTP.
//!
//! From our other crates the store takes dates and money only: every field is written here by hand,
//! so that a wrong name in the types of the API fails a test instead of canceling out.

mod bucket;
mod call;
mod charges;
mod clock;
mod confine;
mod credits;
mod discounts;
mod errors;
mod events;
mod faults;
mod hosted;
mod incoming;
mod paging;
mod pictures;
mod postal;
mod routes;
mod rows;
mod scenario;
mod schedule;
mod serialise;
mod settings;
mod skip;
mod store;
mod tick;
mod webhooks;

#[cfg(feature = "server")]
pub mod server;

pub use call::{Answer, Call};
pub use faults::{Effect, Fault};
pub use scenario::Scenario;
pub use settings::{Process, Settings, Shapes};
pub use store::{LogEntry, Person, Store};
pub use webhooks::WebhookCall;
