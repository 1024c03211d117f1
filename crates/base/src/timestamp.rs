//! Moments as upstream writes them.

use crate::calendar::Date;

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

    /// The instant in milliseconds since 1970; `None` where it does not say its distance from UTC.
    pub fn unix_ms(&self) -> Option<i64> {
        let clock = self.text.get(11..).filter(|_| self.has_offset())?;
        let sign_at = clock.find(['Z', 'z', '+', '-'])?;
        let (time, zone) = clock.split_at(sign_at);
        let mut parts = time.split(':');
        let mut part = |most: i64| {
            let number: i64 = parts.next()?.split('.').next()?.parse().ok()?;
            (0..=most).contains(&number).then_some(number)
        };
        let seconds = part(24)? * 3_600 + part(59)? * 60 + part(60).unwrap_or(0);
        let seconds = i64::from(self.date.days()) * 86_400 + seconds;
        Some((seconds - offset_seconds(zone)?) * 1_000)
    }

    /// Whether it says its distance from UTC. Without one it is shown as a date only.
    pub fn has_offset(&self) -> bool {
        let clock = self.text.get(10..).unwrap_or_default();
        clock.ends_with(['Z', 'z']) || clock.contains(['+', '-'])
    }
}

/// How far `Z`, `+05:30`, `-0400` and the like are from UTC.
fn offset_seconds(zone: &str) -> Option<i64> {
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let number = |digits: Option<&str>| digits.unwrap_or("0").parse::<i64>().ok();
    match digits.len() {
        0 => Some(0),
        2 | 4 => Some(sign * (number(digits.get(..2))? * 60 + number(digits.get(2..4))?) * 60),
        _ => None,
    }
}
