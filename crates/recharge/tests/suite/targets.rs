//! Fuzz targets: what reads upstream's answers takes any bytes. Each runs for a few seconds; with
//! `FUZZ_SECONDS` in the environment for as long as that says.

use std::time::Duration;

use base::*;
use recharge::*;
use serde_json::{Value, json};

use crate::random_json::{json_of, next, words_in};
use crate::support::example;

fn time() -> Duration {
    let said = std::env::var("FUZZ_SECONDS").ok();
    Duration::from_secs(said.map_or(3, |text| text.parse().expect("FUZZ_SECONDS is a number")))
}

/// The words of the examples, and those of errors.
fn words() -> Vec<String> {
    let mut words: Vec<String> = ["error", "errors", "_schema", "next_cursor", "include", "id"]
        .map(str::to_owned)
        .into();
    for name in [
        "address",
        "charge",
        "customer",
        "delivery_schedule",
        "discount",
        "onetime",
        "order",
        "payment_method",
        "plan",
        "product",
        "subscription",
    ] {
        words_in(&example(&format!("modern/{name}")), &mut words);
    }
    words.sort();
    words.dedup();
    words
}

#[test]
fn fuzz_error_parser() {
    let words = words();
    bolero::check!()
        .with_test_time(time())
        .for_each(|mut bytes: &[u8]| {
            let status = [200, 400, 402, 404, 409, 422, 429, 500, 503][next(&mut bytes) % 9];
            let mut content = json_of(&mut bytes, &words);
            if next(&mut bytes).is_multiple_of(2) {
                content = json!({ "errors": content });
            }
            let error = UpstreamError::parse(status, Some(&content));
            let _ = (error.kind(), error.to_string());
            if UpstreamError::is_in(&content) {
                assert!(!error.fields.is_empty() || !error.messages.is_empty());
            }
        });
}

#[test]
fn fuzz_bodies() {
    let words = words();
    bolero::check!()
        .with_test_time(time())
        .for_each(|mut bytes: &[u8]| {
            let strict = serde_json::from_slice::<Value>(bytes).ok();
            assert!(strict.is_none() || read_body(bytes) == strict);
            // JSON with bytes of something else in between.
            let mut text = json_of(&mut bytes, &words).to_string().into_bytes();
            for _ in 0..next(&mut bytes) % 4 {
                let at = next(&mut bytes) % text.len().max(1);
                let odd: [&[u8]; 6] = [b"\\ud800", b"\xff", b"NaN", b"\n", b"\\", b"\xef\xbb\xbf"];
                let odd = odd[next(&mut bytes) % odd.len()];
                text.splice(at..at, odd.iter().copied());
            }
            let _ = read_body(&text);
        });
}

/// A page with a good row and `odd` beside it is read, without `odd` or with it.
fn one_row_costs_one_row<T: Resource>(name: &str, odd: &Value) {
    let good = crate::support::bare(&format!("modern/{name}"));
    let page = Page::<T>::read(json!({ T::PLURAL: [good, odd] })).expect("a page");
    assert_eq!(page.items.len() + page.unreadable, 2, "{name}");
    assert!(!page.items.is_empty(), "{name}");
    let _ = Page::<T>::read(odd.clone());
    let _ = Page::<T>::read(json!({ T::PLURAL: odd }));
}

#[test]
fn fuzz_resources() {
    let words = words();
    bolero::check!()
        .with_test_time(time() * 3)
        .for_each(|mut bytes: &[u8]| {
            let odd = json_of(&mut bytes, &words);
            one_row_costs_one_row::<Address>("address", &odd);
            one_row_costs_one_row::<Charge>("charge", &odd);
            one_row_costs_one_row::<Customer>("customer", &odd);
            one_row_costs_one_row::<Discount>("discount", &odd);
            one_row_costs_one_row::<Onetime>("onetime", &odd);
            one_row_costs_one_row::<Order>("order", &odd);
            one_row_costs_one_row::<PaymentMethod>("payment_method", &odd);
            one_row_costs_one_row::<Plan>("plan", &odd);
            one_row_costs_one_row::<Product>("product", &odd);
            one_row_costs_one_row::<Subscription>("subscription", &odd);
            let schedule = serde_json::from_value::<DeliverySchedule>(json!({ "deliveries": odd }));
            let is_list = odd.is_array();
            assert!(is_list || schedule.is_err(), "{odd}");
        });
}

#[test]
fn fuzz_moments_and_amounts() {
    bolero::check!()
        .with_test_time(time())
        .for_each(|bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            if let Some(moment) = Timestamp::parse(&text) {
                let _ = (moment.date(), moment.unix_ms(), moment.has_offset());
            }
            if let Some(moment) = Timestamp::parse(&format!("2026-03-01T{text}")) {
                let _ = moment.unix_ms();
            }
            if let Ok(amount) = Money::parse(&text, Currency::USD) {
                assert_eq!(Money::parse(&amount.amount(), Currency::USD), Ok(amount));
            }
        });
}
