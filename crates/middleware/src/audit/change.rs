//! What the audit log says of a finished change.

use protocol::{Intent, Operation, Outcome, PartState, Refusal};
use serde_json::{Map, Value};

use super::record::AuditRecord;
use crate::effects::Finished;

/// The fields of an intent whose text names no person and opens nothing. Whatever else is text is
/// masked.
const PLAIN: [&str; 12] = [
    "about",
    "amount",
    "code",
    "country_code",
    "currency",
    "date",
    "external_product_id",
    "external_variant_id",
    "reason",
    "to",
    "unit",
    "until",
];
/// What stands in place of other text.
const MASK: &str = "…";

/// The record of a change that was closed at `now_ms`.
pub(crate) fn of_change(change: &Finished<'_>, actor: &str, now_ms: i64) -> AuditRecord {
    read(change, actor, now_ms).unwrap_or_else(|| AuditRecord {
        at_ms: now_ms,
        actor: actor.to_owned(),
        customer: change.customer,
        action: "unreadable".to_owned(),
        object: String::new(),
        before: None,
        after: None,
        request_id: String::new(),
        outcome: "unknown".to_owned(),
    })
}

/// The same; `None` where the version that wrote the change is gone.
fn read(change: &Finished<'_>, actor: &str, now_ms: i64) -> Option<AuditRecord> {
    let outcome: Outcome = serde_json::from_str(change.outcome).ok()?;
    let asked = Asked::of(serde_json::from_str(change.intent).ok()?)?;
    let undo = outcome.undo.as_ref().and_then(|undo| undo.intent().ok());
    let was = undo.and_then(|undo: Intent| Asked::of(serde_json::to_value(undo).ok()?));
    let was = was.filter(|was| was.operation == asked.operation);
    Some(AuditRecord {
        at_ms: now_ms,
        actor: actor.to_owned(),
        customer: change.customer,
        object: asked.object(),
        before: was.map(Asked::masked),
        outcome: said(&outcome),
        action: asked.operation.clone(),
        after: Some(asked.masked()),
        request_id: outcome.reference,
    })
}

/// What the log says of an outcome.
pub(crate) fn result_of(outcome: &Outcome) -> &'static str {
    let is = |wanted: fn(&PartState) -> bool| outcome.parts.iter().any(|part| wanted(&part.state));
    if is(|state| matches!(state, PartState::Unknown)) {
        "unknown"
    } else if outcome.is_done() {
        "done"
    } else if is(|state| matches!(state, PartState::Done)) {
        "partly_done"
    } else {
        "refused"
    }
}

/// Whether the journal has closed the change, and so put it into the audit log. It has not where it
/// is not known what happened, nor where nothing did because upstream was away.
pub(super) fn is_recorded(outcome: &Outcome) -> bool {
    outcome.parts.iter().all(|part| match &part.state {
        PartState::Unknown => false,
        PartState::Refused { reason, .. } => *reason != Refusal::Unavailable,
        PartState::Done | PartState::NotTried => true,
    })
}

/// The result, with the reason of the first refusal.
fn said(outcome: &Outcome) -> String {
    let reason = outcome.parts.iter().find_map(|part| match &part.state {
        PartState::Refused { reason, .. } => Some(reason),
        _ => None,
    });
    match reason {
        Some(reason) => format!("{}: {}", result_of(outcome), reason.as_str()),
        None => result_of(outcome).to_owned(),
    }
}

/// An intent, taken apart.
struct Asked {
    operation: String,
    /// What its path names.
    named: Map<String, Value>,
    body: Value,
}

impl Asked {
    /// Without the secret, of which the journal has the hash.
    fn of(intent: Value) -> Option<Asked> {
        let Value::Object(variants) = intent else {
            return None;
        };
        let (operation, fields) = variants.into_iter().next()?;
        let Value::Object(mut named) = fields else {
            return None;
        };
        let mut body = named.remove("body").unwrap_or_default();
        let known: Option<Operation> = serde_json::from_value(operation.as_str().into()).ok();
        if let Some(secret) = known?.secret() {
            body.as_object_mut()?.remove(secret);
        }
        Some(Asked {
            operation,
            named,
            body,
        })
    }

    /// What its path names: `address_id=1 date=2026-12-01`.
    fn object(&self) -> String {
        let said = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let named = self.named.iter();
        let named: Vec<String> = named
            .map(|(name, value)| format!("{name}={}", said(value)))
            .collect();
        named.join(" ")
    }

    /// Its body without personal data.
    fn masked(mut self) -> String {
        mask("", &mut self.body);
        self.body.to_string()
    }
}

fn mask(name: &str, value: &mut Value) {
    match value {
        Value::String(text) => {
            if !text.is_empty() && !PLAIN.contains(&name) {
                *text = MASK.to_owned();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| mask(name, value)),
        Value::Object(fields) => fields
            .iter_mut()
            .for_each(|(name, value)| mask(name, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
