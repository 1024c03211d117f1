//! What one signed-in customer may do.
//!
//! The [`Gateway`] stands between a customer's requests and a store's upstream that would obey
//! anything: it decides whose things may be seen and changed, carries each change out exactly
//! once, and makes the views that the browser gets. It runs in the middleware over HTTPS, and in
//! mock mode in the browser over the sandbox: the same code.

mod actions;
mod actor;
mod announcements;
mod bounded;
mod card_setup;
mod counts;
mod engine;
mod entry;
mod env;
mod gateway;
mod hand_over;
mod journal;
mod mailer;
mod metafield;
mod model;
mod plan;
mod policy;
mod preview;
mod projection;
mod read;
mod refusals;
mod reports;
mod rules;
mod scopes;
mod segment;
mod stale_views;
mod support;
#[cfg(feature = "testing")]
pub mod testing;
mod upstream;
mod verification;
mod views;

#[cfg(feature = "testing")]
pub use actions::sample;
pub use actions::{Row, row};
pub use actor::Actor;
pub use counts::Counts;
pub use entry::{AccountLabel, Lookup};
pub use env::Env;
pub use gateway::{Caller, Gateway};
pub use journal::{Begun, Entry, EntryState, Journal, JournalError, MemoryJournal, Turn};
pub use mailer::{Email, MailError, Mailer};
pub use model::code::{new_code, read_code};
pub use policy::{
    AnnouncementPolicy, Audience, CancellationPolicy, ClosedDays, LockPolicy, Policy, ProductList,
    ProductLists, ShippingRate, StepUp,
};
pub use read::Reading;
pub use reports::ReportedChange;
pub use scopes::{HAND_OVER_SCOPE, scopes};
pub use segment::{Bounds, Segment};
pub use upstream::optional::optional_reads;
