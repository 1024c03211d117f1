//! A delivery as one event for the customer's own calendar.

use js_sys::encode_uri_component;
use leptos::prelude::document;
use protocol::view::Delivery;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use crate::i18n::t;
use crate::overview::parts::names;

/// The most bytes of a line, by RFC 5545.
const LINE: usize = 75;

/// Hands the browser a file with one event for the day of `delivery` from `shop`.
pub(super) fn download(delivery: &Delivery, shop: &str) {
    // A browser in which this fails has no calendar to put it in.
    let _ = offer(&event(delivery, shop, &stamp()), &file_name(delivery));
}

fn file_name(delivery: &Delivery) -> String {
    format!("delivery-{}.ics", delivery.key.date)
}

fn offer(text: &str, name: &str) -> Result<(), JsValue> {
    let link = document().create_element("a")?;
    let file = String::from(encode_uri_component(text));
    link.set_attribute("href", &format!("data:text/calendar;charset=utf-8,{file}"))?;
    link.set_attribute("download", name)?;
    link.unchecked_into::<HtmlElement>().click();
    Ok(())
}

/// Now, in UTC, as the format wants it: when the file was made.
fn stamp() -> String {
    let iso = String::from(js_sys::Date::new_0().to_iso_string());
    let digits = iso.split('.').next().unwrap_or_default();
    format!("{}Z", digits.replace(['-', ':'], ""))
}

/// The file: one event of a whole day, which is a day wherever it is read.
fn event(delivery: &Delivery, shop: &str, stamp: &str) -> String {
    let key = delivery.key;
    let day = |date: protocol::Date| date.to_string().replace('-', "");
    let coming = delivery.items.iter().filter(|item| !item.skipped);
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Perennial//Portal//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}-{}@perennial", key.address_id, key.date),
        format!("DTSTAMP:{stamp}"),
        format!("DTSTART;VALUE=DATE:{}", day(key.date)),
        format!("DTEND;VALUE=DATE:{}", day(key.date.add_days(1))),
        format!("SUMMARY:{}", escaped(&t::calendar_summary(shop))),
        format!(
            "DESCRIPTION:{}",
            escaped(&names(coming.map(|item| item.title.as_str())))
        ),
        "TRANSP:TRANSPARENT".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

/// Text as a value: what would end it or part it is escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            _ if letter.is_control() => {}
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// A line with its end; a long one goes on in the next behind a space.
fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + 2);
    let mut length = 0;
    for letter in line.chars() {
        if length + letter.len_utf8() > LINE {
            folded.push_str("\r\n ");
            length = 1;
        }
        folded.push(letter);
        length += letter.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ds10_text_cannot_end_or_part_a_value() {
        assert_eq!(
            escaped("Tea, \"1;2\"\\\r\nEND"),
            "Tea\\, \"1\\;2\"\\\\\\nEND"
        );
    }

    #[test]
    fn ds10_no_line_is_longer_than_75_bytes_and_no_letter_is_cut() {
        let line = "ä".repeat(200);
        let folded = folded(&line);
        assert!(folded.split("\r\n").all(|part| part.len() <= LINE));
        assert_eq!(folded.replace("\r\n ", "").trim_end(), line);
    }
}
