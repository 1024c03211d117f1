//! Dates, numbers, money and lists as the reader's locale writes them.
//!
//! Formatters are made once per kind and kept: making one costs more than using it a
//! hundred times.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::{Array, Date as JsDate, Function, Intl, JsString, Object, Reflect};
use protocol::{Date, Money};
use wasm_bindgen::{JsCast, JsValue};

use super::locale;

thread_local! {
    /// `format` functions by what they format, such as `money USD`.
    static FORMATTERS: RefCell<BTreeMap<String, Function>> = const { RefCell::new(BTreeMap::new()) };
    static RELATIVE: RefCell<Option<Intl::RelativeTimeFormat>> = const { RefCell::new(None) };
    static PLURAL: RefCell<Option<Intl::PluralRules>> = const { RefCell::new(None) };
}

/// Drops all formatters, as the locale has changed.
pub(super) fn forget() {
    FORMATTERS.with_borrow_mut(BTreeMap::clear);
    RELATIVE.with_borrow_mut(|slot| *slot = None);
    PLURAL.with_borrow_mut(|slot| *slot = None);
}

/// An amount with its currency, as in `$36.00`. It goes to the browser as a decimal
/// string, so no digit is lost in a floating-point number.
pub fn money(amount: Money) -> String {
    let code = amount.currency().code().to_owned();
    let name = format!("money {code}");
    let options = [("style", "currency"), ("currency", &code)];
    apply(&name, &JsValue::from_str(&amount.amount()), || {
        number_format(&options)
    })
}

/// A whole number, as in `1,204`.
pub fn integer(value: usize) -> String {
    apply("integer", &JsValue::from_str(&value.to_string()), || {
        number_format(&[])
    })
}

/// Weekday, day and month, and the year unless it is `today`'s: `Tuesday 24 November`.
pub fn date(date: Date, today: Date) -> String {
    let parts = [
        ("weekday", "long"),
        ("day", "numeric"),
        ("month", "long"),
        ("year", "numeric"),
    ];
    calendar(date, with_year(&parts, date, today))
}

/// The same, short, for columns and small lines: `Tue 24 Nov`.
pub fn date_short(date: Date, today: Date) -> String {
    let parts = [
        ("weekday", "short"),
        ("day", "numeric"),
        ("month", "short"),
        ("year", "numeric"),
    ];
    calendar(date, with_year(&parts, date, today))
}

/// Day, month and year, for receipts and history: `24 Nov 2026`.
pub fn date_with_year(date: Date) -> String {
    calendar(
        date,
        &[("day", "numeric"), ("month", "short"), ("year", "numeric")],
    )
}

/// Day and month, as they stand on a button: `24 November`.
pub fn day_month(date: Date) -> String {
    calendar(date, &[("day", "numeric"), ("month", "long")])
}

/// A moment of a day: `Sunday at 18:00` within the week to come, else with its date. `minute`
/// counts from midnight.
pub fn day_time(date: Date, minute: u16, today: Date) -> String {
    let time = [("hour", "numeric"), ("minute", "2-digit")];
    let day: &[(&str, &str)] = match today.days_until(date) {
        0..7 => &[("weekday", "long")],
        _ => &[("weekday", "long"), ("day", "numeric"), ("month", "long")],
    };
    let parts: Vec<(&str, &str)> = day.iter().chain(&time).copied().collect();
    moment(date, minute, &parts)
}

/// A moment of the past: `Tue 24 Nov, 18:00`, and the year unless it is `today`'s.
pub fn date_time(date: Date, minute: u16, today: Date) -> String {
    let time = moment(date, minute, &[("hour", "numeric"), ("minute", "2-digit")]);
    [date_short(date, today), time].join(", ")
}

/// Month and year, as a heading: `November 2026`.
pub fn month_year(date: Date) -> String {
    calendar(date, &[("month", "long"), ("year", "numeric")])
}

/// The weekday in short, for a date block: `Tue`.
pub fn weekday_short(date: Date) -> String {
    calendar(date, &[("weekday", "short")])
}

/// The weekday in full: `Tuesday`.
pub fn weekday_long(date: Date) -> String {
    calendar(date, &[("weekday", "long")])
}

/// The weekday that a week begins with where the locale is at home: 0 for Monday to 6 for
/// Sunday. Monday where the browser does not say.
pub fn first_weekday() -> u32 {
    let ask = || -> Option<f64> {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let class: Function = Reflect::get(&intl, &"Locale".into())
            .ok()?
            .dyn_into()
            .ok()?;
        let locale = Reflect::construct(&class, &locales()).ok()?;
        let info: Function = Reflect::get(&locale, &"getWeekInfo".into())
            .ok()?
            .dyn_into()
            .ok()?;
        let info = info.call0(&locale).ok()?;
        Reflect::get(&info, &"firstDay".into()).ok()?.as_f64()
    };
    // The browser counts from 1 for Monday.
    ask().map_or(0, |day| (day as u32 + 6) % 7)
}

/// The day of the month alone, for a date block: `24`.
pub fn day_number(date: Date) -> String {
    calendar(date, &[("day", "numeric")])
}

/// How far away: `today`, `tomorrow`, `in 3 days`, `in 5 weeks`, `2 months ago`.
pub fn relative(date: Date, today: Date) -> String {
    let days = today.days_until(date);
    let (count, unit) = match days.abs() {
        0..14 => (days, "day"),
        14..56 => (days / 7, "week"),
        _ => (days / 30, "month"),
    };
    RELATIVE.with_borrow_mut(|slot| {
        let formatter = slot.get_or_insert_with(|| {
            Intl::RelativeTimeFormat::new(&locales(), &options(&[("numeric", "auto")]))
        });
        String::from(formatter.format(f64::from(count), unit))
    })
}

/// A card's expiry, as it stands on the card: `08/28`.
pub fn card_expiry(month: u32, year: u32) -> String {
    format!("{month:02}/{:02}", year % 100)
}

/// Several names as one phrase: `Ethiopia, Kenya and Peru`.
pub fn list(items: &[String]) -> String {
    let array: Array = items.iter().map(|item| JsValue::from_str(item)).collect();
    apply("list", &array, || {
        // js-sys has no constructor for this one in its stable part.
        let intl = Reflect::get(&js_sys::global(), &"Intl".into())?;
        let class: Function = Reflect::get(&intl, &"ListFormat".into())?.unchecked_into();
        let formatter = Reflect::construct(&class, &Array::of1(&locales()))?;
        let format: Function = Reflect::get(&formatter, &"format".into())?.unchecked_into();
        Ok(format.bind0(&formatter))
    })
}

/// A country by its two letters, as in `Germany`.
pub fn country(code: &str) -> String {
    apply("country", &JsValue::from_str(code), || {
        let settings = options(&[("type", "region")]);
        let names = Intl::DisplayNames::new(&locales(), &settings);
        let of: Function = Reflect::get(&names, &"of".into())?.unchecked_into();
        Ok(of.bind0(&names))
    })
}

/// The plural category of `count` in the locale: `one`, `other`, …
pub(super) fn plural(count: usize) -> String {
    PLURAL.with_borrow_mut(|slot| {
        let rules = slot.get_or_insert_with(|| Intl::PluralRules::new(&locales(), &Object::new()));
        String::from(rules.select(count as f64))
    })
}

/// Drops the year, the last of `parts`, where the date is in this year.
fn with_year<'a>(
    parts: &'a [(&'a str, &'a str)],
    date: Date,
    today: Date,
) -> &'a [(&'a str, &'a str)] {
    let shown = if date.year() == today.year() {
        parts.len() - 1
    } else {
        parts.len()
    };
    &parts[..shown]
}

/// A calendar date: midnight in UTC, formatted in UTC, so that no zone can shift it.
fn calendar(date: Date, parts: &[(&str, &str)]) -> String {
    moment(date, 0, parts)
}

/// A clock time of a day, which is formatted in UTC too.
fn moment(date: Date, minute: u16, parts: &[(&str, &str)]) -> String {
    let mut name = String::from("date");
    for (part, style) in parts {
        name.push_str(part);
        name.push_str(style);
    }
    let (hours, minutes) = (minute / 60, minute % 60);
    let moment = format!("{date}T{hours:02}:{minutes:02}:00Z");
    let moment = JsDate::new(&JsValue::from_str(&moment));
    apply(&name, &moment, || {
        let settings = options(parts);
        Reflect::set(&settings, &"timeZone".into(), &"UTC".into())?;
        let formatter = Intl::DateTimeFormat::new(&locales(), &settings);
        Ok(formatter.format())
    })
}

fn number_format(settings: &[(&str, &str)]) -> Result<Function, JsValue> {
    Ok(Intl::NumberFormat::new(&locales(), &options(settings)).format())
}

fn locales() -> Array {
    Array::of1(&locale().into())
}

fn options(settings: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in settings {
        // Setting a property of a plain object of our own cannot be refused.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    object
}

/// Runs the formatter called `name` on `value`, making it first where it is missing. Where
/// the browser lacks the formatter, the value stands as it is: better than an empty line.
fn apply(name: &str, value: &JsValue, make: impl FnOnce() -> Result<Function, JsValue>) -> String {
    let known = FORMATTERS.with_borrow(|map| map.get(name).cloned());
    let formatter = known.map_or_else(make, Ok);
    let text = formatter.and_then(|function| {
        FORMATTERS.with_borrow_mut(|map| map.insert(name.to_owned(), function.clone()));
        function.call1(&JsValue::UNDEFINED, value)
    });
    let shown = text.unwrap_or_else(|_| value.clone());
    JsString::from(shown).into()
}
