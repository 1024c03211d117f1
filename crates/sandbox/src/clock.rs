//! The store's clock.
//!
//! The core never reads the time: every call brings it, in milliseconds since 1970.
//! Charging happens by the calendar of the US east coast, as upstream's does; standard
//! time all year keeps the arithmetic plain.

use base::Date;

/// Milliseconds in an hour.
pub(crate) const HOUR_MS: i64 = 3_600_000;
/// Milliseconds in a day.
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;

/// How far the store's midnight lies behind UTC's.
const BEHIND_UTC_MS: i64 = 5 * HOUR_MS;

/// The day on the store's calendar at `now_ms`.
pub(crate) fn today(now_ms: i64) -> Date {
    Date::from_unix_ms(now_ms - BEHIND_UTC_MS)
}

/// The instant at which `date` begins for the store.
pub(crate) fn start_of(date: Date) -> i64 {
    i64::from(date.days()) * DAY_MS + BEHIND_UTC_MS
}

/// `2026-03-01T09:31:39`, without an offset, as customers and payment methods show it.
pub(crate) fn stamp_bare(ms: i64) -> String {
    let seconds = ms.div_euclid(1000).rem_euclid(86_400);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!(
        "{}T{hour:02}:{minute:02}:{second:02}",
        Date::from_unix_ms(ms)
    )
}

/// `2026-03-01T09:31:39+00:00`, as most resources show it.
pub(crate) fn stamp(ms: i64) -> String {
    stamp_bare(ms) + "+00:00"
}

/// With microseconds, as a cancellation shows it.
pub(crate) fn stamp_micros(ms: i64) -> String {
    format!("{}.{:06}+00:00", stamp_bare(ms), ms.rem_euclid(1000) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_have_upstreams_three_forms() {
        let ms = 1_646_994_478_637;
        assert_eq!(stamp_bare(ms), "2022-03-11T10:27:58");
        assert_eq!(stamp(ms), "2022-03-11T10:27:58+00:00");
        assert_eq!(stamp_micros(ms), "2022-03-11T10:27:58.637000+00:00");
    }

    #[test]
    fn the_stores_day_begins_five_hours_after_utcs() {
        let date: Date = "2026-03-01".parse().unwrap();
        assert_eq!(today(start_of(date)), date);
        assert_eq!(today(start_of(date) - 1), date.add_days(-1));
    }
}
