//! The Recharge API, version 2021-11, as types: what upstream answers, the requests
//! a portal makes, its errors, its calendar and its money.
//!
//! Types only deserialise and are lenient: only `id` is required, everything else has
//! a default, `Option` stands only where null means something.

pub mod calendar;
mod id;
pub mod money;
mod open_enum;
mod transport;

pub use calendar::{Date, Interval, Unit};
pub use id::*;
pub use money::{Currency, Money};
pub use transport::*;
