//! What every crate may use: calendar dates and intervals, money, timestamps, secrets, idempotency
//! keys, hexadecimal text, tables, and futures for a server and a browser alike.

mod calendar;
mod csv;
mod future;
mod hex;
mod idempotency_key;
mod money;
mod secret;
mod timestamp;

pub use calendar::{Date, Interval, NotADate, Unit};
pub use csv::csv_row;
pub use future::{BoxFuture, Shared};
pub use hex::hex;
pub use idempotency_key::idempotency_key;
pub use money::{Currency, Money, NotMoney};
pub use secret::Secret;
pub use timestamp::Timestamp;
