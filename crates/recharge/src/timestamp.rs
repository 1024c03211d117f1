//! Moments as upstream writes them.

use serde_json::Value;

use crate::calendar::Date;
use crate::lenient::Lenient;

/// A moment as it came. Not an instant: some have no offset, and some old ones carry a wrong
/// one, so only the date is relied upon.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Timestamp {
    text: String,
    date: Date,
}

impl Timestamp {
    /// Reads `2026-03-01`, `2026-03-01T04:00:00`, `2026-03-01T04:00:00.637636+00:00` and the
    /// like; `None` where there is no date at the front.
    pub fn parse(text: &str) -> Option<Timestamp> {
        Some(Timestamp {
            date: Date::from_prefix(text)?,
            text: text.to_owned(),
        })
    }

    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The date it begins with.
    pub fn date(&self) -> Date {
        self.date
    }

    /// Whether it says its distance from UTC. Without one it is shown as a date only.
    pub fn has_offset(&self) -> bool {
        let clock = self.text.get(10..).unwrap_or_default();
        clock.ends_with(['Z', 'z']) || clock.contains(['+', '-'])
    }
}

impl Lenient for Timestamp {
    fn read(value: Value) -> Option<Timestamp> {
        Timestamp::parse(value.as_str()?.trim())
    }
}

impl Lenient for Date {
    /// The first ten characters, since dates come with and without a clock.
    fn read(value: Value) -> Option<Date> {
        Date::from_prefix(value.as_str()?.trim())
    }
}
