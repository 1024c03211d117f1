//! Dates, numbers, money and lists as the reader's locale writes them.

use js_sys::{Array, Date as JsDate, Function, Object, Reflect};
use protocol::view::CutOff;
use protocol::{Date, Money};
use wasm_bindgen::{JsCast, JsValue};

use super::catalog::figure;
use super::intl::{self, apply, intl, locales, method, number_format, options};
use super::t;

pub use super::intl::integer;

/// An amount with its currency, as in `$36.00`. It goes to the browser as a decimal
/// string, so no digit is lost in a floating-point number. An amount that is not known says so.
pub fn money(amount: impl Into<Option<Money>>) -> String {
    match amount.into() {
        Some(amount) => known(amount),
        None => t::amount_unknown().to_owned(),
    }
}

fn known(amount: Money) -> String {
    let code = amount.currency().code().to_owned();
    let name = format!("money {code}");
    // Left to itself the browser rounds some currencies to whole units, as prices are often
    // written; what is charged has the digits of ISO 4217.
    let digits = amount.currency().places().to_string();
    let options = [
        ("style", "currency"),
        ("currency", code.as_str()),
        ("minimumFractionDigits", digits.as_str()),
        ("maximumFractionDigits", digits.as_str()),
    ];
    let text = apply(&name, &JsValue::from_str(&amount.amount()), || {
        number_format(&options)
    });
    // Marks that would put the sign and the symbol on either side of the figure.
    let turns = |c: &char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}');
    figure(text.chars().filter(|c| !turns(c)).collect())
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

/// A moment of a day: `Sunday at 6:00 PM` within the week to come, else with its date. `minute`
/// counts from midnight.
pub fn day_time(date: Date, minute: u16, today: Date) -> String {
    let day: &[(&str, &str)] = match today.days_until(date) {
        0..7 => &[("weekday", "long")],
        _ => &[("weekday", "long"), ("day", "numeric"), ("month", "long")],
    };
    let time = [("hour", "numeric"), ("minute", "2-digit")];
    t::time_on_day(&calendar(date, day), &moment(date, minute, &time))
}

/// The last moment at which something can be changed, as [`day_time`] writes it; with the store's
/// `zone` where the reader's clock shows another time at that moment.
pub fn cut_off(until: &CutOff, today: Date, zone: &str) -> String {
    let moment = day_time(until.date, until.minute, today);
    let at = JsDate::new(&JsValue::from_f64(until.at_ms as f64));
    let here = until.at_ms / 60_000 - at.get_timezone_offset() as i64;
    let there = i64::from(until.date.days()) * 1_440 + i64::from(until.minute);
    if here == there {
        return moment;
    }
    [moment, zone_name(zone, &at)].join(" ")
}

/// What the reader calls `zone` at a moment, such as `EST`.
fn zone_name(zone: &str, at: &JsDate) -> String {
    let find = || -> Result<JsValue, JsValue> {
        let settings = options(&[("timeZone", zone), ("timeZoneName", "short")]);
        let parts = method(intl("DateTimeFormat", &settings)?, "formatToParts")?;
        let parts: Array = parts.call1(&JsValue::UNDEFINED, at)?.dyn_into()?;
        let name = |part: &JsValue| {
            let is_name = Reflect::get(part, &"type".into()).ok()? == "timeZoneName";
            is_name.then(|| Reflect::get(part, &"value".into()).ok())?
        };
        Ok(parts
            .iter()
            .find_map(|part| name(&part))
            .unwrap_or_default())
    };
    let name = find().ok().and_then(|name| name.as_string());
    name.unwrap_or_else(|| zone.to_owned())
}

/// A moment of the past: `Tue 24 Nov, 18:00`, and the year unless it is `today`'s.
pub fn date_time(date: Date, minute: u16, today: Date) -> String {
    let time = moment(date, minute, &[("hour", "numeric"), ("minute", "2-digit")]);
    [date_short(date, today), time].join(t::list_comma())
}

/// A moment by the browser's clock, in its own zone: `18:00`, and the day where it was not within
/// the twelve hours before `now_ms`.
pub fn clock(at_ms: i64, now_ms: i64) -> String {
    let day = [("month", "short"), ("day", "numeric")];
    let time = [("hour", "numeric"), ("minute", "2-digit")];
    let is_near = now_ms - at_ms < 12 * 3_600_000;
    let day = day.into_iter().filter(|_| !is_near);
    let parts: Vec<_> = day.chain(time).collect();
    let moment = JsDate::new(&JsValue::from_f64(at_ms as f64));
    apply(
        &["clock", if is_near { "" } else { "day" }].concat(),
        &moment,
        || method(intl("DateTimeFormat", &options(&parts))?, "format"),
    )
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
    intl::relative(count, unit)
}

/// A card's expiry, as it stands on the card: `08/28`.
pub fn card_expiry(month: u32, year: u32) -> String {
    format!("{month:02}/{:02}", year % 100)
}

/// Several names as one phrase: `Ethiopia, Kenya and Peru`.
pub fn list(items: &[String]) -> String {
    let array: Array = items.iter().map(|item| JsValue::from_str(item)).collect();
    apply("list", &array, || {
        method(intl("ListFormat", &Object::new())?, "format")
    })
}

/// A country by its two letters, as in `Germany`.
pub fn country(code: &str) -> String {
    apply("country", &JsValue::from_str(code), || {
        method(intl("DisplayNames", &options(&[("type", "region")]))?, "of")
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
        method(intl("DateTimeFormat", &settings)?, "format")
    })
}
