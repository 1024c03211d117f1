//! The clock, the zone and the randomness of a real machine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base::{BoxFuture, Date};
use gateway::Env;
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;

/// The system's clock in the store's zone.
#[derive(Debug, Clone)]
pub struct SystemEnv {
    zone: TimeZone,
}

impl SystemEnv {
    /// A clock that shows the store's `zone`.
    pub fn new(zone: TimeZone) -> SystemEnv {
        SystemEnv { zone }
    }
}

impl Env for SystemEnv {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now_ms(&self) -> i64 {
        // A clock before 1970 counts as 1970: every session and link then lies in the future
        // and is refused.
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis() as i64)
    }

    fn local(&self, at_ms: i64) -> (Date, u16) {
        let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = self.zone.to_datetime(at);
        let (year, month, day) = (local.year(), local.month(), local.day());
        let date = Date::new(year.into(), month as u32, day as u32);
        let minute = local.hour() as u16 * 60 + local.minute() as u16;
        (date.unwrap_or(Date::from_days(0)), minute)
    }

    fn instant(&self, date: Date, minute: u16) -> i64 {
        let midnight = civil::Date::new(date.year() as i16, date.month() as i8, date.day() as i8);
        midnight
            .map(|day| day.at((minute / 60) as i8, (minute % 60) as i8, 0, 0))
            .and_then(|local| self.zone.to_timestamp(local))
            .map_or(0, |at| at.as_millisecond())
    }

    fn zone(&self) -> String {
        self.zone.iana_name().unwrap_or("UTC").into()
    }

    fn sleep(&self, ms: u64) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(Duration::from_millis(ms)))
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // Without randomness no session is safe: the request fails instead.
        #[expect(clippy::expect_used, reason = "there is nothing safe to go on with")]
        getrandom::fill(&mut bytes).expect("the operating system has randomness");
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_york() -> SystemEnv {
        SystemEnv::new(TimeZone::get("America/New_York").unwrap())
    }

    #[test]
    fn the_day_is_the_stores_not_utcs() {
        let late_evening = 1_772_325_000_000; // 2026-03-01T00:30Z
        let (date, minute) = new_york().local(late_evening);
        assert_eq!(
            (date, minute),
            (Date::new(2026, 2, 28).unwrap(), 19 * 60 + 30)
        );
    }

    #[test]
    fn instant_is_the_inverse_of_local() {
        let env = new_york();
        let date = Date::new(2026, 7, 14).unwrap();
        assert_eq!(env.local(env.instant(date, 17 * 60)), (date, 17 * 60));
    }

    #[test]
    fn an_hour_that_summer_time_leaves_out_is_still_an_instant() {
        let env = new_york();
        let date = Date::new(2026, 3, 8).unwrap();
        assert_eq!(
            env.local(env.instant(date, 2 * 60 + 30)),
            (date, 3 * 60 + 30)
        );
    }
}
