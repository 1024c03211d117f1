//! Where the customer is.
//!
//! [`Route`] names every place; [`Location`] says how a place is written in the address
//! bar; [`Router`] holds the current one and moves. Components link with
//! `<a href=router.href(&route)>` and need nothing else: one click listener on the
//! portal's own root follows its links.
//!
//! Our own hundred lines instead of `leptos_router`: that costs 10 to 18 kB of the first
//! load, listens on the window, takes over links of the page around the portal, and keeps
//! doing so after unmounting. The portal also runs in a merchant's page, where none of
//! that is tolerable, and one router for both is less to get wrong than two.

mod entry;
mod filter;
mod location;
mod name;
mod route;
mod router;

pub use filter::HistoryFilter;
pub use location::Location;
pub(crate) use location::origin;
pub(crate) use name::section_name;
pub use route::Route;
pub use router::{Arrival, Router};
