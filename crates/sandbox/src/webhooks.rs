//! What webhooks are told: a call for each row that has changed.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::rows::*;
use crate::serialise::{address, bundle, charge, customer, onetime, order, subscription};

/// A call that a registered webhook is to get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookCall {
    /// Where it goes.
    pub address: String,
    /// What happened, such as `subscription/cancelled`.
    pub topic: String,
    /// The object under its name, as JSON.
    pub body: String,
}

/// Objects as they go over the wire, by their name and id.
type Objects = BTreeMap<(&'static str, Id), Value>;

/// Whether anybody is to be told of changes.
pub(crate) fn are_registered(tables: &Tables) -> bool {
    tables.documents_of(kind::WEBHOOKS).next().is_some()
}

/// The calls that the changes from `before` to `after` lead to.
pub(crate) fn calls(before: &Tables, after: &Tables) -> Vec<WebhookCall> {
    let (old, new) = (objects(before), objects(after));
    let mut told = Vec::new();
    for (key, value) in &new {
        match old.get(key) {
            None => told.push((topic(key.0, "created"), body(key.0, value))),
            Some(was) if was != value => {
                let verbs = verbs(key.0, was, value);
                told.extend(verbs.map(|verb| (topic(key.0, verb), body(key.0, value))));
            }
            Some(_) => {}
        }
    }
    for (key, was) in old.iter().filter(|(key, _)| !new.contains_key(key)) {
        told.push((topic(key.0, "deleted"), body(key.0, was)));
    }
    told.extend(skipped(before, after));
    told.extend(paying(before, after));
    let calls = told.iter().flat_map(|(topic, body)| {
        let webhooks = after.documents_of(kind::WEBHOOKS);
        let text = |webhook: &Document, name: &str| {
            let text = webhook.fields.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let wanted = webhooks.filter(move |webhook| text(webhook, "topic") == *topic);
        wanted.map(move |webhook| WebhookCall {
            address: text(webhook, "address"),
            topic: topic.clone(),
            body: body.clone(),
        })
    });
    calls.collect()
}

fn topic(name: &str, verb: &str) -> String {
    format!("{name}/{verb}")
}

fn body(name: &str, value: &Value) -> String {
    let envelope = Map::from_iter([(name.to_owned(), value.clone())]);
    Value::Object(envelope).to_string()
}

fn objects(tables: &Tables) -> Objects {
    let mut objects = Objects::new();
    for row in tables.subscriptions.values() {
        let value = subscription::subscription(tables, row);
        objects.insert(("subscription", row.id), value);
    }
    for row in tables.onetimes.values() {
        objects.insert(("onetime", row.id), onetime::onetime(row));
    }
    for row in tables.addresses.values() {
        objects.insert(("address", row.id), address::address(tables, row));
    }
    for row in tables.customers.values() {
        objects.insert(("customer", row.id), customer::customer(tables, row));
    }
    for row in tables.charges.values() {
        objects.insert(("charge", row.id), charge::charge(tables, row));
    }
    for row in tables.orders.values() {
        objects.insert(("order", row.id), order::order(tables, row));
    }
    for row in tables.bundle_selections.values() {
        objects.insert(("bundle_selection", row.id), bundle::selection(row));
    }
    objects
}

/// What happened to an object that is another one now.
fn verbs(name: &str, was: &Value, is: &Value) -> impl Iterator<Item = &'static str> + use<> {
    let special = match (name, is["status"].as_str()) {
        _ if was["status"] == is["status"] => None,
        ("subscription", Some("cancelled")) => Some("cancelled"),
        ("subscription", Some("active")) => Some("activated"),
        ("charge", Some("success")) => Some("paid"),
        ("charge", Some("error")) => Some("failed"),
        ("charge", Some("refunded" | "partially_refunded")) => Some("refunded"),
        ("order", Some("success")) => Some("processed"),
        ("order", Some("cancelled")) => Some("cancelled"),
        _ => None,
    };
    special.into_iter().chain(["updated"])
}

/// The subscriptions that were skipped on a charge, or restored to it.
fn skipped(before: &Tables, after: &Tables) -> Vec<(String, String)> {
    let mut told = Vec::new();
    for subscription in after.subscriptions.values() {
        let skips = |tables: &Tables| {
            let skipped = |charge: &&Charge| {
                charge.status == ChargeStatus::Skipped && charge.has(subscription.id)
            };
            tables.charges.values().filter(skipped).count()
        };
        let verb = match skips(before).cmp(&skips(after)) {
            std::cmp::Ordering::Less => "skipped",
            std::cmp::Ordering::Greater => "unskipped",
            std::cmp::Ordering::Equal => continue,
        };
        let value = subscription::subscription(after, subscription);
        told.push((topic("subscription", verb), body("subscription", &value)));
    }
    told
}

/// The customers with other payment methods than before.
fn paying(before: &Tables, after: &Tables) -> Vec<(String, String)> {
    let methods = |tables: &Tables, owner: Id| {
        let methods = tables.payment_methods.values();
        let own = methods.filter(|method| method.customer_id == owner);
        own.map(|method| serde_json::to_value(method).unwrap_or_default())
            .collect::<Vec<_>>()
    };
    let customers = after.customers.values();
    let changed = customers.filter(|row| methods(before, row.id) != methods(after, row.id));
    changed
        .map(|row| {
            let value = customer::customer(after, row);
            (
                topic("customer", "payment_method_updated"),
                body("customer", &value),
            )
        })
        .collect()
}
