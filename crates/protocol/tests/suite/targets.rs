//! Fuzz targets: what comes from a browser may be anything. Each runs for a few seconds; with
//! `FUZZ_SECONDS` in the environment for as long as that says.

use std::time::Duration;

use protocol::*;
use serde_json::Value;

use crate::random_json::{json_of, next, words_in};
use crate::requests::samples;

fn time() -> Duration {
    let said = std::env::var("FUZZ_SECONDS").ok();
    Duration::from_secs(said.map_or(3, |text| text.parse().expect("FUZZ_SECONDS is a number")))
}

#[test]
fn fuzz_intents() {
    let samples = samples();
    let body = |intent: &Intent| serde_json::from_str::<Value>(&intent.body()).unwrap_or_default();
    let mut words = Vec::new();
    samples
        .iter()
        .for_each(|intent| words_in(&body(intent), &mut words));
    words.sort();
    words.dedup();
    bolero::check!()
        .with_test_time(time())
        .for_each(|mut bytes: &[u8]| {
            let intent = &samples[next(&mut bytes) % samples.len()];
            let (method, _) = intent.operation().route();
            let odd = json_of(&mut bytes, &words);
            let mut sent = body(intent);
            match sent.as_object_mut() {
                // One field of a good body, or the body as a whole.
                Some(fields) if !fields.is_empty() && !next(&mut bytes).is_multiple_of(4) => {
                    let at = next(&mut bytes) % fields.len();
                    if let Some(field) = fields.values_mut().nth(at) {
                        *field = odd;
                    }
                }
                _ => sent = odd,
            }
            let read = Intent::read(method, &intent.path(), sent.to_string().as_bytes());
            let _ = Intent::read(method, &intent.path(), bytes);
            if let Ok(read) = read {
                assert_eq!(read.request().intent(), Ok(read));
            }
        });
}

#[test]
fn fuzz_address_rules() {
    let country = |code: &str| Country {
        code: code.to_owned(),
        provinces: vec![Province {
            name: "California".into(),
            code: "CA".into(),
        }],
    };
    let countries = ["US", "CA", "GB", "IE", "DE", "JP", "BR", "HK"].map(country);
    bolero::check!()
        .with_test_time(time())
        .for_each(|mut bytes: &[u8]| {
            let code = &countries[next(&mut bytes) % countries.len()].code;
            let mut form = AddressForm::default();
            form.set("country_code", code.clone());
            for field in AddressForm::FIELDS {
                let length = next(&mut bytes).min(bytes.len());
                let (text, rest) = bytes.split_at(length);
                bytes = rest;
                if length > 0 {
                    form.set(field, String::from_utf8_lossy(text).into_owned());
                }
            }
            let problems = form.problems(&countries);
            assert_eq!(problems, form.problems(&countries));
            let _ = rules_for(code).accepts_postcode(form.value("zip"));
            assert!(form.changes_from(&form).is_empty());
        });
}
