//! The days that a customer can choose.

use protocol::view::DateRules;

use crate::ui::OpenDays;

/// The days of the merchant's rules, as the calendar shows them.
pub(crate) fn open_days(rules: &DateRules) -> OpenDays {
    OpenDays {
        min: Some(rules.earliest),
        max: Some(rules.latest),
        closed_weekdays: rules.closed_weekdays.clone(),
        closed: rules.closed_dates.clone(),
    }
}
