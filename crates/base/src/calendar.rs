//! Calendar dates and delivery intervals.
//!
//! A delivery date is a day on a calendar, never an instant: it has no zone and
//! no clock, and nothing here can shift it by one. Written by hand because a
//! date crate costs the browser five times as much as these lines.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day of the proleptic Gregorian calendar, stored as days since 1970-01-01, in the years 0
/// to 9999: those that can be written. Arithmetic beyond them stops at the first or last day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The first day there is, 0000-01-01.
    pub const MIN: Date = Date(-719_528);
    /// The last day there is, 9999-12-31.
    pub const MAX: Date = Date(2_932_896);

    /// The day `day` of `month` (1 to 12) in `year`; `None` if there is no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        let valid = (0..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        valid.then(|| Date(days_from_civil(year, month, day)))
    }

    /// The day that lies `days` after 1970-01-01.
    pub fn from_days(days: i32) -> Date {
        Date(days).clamp(Date::MIN, Date::MAX)
    }

    /// The day, in UTC, of an instant in milliseconds since 1970-01-01T00:00Z.
    pub fn from_unix_ms(ms: i64) -> Date {
        let days = ms
            .div_euclid(86_400_000)
            .clamp(i64::from(i32::MIN), i64::from(i32::MAX));
        Date::from_days(days as i32)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// The year.
    pub fn year(self) -> i32 {
        civil_from_days(self.0).0
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        civil_from_days(self.0).1
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u32 {
        civil_from_days(self.0).2
    }

    /// The day of the week, 0 for Monday to 6 for Sunday, as Recharge counts.
    pub fn weekday(self) -> u32 {
        (self.0 + 3).rem_euclid(7) as u32
    }

    /// The day `days` later (earlier when negative).
    pub fn add_days(self, days: i32) -> Date {
        Date::from_days(self.0.saturating_add(days))
    }

    /// The same day `months` later; the last day of the month where that month is shorter.
    pub fn add_months(self, months: i32) -> Date {
        let (year, month, day) = civil_from_days(self.0);
        let index = (year * 12 + month as i32 - 1).saturating_add(months);
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12) as u32 + 1);
        match year {
            ..0 => Date::MIN,
            0..=9999 => Date(days_from_civil(
                year,
                month,
                day.min(days_in_month(year, month)),
            )),
            _ => Date::MAX,
        }
    }

    /// The day of the same month with this number, or the month's last day.
    pub fn on_day(self, day: u32) -> Date {
        let last = days_in_month(self.year(), self.month());
        let ahead = day.clamp(1, last) as i32 - self.day() as i32;
        self.add_days(ahead)
    }

    /// How many days from `self` to `other`; negative when `other` is earlier.
    pub fn days_until(self, other: Date) -> i32 {
        other.0 - self.0
    }

    /// The date at the front of an upstream timestamp (`2026-03-01`, `2026-03-01T04:00:00+00:00`),
    /// whose clock and zone say nothing reliable.
    pub fn from_prefix(text: &str) -> Option<Date> {
        text.get(..10)?.parse().ok()
    }
}

/// The text is not a date of the form `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotADate;

impl fmt::Display for NotADate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date of the form YYYY-MM-DD")
    }
}

impl std::error::Error for NotADate {}

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Date, NotADate> {
        let bytes = text.as_bytes();
        let well_formed = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, b)| match i {
                4 | 7 => *b == b'-',
                _ => b.is_ascii_digit(),
            });
        if !well_formed {
            return Err(NotADate);
        }
        let number =
            |range: std::ops::Range<usize>| text[range].parse::<u32>().map_err(|_| NotADate);
        Date::new(number(0..4)? as i32, number(5..7)?, number(8..10)?).ok_or(NotADate)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The unit in which an interval counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Days.
    Day,
    /// Weeks of seven days.
    Week,
    /// Calendar months.
    Month,
}

/// "Every 4 weeks".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// The unit.
    pub unit: Unit,
    /// How many units; at least 1.
    pub every: u32,
}

impl Interval {
    /// The date `times` intervals after `start`. Months are counted from `start` each time,
    /// so that the 31st stays the 31st after a short month.
    ///
    /// ```
    /// use base::{Date, Interval, Unit};
    ///
    /// let monthly = Interval { unit: Unit::Month, every: 1 };
    /// let start: Date = "2026-01-31".parse()?;
    /// assert_eq!(monthly.after(start, 1).to_string(), "2026-02-28");
    /// assert_eq!(monthly.after(start, 2).to_string(), "2026-03-31");
    /// # Ok::<(), base::NotADate>(())
    /// ```
    pub fn after(self, start: Date, times: u32) -> Date {
        let count = i32::try_from(self.every.saturating_mul(times)).unwrap_or(i32::MAX);
        match self.unit {
            Unit::Day => start.add_days(count),
            Unit::Week => start.add_days(count.saturating_mul(7)),
            Unit::Month => start.add_months(count),
        }
    }

    /// The same where months keep a fixed `day`: every month has it, or its last day. A start on
    /// another day was moved by hand, and is counted from as it is.
    pub fn after_on(self, start: Date, times: u32, day: Option<u32>) -> Date {
        let date = self.after(start, times);
        match (self.unit, day) {
            (Unit::Month, Some(day)) if start.on_day(day) == start => date.on_day(day),
            _ => date,
        }
    }
}

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

// Counting years from 1 March puts the leap day last, so that the day of the
// year follows from the month by one linear formula; 400 years repeat exactly.
fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month_from_march = (month as i32 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
    let month = ((month_from_march + 2) % 12 + 1) as u32;
    let year = era * 400 + year_of_era + i32::from(month <= 2);
    (year, month, day)
}
