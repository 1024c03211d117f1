//! `/_sandbox/…`: steering the store of a token.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Shelf;
use crate::{Answer, Call, Fault, Scenario};

/// Answers one admin call.
pub(super) fn answer(shelf: &Shelf, token: &str, call: &Call) -> Answer {
    let body = call.body.clone().unwrap_or(Value::Null);
    match (call.method.as_str(), call.path.as_str()) {
        ("POST", "/_sandbox/scenario") => scenario(shelf, token, body),
        ("POST", "/_sandbox/clock") => clock(shelf, token, body),
        ("GET", "/_sandbox/clock") => shelf.with(token, |kept| ok(json!({"now_ms": kept.now()}))),
        ("GET", "/_sandbox/settings") => shelf.with(token, |kept| ok(json!(kept.store.settings()))),
        ("POST", "/_sandbox/settings") => settings(shelf, token, body),
        ("GET", "/_sandbox/faults") => shelf.with(token, |kept| ok(json!(kept.store.faults()))),
        ("POST", "/_sandbox/faults") => add_faults(shelf, token, body),
        ("DELETE", "/_sandbox/faults") => shelf.with(token, |kept| {
            kept.store.clear_faults();
            Answer::empty()
        }),
        ("GET", "/_sandbox/log") => shelf.with(token, |kept| ok(json!(kept.store.log()))),
        ("DELETE", "/_sandbox/log") => shelf.with(token, |kept| {
            kept.store.clear_log();
            Answer::empty()
        }),
        ("GET", "/_sandbox/customers") => {
            shelf.with(token, |kept| ok(json!(kept.store.customers())))
        }
        ("GET", "/_sandbox/state") => shelf.with(token, |kept| ok(kept.store.state())),
        _ => Answer::json(404, json!({"error": "no such sandbox call"})),
    }
}

fn ok(body: Value) -> Answer {
    Answer::json(200, body)
}

fn bad(why: impl ToString) -> Answer {
    Answer::json(422, json!({"error": why.to_string()}))
}

#[derive(Deserialize)]
struct ScenarioBody {
    token: Option<String>,
    scenario: String,
}

/// Begins a store anew.
fn scenario(shelf: &Shelf, token: &str, body: Value) -> Answer {
    let body: ScenarioBody = match serde_json::from_value(body) {
        Ok(body) => body,
        Err(error) => return bad(error),
    };
    match body.scenario.parse::<Scenario>() {
        Err(error) => bad(error),
        Ok(scenario) => {
            let token = body.token.as_deref().unwrap_or(token);
            shelf.reset(token, scenario);
            shelf.with(token, |kept| {
                ok(json!({"scenario": scenario.name(), "customers": kept.store.customers()}))
            })
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ClockBody {
    SetMs(i64),
    AdvanceMs(i64),
}

/// Sets the clock or moves it on; what falls due in between happens at once.
fn clock(shelf: &Shelf, token: &str, body: Value) -> Answer {
    let body: ClockBody = match serde_json::from_value(body) {
        Ok(body) => body,
        Err(error) => return bad(error),
    };
    shelf.with(token, |kept| {
        kept.offset_ms += match body {
            ClockBody::SetMs(ms) => ms - kept.now(),
            ClockBody::AdvanceMs(ms) => ms,
        };
        let now = kept.now();
        kept.store.advance(now);
        ok(json!({"now_ms": now}))
    })
}

/// Changes the switches named and leaves the others.
fn settings(shelf: &Shelf, token: &str, body: Value) -> Answer {
    let Value::Object(changes) = body else {
        return bad("a JSON object of settings");
    };
    shelf.with(token, |kept| {
        let mut wanted = json!(kept.store.settings());
        if let Value::Object(wanted) = &mut wanted {
            wanted.extend(changes);
        }
        match serde_json::from_value(wanted) {
            Err(error) => bad(error),
            Ok(settings) => {
                kept.store.configure(settings);
                ok(json!(settings))
            }
        }
    })
}

/// Adds one fault, or a list of them.
fn add_faults(shelf: &Shelf, token: &str, body: Value) -> Answer {
    let list = if body.is_array() { body } else { json!([body]) };
    match serde_json::from_value::<Vec<Fault>>(list) {
        Err(error) => bad(error),
        Ok(faults) => shelf.with(token, |kept| {
            faults
                .into_iter()
                .for_each(|fault| kept.store.add_fault(fault));
            ok(json!(kept.store.faults()))
        }),
    }
}
