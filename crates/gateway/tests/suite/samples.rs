//! Samples of intents, and what the tests of this crate do with them.

pub(crate) use gateway::sample;
pub(crate) use gateway::testing::*;
use protocol::view::*;
use protocol::*;

use crate::world::World;

/// The operations that write upstream what its state proves. The others only keep a fact, which
/// is never lost; and that a link was e-mailed upstream does not tell, nor can it be had in
/// `everyday`.
pub(crate) fn writing() -> impl Iterator<Item = Operation> {
    let writes = |operation: &Operation| {
        *operation != Operation::SendPaymentLink && !gateway::row(*operation).writes.is_empty()
    };
    Operation::ALL.iter().copied().filter(writes)
}

/// A world in which `sample` of this operation can be carried out, with nothing in its log.
pub(crate) async fn world_for(operation: Operation) -> (World, Intent) {
    let world = World::new(scenario(operation).parse().unwrap());
    let intent = sample(&world, operation).await;
    world.clear_log();
    (world, intent)
}

/// The same intent about another thing or, where its path names none, with another value in it.
pub(crate) fn altered(intent: &Intent) -> Intent {
    let mut sent = intent.request();
    let places: Vec<String> = sent
        .path
        .split('/')
        .map(|place| match place.parse::<u64>() {
            Ok(id) => (id + 1).to_string(),
            Err(_) => place.to_owned(),
        })
        .collect();
    let path = places.join("/");
    if path == sent.path {
        let mut body = serde_json::from_str(&sent.body).unwrap();
        assert!(alter(&mut body), "nothing to alter in {}", sent.body);
        sent.body = body.to_string();
    }
    sent.path = path;
    sent.intent().unwrap()
}

/// Alters the first number, or else the first text or flag, of a body.
fn alter(body: &mut serde_json::Value) -> bool {
    use serde_json::Value;
    fn leaves<'a>(value: &'a mut Value, found: &mut Vec<&'a mut Value>) {
        match value {
            Value::Array(list) => list.iter_mut().for_each(|value| leaves(value, found)),
            Value::Object(fields) => fields.values_mut().for_each(|value| leaves(value, found)),
            leaf => found.push(leaf),
        }
    }
    let mut found = Vec::new();
    leaves(body, &mut found);
    found.sort_by_key(|leaf| !leaf.is_number());
    match found.into_iter().find(|leaf| !leaf.is_null()) {
        Some(Value::Bool(flag)) => *flag = !*flag,
        Some(Value::Number(number)) => *number = (number.as_u64().unwrap() + 1).into(),
        Some(Value::String(text)) => text.push('x'),
        _ => return false,
    }
    true
}

/// The page of a subscription by its product's title.
pub(crate) async fn detail(world: &World, title: &str) -> SubscriptionDetail {
    let all: Subscriptions = world.read(Query::Subscriptions).await;
    let card = all.subscriptions.iter().find(|card| card.title == title);
    world.read(Query::Subscription(card.expect(title).id)).await
}

/// What upstream refused, or the gateway before it.
pub(crate) fn refusal(outcome: Outcome) -> (Refusal, Vec<(String, FieldProblem)>) {
    match outcome.parts.into_iter().next_back().unwrap().state {
        PartState::Refused { reason, fields } => (
            reason,
            fields
                .into_iter()
                .map(|field| (field.field, field.error))
                .collect(),
        ),
        other => panic!("{other:?}"),
    }
}
