//! The rules that say which configuration is for whom.

use std::collections::BTreeMap;

use gateway::{Bounds, Segment};
use protocol::Currency;

use super::shop;
use crate::config::DEFAULT;
use crate::config::error::ConfigError;
use crate::config::settings::{Configuration, Rule};
use crate::config::source::Source;
use crate::config::spanned::Spanned;
use crate::config::suggest::suggestion;
use crate::config::tables::RuleTable;

/// The most orders that are counted: one call of Recharge answers 250, and one more than the
/// number of a rule has to be seen.
const MOST_ORDERS: u64 = 249;
/// The longest age of a subscription that can be asked about, in days.
const MOST_DAYS: u64 = 36_500;

/// Checks the rules; each names one of `configurations`, or the default one.
pub(super) fn rules(
    source: &Source<'_>,
    tables: &[RuleTable],
    configurations: &BTreeMap<String, Configuration>,
) -> Result<Vec<Rule>, ConfigError> {
    let rule = |table: &RuleTable| {
        let name = &table.configuration;
        let known = configurations.keys().map(String::as_str).chain([DEFAULT]);
        if !known.clone().any(|known| known == name.as_ref()) {
            let message = format!("no configuration is called {}", name.as_ref());
            let hint = suggestion(name.as_ref(), known);
            return Err(source.wrong(name, message, &hint));
        }
        let segment = segment(source, table)?;
        if segment == Segment::default() {
            let hint = "give it a condition, such as countries = [\"DE\"]";
            return Err(source.wrong(name, "the rule has no condition", hint));
        }
        Ok(Rule {
            place: source.place(name),
            configuration: name.as_ref().clone(),
            segment,
        })
    };
    tables.iter().map(rule).collect()
}

fn segment(source: &Source<'_>, table: &RuleTable) -> Result<Segment, ConfigError> {
    let texts = |values: &[Spanned<String>]| -> Result<Vec<String>, ConfigError> {
        let text = |value: &Spanned<String>| match value.as_ref().trim() {
            "" => Err(source.wrong(value, "this is empty", "leave it out")),
            text => Ok(text.to_owned()),
        };
        values.iter().map(text).collect()
    };
    let countries = table.countries.iter();
    let countries = countries.map(|code| shop::country_code(source, code));
    let currencies = table.currencies.iter();
    let currencies = currencies.map(|code| shop::currency(source, code));
    Ok(Segment {
        countries: countries.collect::<Result<_, _>>()?,
        tags: texts(&table.tags)?,
        products: texts(&table.products)?,
        currencies: currencies.collect::<Result<Vec<Currency>, _>>()?,
        orders: bounds(source, &table.min_orders, &table.max_orders, MOST_ORDERS)?,
        subscription_days: bounds(
            source,
            &table.min_subscription_days,
            &table.max_subscription_days,
            MOST_DAYS,
        )?,
    })
}

/// Both ends of a range. The least is at least 1, since everybody has 0.
fn bounds(
    source: &Source<'_>,
    min: &Option<Spanned<u64>>,
    max: &Option<Spanned<u64>>,
    most: u64,
) -> Result<Bounds, ConfigError> {
    let least = source.number(min, 0, 1..=most)?;
    let number = |value: &Option<Spanned<u64>>| value.as_ref().map(|value| *value.as_ref() as u32);
    source.number(max, most, least..=most)?;
    Ok(Bounds {
        min: number(min),
        max: number(max),
    })
}
