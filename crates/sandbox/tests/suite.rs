//! What the sandbox promises, shown from outside.

#[path = "suite/actions.rs"]
mod actions;
#[path = "suite/beside.rs"]
mod beside;
#[path = "suite/bulk.rs"]
mod bulk;
#[path = "suite/changing.rs"]
mod changing;
#[path = "suite/clients.rs"]
mod clients;
#[path = "suite/discounts.rs"]
mod discounts;
#[cfg(feature = "server")]
#[path = "suite/http.rs"]
mod http;
#[path = "suite/large.rs"]
mod large;
#[path = "suite/model.rs"]
mod model;
#[path = "suite/paying.rs"]
mod paying;
#[path = "suite/queue.rs"]
mod queue;
#[path = "suite/rewards.rs"]
mod rewards;
#[path = "suite/sessions.rs"]
mod sessions;
#[path = "suite/shapes.rs"]
mod shapes;
#[path = "suite/shop.rs"]
mod shop;
#[path = "suite/skipping.rs"]
mod skipping;
#[path = "suite/wording.rs"]
mod wording;
