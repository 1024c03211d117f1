//! `/_sandbox/…`: steering the store of a token.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Tenants;
use crate::{Answer, Call, Fault, Scenario};

/// Answers one admin call.
pub(super) fn answer(tenants: &Tenants, token: &str, call: &Call) -> Answer {
    let body = call.body.clone().unwrap_or(Value::Null);
    match (call.method.as_str(), call.path.as_str()) {
        ("POST", "/_sandbox/scenario") => scenario(tenants, token, body),
        ("POST", "/_sandbox/clock") => clock(tenants, token, body),
        ("GET", "/_sandbox/clock") => {
            tenants.with(token, |tenant| ok(json!({"now_ms": tenant.now()})))
        }
        ("GET", "/_sandbox/settings") => {
            tenants.with(token, |tenant| ok(json!(tenant.store.settings())))
        }
        ("POST", "/_sandbox/settings") => settings(tenants, token, body),
        ("GET", "/_sandbox/faults") => {
            tenants.with(token, |tenant| ok(json!(tenant.store.faults())))
        }
        ("POST", "/_sandbox/faults") => add_faults(tenants, token, body),
        ("DELETE", "/_sandbox/faults") => tenants.with(token, |tenant| {
            tenant.store.clear_faults();
            Answer::empty()
        }),
        ("GET", "/_sandbox/log") => tenants.with(token, |tenant| ok(json!(tenant.store.log()))),
        ("DELETE", "/_sandbox/log") => tenants.with(token, |tenant| {
            tenant.store.clear_log();
            Answer::empty()
        }),
        ("GET", "/_sandbox/customers") => {
            tenants.with(token, |tenant| ok(json!(tenant.store.customers())))
        }
        ("GET", "/_sandbox/state") => tenants.with(token, |tenant| ok(tenant.store.state())),
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
fn scenario(tenants: &Tenants, token: &str, body: Value) -> Answer {
    let body: ScenarioBody = match serde_json::from_value(body) {
        Ok(body) => body,
        Err(error) => return bad(error),
    };
    match body.scenario.parse::<Scenario>() {
        Err(error) => bad(error),
        Ok(scenario) => {
            let token = body.token.as_deref().unwrap_or(token);
            tenants.reset(token, scenario);
            tenants.with(token, |tenant| {
                ok(json!({"scenario": scenario.name(), "customers": tenant.store.customers()}))
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
fn clock(tenants: &Tenants, token: &str, body: Value) -> Answer {
    let body: ClockBody = match serde_json::from_value(body) {
        Ok(body) => body,
        Err(error) => return bad(error),
    };
    tenants.with(token, |tenant| {
        tenant.offset_ms += match body {
            ClockBody::SetMs(ms) => ms - tenant.now(),
            ClockBody::AdvanceMs(ms) => ms,
        };
        let now = tenant.now();
        tenant.store.advance(now);
        ok(json!({"now_ms": now}))
    })
}

/// Changes the switches named and leaves the others.
fn settings(tenants: &Tenants, token: &str, body: Value) -> Answer {
    let Value::Object(changes) = body else {
        return bad("a JSON object of settings");
    };
    tenants.with(token, |tenant| {
        let mut wanted = json!(tenant.store.settings());
        if let Value::Object(wanted) = &mut wanted {
            wanted.extend(changes);
        }
        match serde_json::from_value(wanted) {
            Err(error) => bad(error),
            Ok(settings) => {
                tenant.store.configure(settings);
                ok(json!(settings))
            }
        }
    })
}

/// Adds one fault, or a list of them.
fn add_faults(tenants: &Tenants, token: &str, body: Value) -> Answer {
    let list = if body.is_array() { body } else { json!([body]) };
    match serde_json::from_value::<Vec<Fault>>(list) {
        Err(error) => bad(error),
        Ok(faults) => tenants.with(token, |tenant| {
            faults
                .into_iter()
                .for_each(|fault| tenant.store.add_fault(fault));
            ok(json!(tenant.store.faults()))
        }),
    }
}
