//! Resources that are kept and given back: metafields, webhooks, events, gifts that were
//! bought, reasons to cancel.

use serde_json::{Map, Value, json};

use super::{Access, Route, admitted};
use crate::call::{Answer, Outcome};
use crate::clock::DAY_MS;
use crate::errors::{invalid, not_found};
use crate::incoming::{Incoming, required, text_in, whole};
use crate::paging::{Listed, Query};
use crate::rows::*;
use crate::serialise::document as wire;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/metafields", Access::Read(metafields)),
    ("POST", "/metafields", Access::Write(create_metafield)),
    (
        "GET",
        "/metafields/{id}",
        Access::Read(|t, i| one(t, i, kind::METAFIELDS, "metafield")),
    ),
    ("PUT", "/metafields/{id}", Access::Write(update_metafield)),
    (
        "DELETE",
        "/metafields/{id}",
        Access::Write(|t, i| delete(t, i, kind::METAFIELDS)),
    ),
    (
        "GET",
        "/webhooks",
        Access::Read(|t, i| list(t, i, kind::WEBHOOKS, &["topic"])),
    ),
    ("POST", "/webhooks", Access::Write(create_webhook)),
    (
        "GET",
        "/webhooks/{id}",
        Access::Read(|t, i| one(t, i, kind::WEBHOOKS, "webhook")),
    ),
    ("PUT", "/webhooks/{id}", Access::Write(update_webhook)),
    (
        "DELETE",
        "/webhooks/{id}",
        Access::Write(|t, i| delete(t, i, kind::WEBHOOKS)),
    ),
    ("POST", "/webhooks/{id}/test", Access::Write(test_webhook)),
    ("GET", "/events", Access::Read(events)),
    (
        "GET",
        "/gift_purchases",
        Access::Read(|t, i| {
            list(
                t,
                i,
                kind::GIFT_PURCHASES,
                &["sender_customer_id", "credit_account_id"],
            )
        }),
    ),
    (
        "GET",
        "/gift_purchases/{id}",
        Access::Read(|t, i| one(t, i, kind::GIFT_PURCHASES, "gift_purchase")),
    ),
    (
        "GET",
        "/retention_strategies",
        Access::Read(|t, i| {
            list(
                t,
                i,
                kind::RETENTION_STRATEGIES,
                &["cancellation_flow_type"],
            )
        }),
    ),
    (
        "GET",
        "/retention_strategies/{id}",
        Access::Read(|t, i| one(t, i, kind::RETENTION_STRATEGIES, "retention_strategy")),
    ),
];

/// The most webhooks of one topic.
const MAX_WEBHOOKS: usize = 10;
/// How long events can be read.
const EVENTS_MS: i64 = 7 * DAY_MS;

impl Listed for Document {
    fn id(&self) -> Id {
        self.id
    }

    fn key(&self, field: &str) -> Option<i64> {
        match field {
            "id" => Some(self.id as i64),
            "created_at" => Some(self.created_at),
            "updated_at" => Some(self.updated_at),
            _ => None,
        }
    }
}

/// Whether a field of a document passes the filter of its name.
fn admits(query: &Query, document: &Document, field: &str) -> bool {
    match document.fields.get(field) {
        Some(Value::String(text)) => query.admits_word(field, text),
        Some(value) => query.admits_word(field, &value.to_string()),
        None => query.filter(field).is_none(),
    }
}

pub(super) fn list(
    tables: &Tables,
    incoming: &Incoming,
    kind: &'static str,
    filters: &[&str],
) -> Outcome {
    let query = Query::read(incoming, &["id", "created_at", "updated_at"])?;
    let rows = admitted(tables.documents_of(kind), |d| {
        let owner = match d.customer_id {
            Some(owner) => query.admits_id("customer_id", owner)?,
            None => true,
        };
        Ok(owner
            && query.admits_time("created_at", Some(d.created_at))?
            && query.admits_time("updated_at", Some(d.updated_at))?
            && filters.iter().all(|field| admits(&query, d, field)))
    })?;
    query.answer(kind, rows.into_iter(), |d| wire::document(tables, d))
}

pub(super) fn found<'a>(
    tables: &'a Tables,
    incoming: &Incoming,
    kind: &'static str,
) -> Result<&'a Document, Answer> {
    let document = tables.documents.get(&incoming.id()?);
    document.filter(|d| d.kind == kind).ok_or_else(not_found)
}

pub(super) fn one(tables: &Tables, incoming: &Incoming, kind: &'static str, name: &str) -> Outcome {
    Ok(Answer::one(
        name,
        wire::document(tables, found(tables, incoming, kind)?),
    ))
}

fn delete(tables: &mut Tables, incoming: &Incoming, kind: &'static str) -> Outcome {
    let id = found(tables, incoming, kind)?.id;
    tables.documents.remove(&id);
    Ok(Answer::empty())
}

/// Puts fields into a document, or makes one with them.
pub(super) fn write(
    tables: &mut Tables,
    id: Option<Id>,
    kind: &'static str,
    fields: Map<String, Value>,
    now: i64,
) -> Result<Value, Answer> {
    let id = match id {
        Some(id) => id,
        None => tables.keep(kind, None, json!({}), now),
    };
    let document = tables.documents.get_mut(&id).ok_or_else(not_found)?;
    document.fields.extend(fields);
    document.updated_at = now;
    let document = tables.documents.get(&id).ok_or_else(not_found)?;
    Ok(wire::document(tables, document))
}

fn metafields(tables: &Tables, incoming: &Incoming) -> Outcome {
    // A cursor keeps the filters of its list.
    let query = Query::read(incoming, &["id", "created_at", "updated_at"])?;
    required("owner_resource", query.filter("owner_resource"))?;
    list(
        tables,
        incoming,
        kind::METAFIELDS,
        &["owner_resource", "owner_id", "namespace", "key"],
    )
}

/// The fields of a metafield. The vendor's own client wraps them in its name, others do not.
fn metafield_fields(incoming: &Incoming) -> Result<Map<String, Value>, Answer> {
    let mut fields = match incoming.value("metafield") {
        Some(Value::Object(body)) => body.clone(),
        Some(_) => return Err(invalid("metafield", "Invalid input type.")),
        None => incoming.body.clone(),
    };
    fields.retain(|name, _| {
        let known = [
            "owner_resource",
            "owner_id",
            "namespace",
            "key",
            "value",
            "value_type",
            "description",
        ];
        known.contains(&name.as_str())
    });
    Ok(fields)
}

fn create_metafield(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let mut fields = metafield_fields(incoming)?;
    for name in ["namespace", "key", "owner_resource", "value_type"] {
        let text = text_in(&fields, name).map_err(|message| invalid(name, message))?;
        required(name, text)?;
    }
    let value = required("value", fields.get("value").cloned())?;
    if !value.is_string() {
        fields.insert("value".into(), Value::String(value.to_string()));
    }
    let owner_id = fields.get("owner_id").and_then(whole);
    let owner_id = required("owner_id", owner_id)?;
    let owned = match fields.get("owner_resource").and_then(Value::as_str) {
        Some("address") => tables.addresses.contains_key(&owner_id),
        Some("customer") => tables.customers.contains_key(&owner_id),
        Some("subscription") => tables.subscriptions.contains_key(&owner_id),
        Some("order") => tables.orders.contains_key(&owner_id),
        Some("charge") => tables.charges.contains_key(&owner_id),
        Some("store") => tables.shop.id == owner_id,
        _ => return Err(invalid("owner_resource", "Not a valid choice.")),
    };
    if !owned {
        return Err(invalid("owner_id", "Not found"));
    }
    if !matches!(
        fields["value_type"].as_str(),
        Some("string" | "integer" | "json_string")
    ) {
        return Err(invalid("value_type", "Not a valid choice."));
    }
    // An owner's id comes back as text.
    fields.insert("owner_id".into(), Value::String(owner_id.to_string()));
    fields.entry("description").or_insert(Value::Null);
    // The same name of the same owner is one metafield: writing it again replaces it.
    let same = |d: &&Document| {
        ["owner_resource", "owner_id", "namespace", "key"]
            .iter()
            .all(|name| d.fields.get(*name) == fields.get(*name))
    };
    let standing = tables
        .documents_of(kind::METAFIELDS)
        .find(same)
        .map(|d| d.id);
    let value = write(tables, standing, kind::METAFIELDS, fields, incoming.now)?;
    Ok(Answer::created(201, "metafield", value))
}

fn update_metafield(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let id = found(tables, incoming, kind::METAFIELDS)?.id;
    let mut fields = metafield_fields(incoming)?;
    fields.retain(|name, _| matches!(name.as_str(), "value" | "value_type" | "description"));
    let value = write(tables, Some(id), kind::METAFIELDS, fields, incoming.now)?;
    Ok(Answer::one("metafield", value))
}

fn webhook_fields(incoming: &Incoming) -> Map<String, Value> {
    let known = ["address", "topic", "included_objects", "version"];
    let sent = incoming.body.iter();
    sent.filter(|(name, _)| known.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn create_webhook(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let address = required("address", incoming.text("address")?)?;
    if !address.starts_with("https://") && !address.starts_with("http://") {
        return Err(invalid("address", "Not a valid URL."));
    }
    let topic = required("topic", incoming.text("topic")?)?;
    if !topic.contains('/') {
        return Err(invalid("topic", "Not a valid choice."));
    }
    let of_topic = |d: &&Document| d.fields.get("topic").and_then(Value::as_str) == Some(&topic);
    if tables.documents_of(kind::WEBHOOKS).filter(of_topic).count() >= MAX_WEBHOOKS {
        return Err(invalid("topic", "Too many webhooks of this topic"));
    }
    let mut fields = webhook_fields(incoming);
    fields.entry("included_objects").or_insert(json!([]));
    fields.entry("version").or_insert(json!("2021-11"));
    let value = write(tables, None, kind::WEBHOOKS, fields, incoming.now)?;
    Ok(Answer::created(201, "webhook", value))
}

fn update_webhook(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let id = found(tables, incoming, kind::WEBHOOKS)?.id;
    let value = write(
        tables,
        Some(id),
        kind::WEBHOOKS,
        webhook_fields(incoming),
        incoming.now,
    )?;
    Ok(Answer::one("webhook", value))
}

/// Upstream would call the address; here it is enough that the webhook exists.
fn test_webhook(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    found(tables, incoming, kind::WEBHOOKS)?;
    Ok(Answer::json(200, json!({})))
}

/// What happened in the last seven days.
fn events(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "created_at"])?;
    let since = query.date("created_at_min")?;
    let oldest = incoming.now - EVENTS_MS;
    if since.is_some_and(|date| date < crate::clock::today(oldest)) {
        return Err(invalid(
            "_schema",
            "created_at_min can not be older than 7 days",
        ));
    }
    let rows = admitted(tables.documents_of(kind::EVENTS), |event| {
        let verbs = query.filter("verbs").is_none_or(|list| {
            let verb = event.fields.get("verb").and_then(Value::as_str);
            list.split(',').any(|word| Some(word) == verb)
        });
        let fields = ["object_type", "object_id", "customer_id"];
        Ok(event.created_at >= oldest
            && verbs
            && fields.iter().all(|field| admits(&query, event, field))
            && query.admits_time("created_at", Some(event.created_at))?)
    })?;
    query.answer(kind::EVENTS, rows.into_iter(), |d| {
        wire::document(tables, d)
    })
}
