//! Where the customer is.
//!
//! [`Route`] names every place; `Location` says how a place is written in the address
//! bar; [`Router`] holds the current one and moves. Components link with
//! `<a href=router.href(&route)>` and need nothing else: one click listener on the
//! portal's own root follows its links.
//!
//! On our own page leptos_router writes the address. It listens on the window, takes over links of
//! the page around the portal, and does so after unmounting too, so it never runs in a merchant's
//! page.

mod entry;
mod filter;
mod location;
mod name;
mod own_page;
mod part;
mod route;
mod router;
mod words;

pub use filter::HistoryFilter;
pub(crate) use location::Location;
pub(crate) use name::section_name;
pub(crate) use own_page::keep_address;
pub use part::Part;
pub use route::Route;
pub use router::{Arrival, Router};
