//! Changing what is noted on a subscription.

use protocol::view::Property;
use protocol::{FieldError, FieldProblem, Intent, Operation, Problem, Properties, SubscriptionId};
use recharge::{Subscription, SubscriptionUpdate};
use serde_json::{Value, json};

use super::subscription::{changeable, last};
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// Sends all properties, since upstream drops those that are missing: the others exactly as
/// upstream has them, which may be more than text.
pub(crate) async fn update(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &Properties,
) -> Result<Option<Write>, Stop> {
    changeable(reader, *id, Operation::UpdateProperties).await?;
    let problems = problems(reader, &body.properties);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let before = reader.raw_properties(*id).await?;
    let mut after = before.clone();
    for property in &body.properties {
        set(&mut after, &property.name, property.value.trim());
    }
    if after == before {
        return Ok(None);
    }
    let undo = Intent::UpdateProperties {
        subscription_id: *id,
        body: Properties {
            properties: body
                .properties
                .iter()
                .map(|p| value(&before, &p.name))
                .collect(),
        },
    };
    let update = SubscriptionUpdate {
        properties: Some(Value::Array(after)),
        ..SubscriptionUpdate::default()
    };
    last(Subscription::update(*id, &update), Some(undo))
}

/// Every property that was sent has the value that was sent.
pub(crate) async fn is_written(
    reader: &Reader<'_>,
    id: &SubscriptionId,
    body: &Properties,
) -> Result<bool, Problem> {
    let now = reader.raw_properties(*id).await?;
    let is_so = |sent: &Property| value(&now, &sent.name).value == sent.value.trim();
    Ok(body.properties.iter().all(is_so))
}

/// What is wrong with the properties as they were sent, by their names.
fn problems(reader: &Reader<'_>, sent: &[Property]) -> Vec<FieldError> {
    let rules = &reader.gateway.policy.subscriptions;
    let longest = usize::try_from(rules.note_length).unwrap_or(usize::MAX);
    let problem = |property: &Property| {
        let error = if !rules.properties.contains(&property.name) {
            FieldProblem::Refused
        } else if property.value.trim().chars().count() > longest {
            FieldProblem::TooLong
        } else {
            return None;
        };
        Some(FieldError {
            field: property.name.clone(),
            error,
        })
    };
    sent.iter().filter_map(problem).collect()
}

fn is_named(property: &Value, name: &str) -> bool {
    property.get("name").and_then(Value::as_str) == Some(name)
}

/// Sets one of upstream's properties where it stands, adds it where it is new, and removes it
/// where it is empty.
fn set(properties: &mut Vec<Value>, name: &str, value: &str) {
    let found = properties
        .iter()
        .position(|property| is_named(property, name));
    match (found, value) {
        (Some(at), "") => drop(properties.remove(at)),
        (Some(at), value) => properties[at]["value"] = json!(value),
        (None, "") => {}
        (None, value) => properties.push(json!({ "name": name, "value": value })),
    }
}

/// One of upstream's properties as text; empty where there is none.
fn value(properties: &[Value], name: &str) -> Property {
    let found = properties.iter().find(|property| is_named(property, name));
    let text = found.and_then(|property| property.get("value")?.as_str());
    Property {
        name: name.to_owned(),
        value: text.unwrap_or_default().to_owned(),
    }
}
