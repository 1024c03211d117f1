//! The merchant's rules about dates and subscriptions.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use gateway::{ClosedDays, LockPolicy, StepUp};
use protocol::view::SubscriptionRules;

use super::shop;
use crate::config::error::ConfigError;
use crate::config::source::Source;
use crate::config::spanned::Spanned;
use crate::config::suggest::suggestion;
use crate::config::tables::{DatesTable, File, LockTable, StepUpTable, SubscriptionsTable};

/// The days of the week as they are written, Monday first.
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The longest pause that can be offered, in months.
const LONGEST_PAUSE: u32 = 12;

/// The days on which nothing is sent. One day of the week at least has to stay open.
pub(super) fn closed(source: &Source<'_>, table: &DatesTable) -> Result<ClosedDays, ConfigError> {
    let mut closed = ClosedDays::default();
    for name in &table.closed_weekdays {
        let day = (0..).zip(WEEKDAYS).find(|(_, word)| word == name.as_ref());
        let Some((day, _)) = day else {
            let hint = suggestion(name.as_ref(), WEEKDAYS);
            return Err(source.wrong(name, "not a day of the week", &hint));
        };
        closed.weekdays.insert(day);
        if closed.weekdays.len() == WEEKDAYS.len() {
            let hint = "leave one day of the week open";
            return Err(source.wrong(name, "no day is left for deliveries", hint));
        }
    }
    for date in &table.closed_dates {
        let day = date.as_ref().parse().map_err(|_| {
            source.wrong(
                date,
                "not a date",
                "write it like \"2026-12-25\", in quotes",
            )
        })?;
        closed.dates.insert(day);
    }
    Ok(closed)
}

/// What customers may choose for a subscription.
pub(super) fn subscriptions(
    source: &Source<'_>,
    table: &SubscriptionsTable,
) -> Result<SubscriptionRules, ConfigError> {
    let usual = SubscriptionRules::default();
    let number = |value, default: u32, range| -> Result<u32, ConfigError> {
        Ok(source.number(value, default.into(), range)? as u32)
    };
    let fewest = number(&table.fewest, usual.fewest, 1..=1_000)?;
    Ok(SubscriptionRules {
        fewest,
        most: number(&table.most, usual.most.max(fewest), fewest.into()..=10_000)?,
        note_length: number(&table.note_length, usual.note_length, 1..=1_000)?,
        properties: table.properties.clone(),
        pause_months: match &table.pause_months {
            None => usual.pause_months,
            Some(months)
                if months
                    .as_ref()
                    .iter()
                    .all(|n| (1..=LONGEST_PAUSE).contains(n)) =>
            {
                let months: BTreeSet<u32> = months.as_ref().iter().copied().collect();
                months.into_iter().collect()
            }
            Some(months) => {
                let hint = "write months from 1 to 12, like [1, 2, 3]";
                return Err(source.wrong(months, "not lengths of a pause", hint));
            }
        },
        longest_pause_days: limit(source, &table.longest_pause_days, 7..=365)?,
        most_pauses_per_year: limit(source, &table.most_pauses_per_year, 1..=50)?,
        most_skips_per_year: limit(source, &table.most_skips_per_year, 1..=365)?,
    })
}

/// A limit, where there is one.
fn limit(
    source: &Source<'_>,
    value: &Option<Spanned<u64>>,
    range: RangeInclusive<u64>,
) -> Result<Option<u32>, ConfigError> {
    let limit = value.as_ref().map(|_| source.number(value, 0, range));
    Ok(limit.transpose()?.map(|limit| limit as u32))
}

/// What needs a fresh code by email.
pub(super) fn step_up(source: &Source<'_>, file: &File) -> Result<StepUp, ConfigError> {
    let StepUpTable { pay_above, export } = &file.step_up;
    let asked = export.as_ref().filter(|export| *export.as_ref());
    let asked = asked.map(|export| export.span());
    let guarded = pay_above.as_ref().map(|most| most.span()).or(asked);
    if let (Some(span), None) = (guarded, &file.mail) {
        let hint = "say under [mail] how codes are sent";
        return Err(source.wrong_at(span.start, "codes cannot be sent", hint));
    }
    let currency = shop::currency(source, &file.store.currency)?;
    let most = pay_above.as_ref();
    Ok(StepUp {
        pay_above: most
            .map(|most| shop::price(source, most, currency))
            .transpose()?,
        export: export
            .as_ref()
            .map_or(file.mail.is_some(), |export| *export.as_ref()),
    })
}

/// When actions cannot be used on a subscription.
pub(super) fn locks(
    source: &Source<'_>,
    tables: &BTreeMap<String, Spanned<LockTable>>,
) -> Result<Vec<LockPolicy>, ConfigError> {
    let lock = |(name, table): (&String, &Spanned<LockTable>)| {
        Ok(LockPolicy {
            operation: source.operation(name, table)?,
            minimum_orders: table.as_ref().minimum_orders,
            days_before: table.as_ref().days_before,
        })
    };
    tables.iter().map(lock).collect()
}
