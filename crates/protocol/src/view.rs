//! What the middleware answers: views made for one customer, with listed fields only.

mod account;
mod announcement;
mod cancellation;
mod catalogue;
mod changes;
mod delivery;
mod flow;
mod layout;
mod order;
pub(crate) mod preview;
mod rules;
mod session;
pub(crate) mod shared;
mod subscription;
mod verification;

pub use account::*;
pub use announcement::*;
pub use cancellation::*;
pub use catalogue::*;
pub use changes::*;
pub use delivery::*;
pub use flow::*;
pub use layout::*;
pub use order::*;
pub use preview::*;
pub use rules::*;
pub use session::*;
pub use shared::*;
pub use subscription::*;
pub use verification::*;
