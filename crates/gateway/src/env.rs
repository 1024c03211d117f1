//! Time, sleep and randomness, injected so that tests set them by hand and the browser has its own.

use recharge::{BoxFuture, Date, Shared};

/// The world outside.
pub trait Env: Shared {
    /// Milliseconds since 1970-01-01T00:00Z.
    fn now_ms(&self) -> i64;

    /// The day and the minutes after midnight of an instant, in the store's zone.
    fn local(&self, at_ms: i64) -> (Date, u16);

    /// The instant of a day and minutes after midnight in the store's zone.
    fn instant(&self, date: Date, minute: u16) -> i64;

    /// Waits.
    fn sleep(&self, ms: u64) -> BoxFuture<'static, ()>;

    /// Unguessable random bytes.
    fn random(&self) -> [u8; 16];
}
