//! What the sandbox promises, shown from outside.

mod actions;
mod beside;
mod bulk;
mod changing;
mod clients;
mod discounts;
#[cfg(feature = "server")]
mod http;
mod large;
mod model;
mod paying;
mod queue;
mod rewards;
mod sessions;
mod shapes;
mod shop;
mod skipping;
mod wording;
