//! Changing what is noted on a subscription.

use protocol::view::Property;
use protocol::{
    FieldError, FieldProblem, Intent, Operation, Problem, Properties, Resource, UpdateProperties,
};
use recharge::{Subscription, SubscriptionUpdate};
use serde_json::{Value, json};

use super::subscription::{changeable, committed_write};
use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
use crate::rules::texts::check_length;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for UpdateProperties {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::UpdateProperties),
            stale: &[
                Resource::Subscriptions,
                Resource::Deliveries,
                Resource::PaymentMethods,
            ],
            writes: &["PUT /subscriptions/{id}"],
            evidence: &["every sent property has the sent value"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Subscription(self.subscription_id)
    }

    /// Sends all properties, since upstream drops those that are missing: the others exactly as
    /// upstream has them, which may be more than text.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let UpdateProperties {
            subscription_id: id,
            body,
        } = self;
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
        let undo = Intent::UpdateProperties(UpdateProperties {
            subscription_id: *id,
            body: Properties {
                properties: body
                    .properties
                    .iter()
                    .map(|p| value(&before, &p.name))
                    .collect(),
            },
        });
        let update = SubscriptionUpdate {
            properties: Some(Value::Array(after)),
            ..SubscriptionUpdate::default()
        };
        committed_write(Subscription::update(*id, &update), Some(undo))
    }

    /// Every property that was sent has the value that was sent.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let UpdateProperties {
            subscription_id: id,
            body,
        } = self;
        let now = reader.raw_properties(*id).await?;
        let is_so = |sent: &Property| value(&now, &sent.name).value == sent.value.trim();
        Ok(body.properties.iter().all(is_so))
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let detail = testing::changeable(account).await;
        let body = testing::note("Engraving", "For Ingrid");
        UpdateProperties {
            subscription_id: detail.card.id,
            body,
        }
        .into()
    }
}

/// What is wrong with the properties as they were sent, by their names.
fn problems(reader: &Reader<'_>, sent: &[Property]) -> Vec<FieldError> {
    let rules = &reader.upstream.policy.subscriptions;
    let longest = usize::try_from(rules.note_length).unwrap_or(usize::MAX);
    let problem = |property: &Property| {
        if !rules.properties.contains(&property.name) {
            return Some(FieldError::new(&property.name, FieldProblem::Refused));
        }
        check_length(&property.name, &property.value, false, longest)
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
