//! What a customer has changed, from the journal: what was asked for, what it was before, and
//! what became of it.

use std::collections::BTreeMap;

use protocol::view::{ChangeActor, ChangeHistory, ChangeRecord, ChangeState, ChangedValue};
use protocol::{Intent, Operation, Outcome, PartState, Problem, ProblemKind, SubscriptionId};
use serde_json::Value;

use crate::actor::Actor;
use crate::journal::{Entry, EntryState};
use crate::upstream::reader::Reader;

/// Changes on a page; a few more where several were made in one millisecond.
const PAGE: usize = 20;
/// Entries that are asked for at a time.
const AT_ONCE: usize = 100;
/// Entries that are looked through for one page at most.
const MOST: usize = 2_000;
/// The longest value that is shown, in characters.
const LONGEST: usize = 200;

/// The changes begun before `before`, milliseconds since 1970, of one subscription or of all.
pub(crate) async fn page(
    reader: &Reader<'_>,
    before: Option<i64>,
    subscription: Option<SubscriptionId>,
) -> Result<ChangeHistory, Problem> {
    let names = Names::read(reader).await?;
    let mut changes = Vec::new();
    let mut from_ms = before.unwrap_or(i64::MAX);
    for _ in 0..MOST / AT_ONCE {
        let journal = &reader.upstream.journal;
        let entries = journal.history(reader.customer, from_ms, AT_ONCE).await;
        let entries = entries.map_err(|_| {
            let title = "What was changed cannot be read now.";
            Problem::new(ProblemKind::Unavailable, title)
        })?;
        for entry in &entries {
            if changes.len() >= PAGE && entry.begun_ms != from_ms {
                return Ok(ChangeHistory {
                    changes,
                    next: Some(from_ms),
                });
            }
            from_ms = entry.begun_ms;
            let record = Asked::read(entry)
                .filter(|asked| subscription.is_none_or(|id| names_subscription(&asked.fields, id)))
                .and_then(|asked| record(reader, entry, &asked, &names));
            changes.extend(record);
        }
        if entries.len() < AT_ONCE {
            return Ok(ChangeHistory {
                changes,
                next: None,
            });
        }
    }
    Ok(ChangeHistory {
        changes,
        next: Some(from_ms),
    })
}

/// An intent as the journal keeps it.
struct Asked {
    operation: String,
    fields: Value,
}

impl Asked {
    fn read(entry: &Entry) -> Option<Asked> {
        Asked::of(serde_json::from_str(&entry.intent).ok()?)
    }

    /// Without the secret, of which the journal has the hash.
    fn of(intent: Value) -> Option<Asked> {
        let Value::Object(variants) = intent else {
            return None;
        };
        let (name, mut fields) = variants.into_iter().next()?;
        let operation: Option<Operation> = serde_json::from_value(Value::from(name.as_str())).ok();
        if let Some(secret) = operation.and_then(Operation::secret) {
            fields["body"].as_object_mut()?.remove(secret);
        }
        Some(Asked {
            operation: name,
            fields,
        })
    }

    /// The intent that takes a change back says how it was.
    fn undoing(intent: &Intent) -> Option<Asked> {
        Asked::of(serde_json::to_value(intent).ok()?)
    }

    /// Its values by name: the day it is about, and what stands in its body.
    fn values(&self) -> Vec<(String, String)> {
        let mut values = Vec::new();
        flatten("date", &self.fields["date"], &mut values);
        flatten("", &self.fields["body"], &mut values);
        values
    }
}

/// Plain values, however deep; ids and lists of ids are told by the subject.
fn flatten(name: &str, value: &Value, values: &mut Vec<(String, String)>) {
    if name.ends_with("_id") || name.ends_with("_ids") {
        return;
    }
    let text = match value {
        Value::String(text) => text.chars().take(LONGEST).collect(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Object(fields) => {
            let money = fields.get("amount").zip(fields.get("currency"));
            let interval = fields.get("every").zip(fields.get("unit"));
            match money.or(interval) {
                Some((Value::String(amount), Value::String(currency))) => {
                    format!("{amount} {currency}")
                }
                Some((Value::Number(every), Value::String(unit))) => format!("{every} {unit}"),
                _ => {
                    for (name, value) in fields {
                        flatten(name, value, values);
                    }
                    return;
                }
            }
        }
        Value::Array(_) | Value::Null => return,
    };
    values.push((name.to_owned(), text));
}

/// Whether an intent is about a subscription, in its path or in a list of its body.
fn names_subscription(value: &Value, id: SubscriptionId) -> bool {
    let is_it = |value: &Value| value.as_u64() == Some(id.0);
    match value {
        Value::Object(fields) => fields.iter().any(|(name, value)| match name.as_str() {
            "subscription_id" => is_it(value),
            "subscription_ids" | "purchase_item_ids" => {
                value.as_array().is_some_and(|ids| ids.iter().any(is_it))
            }
            _ => names_subscription(value, id),
        }),
        _ => false,
    }
}

fn record(
    reader: &Reader<'_>,
    entry: &Entry,
    asked: &Asked,
    names: &Names,
) -> Option<ChangeRecord> {
    let EntryState::Finished(outcome) = &entry.state else {
        return None;
    };
    let outcome: Outcome = serde_json::from_str(outcome).ok()?;
    let undo = outcome.undo.as_ref().and_then(|undo| undo.intent().ok());
    let was = undo.as_ref().and_then(Asked::undoing);
    let was = was.filter(|was| was.operation == asked.operation);
    let was: BTreeMap<String, String> = was
        .map_or_else(Vec::new, |was| was.values())
        .into_iter()
        .collect();
    let values = asked
        .values()
        .into_iter()
        .map(|(field, after)| ChangedValue {
            // The day is what names the delivery, and stays.
            before: was.get(&field).filter(|before| **before != after).cloned(),
            field,
            after,
        });
    let done = |part: &&protocol::Part| part.state == PartState::Done;
    let state = match outcome.parts.iter().filter(done).count() {
        0 => ChangeState::Refused,
        some if some < outcome.parts.len() => ChangeState::Partly,
        _ => ChangeState::Done,
    };
    let (date, minute) = reader.upstream.env.local(entry.begun_ms);
    Some(ChangeRecord {
        subject: names.subject(&asked.fields),
        operation: asked.operation.clone(),
        actor: shown(&entry.actor),
        date,
        minute,
        state,
        values: values.collect(),
        reference: outcome.reference,
    })
}

/// Customers see who acted, not which member of staff.
fn shown(actor: &Actor) -> ChangeActor {
    match actor {
        Actor::Customer => ChangeActor::Customer,
        Actor::Staff(_) | Actor::Shop => ChangeActor::Shop,
        Actor::Rule => ChangeActor::Rule,
        Actor::Link => ChangeActor::Link,
        Actor::Elsewhere => ChangeActor::Elsewhere,
    }
}

/// What things are called, by their ids.
struct Names {
    subscriptions: BTreeMap<u64, String>,
    addresses: BTreeMap<u64, String>,
}

impl Names {
    async fn read(reader: &Reader<'_>) -> Result<Names, Problem> {
        let customer = reader.customer().await?;
        let include = customer.include;
        let subscriptions = include.subscriptions.iter();
        let addresses = include.addresses.iter();
        Ok(Names {
            subscriptions: subscriptions
                .map(|s| (s.id.0, s.product_title.clone()))
                .collect(),
            addresses: addresses.map(|a| (a.id.0, a.address1.clone())).collect(),
        })
    }

    /// The subscriptions that an intent names or else its address; empty where they are gone.
    fn subject(&self, fields: &Value) -> String {
        let lists = ["subscription_ids", "purchase_item_ids"];
        let lists = lists
            .iter()
            .filter_map(|name| fields["body"][*name].as_array());
        let ids = lists.flatten().chain([&fields["subscription_id"]]);
        let mut titles: Vec<&str> = ids
            .filter_map(|id| self.subscriptions.get(&id.as_u64()?))
            .map(String::as_str)
            .collect();
        titles.dedup();
        if titles.is_empty() {
            let address = fields["address_id"].as_u64();
            let street = address.and_then(|id| self.addresses.get(&id));
            street.cloned().unwrap_or_default()
        } else {
            titles.join(", ")
        }
    }
}
