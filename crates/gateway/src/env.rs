//! Time, sleep and randomness, injected so that tests set them by hand and the browser has its own.

use base::{BoxFuture, Date, Shared, Timestamp};

/// The world outside.
pub trait Env: Shared {
    /// Milliseconds since 1970-01-01T00:00Z.
    fn now_ms(&self) -> i64;

    /// The day and the minutes after midnight of an instant, in the store's zone.
    fn local(&self, at_ms: i64) -> (Date, u16);

    /// The instant of a day and minutes after midnight in the store's zone.
    fn instant(&self, date: Date, minute: u16) -> i64;

    /// The store's zone by its IANA name.
    fn zone(&self) -> String {
        "UTC".into()
    }

    /// Waits.
    fn sleep(&self, ms: u64) -> BoxFuture<'static, ()>;

    /// Unguessable random bytes.
    fn random(&self) -> [u8; 16];
}

/// The day of a moment in the store's zone; one that does not say its distance from UTC is taken
/// to be written in that zone.
pub(crate) fn day_of(env: &dyn Env, moment: &Timestamp) -> Date {
    moment.unix_ms().map_or(moment.date(), |ms| env.local(ms).0)
}
