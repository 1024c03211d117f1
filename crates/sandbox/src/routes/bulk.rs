//! Several subscriptions of one address in one call, as version 2021-01 has it: each is
//! made, changed or erased as by a call of its own, all of them or none.

use serde_json::{Map, Value, json};

use super::{Access, Route, row, subscriptions};
use crate::call::{Answer, Outcome};
use crate::charges;
use crate::errors::{invalid, not_found};
use crate::incoming::{Incoming, required, whole};
use crate::rows::*;
use crate::serialise::subscription as wire;

pub(super) const ROUTES: &[Route] = &[
    (
        "POST",
        "/addresses/{id}/subscriptions-bulk",
        Access::Write(create),
    ),
    (
        "PUT",
        "/addresses/{id}/subscriptions-bulk",
        Access::Write(update),
    ),
    (
        "DELETE",
        "/addresses/{id}/subscriptions-bulk",
        Access::Write(delete),
    ),
];

/// The most subscriptions of one call.
const MOST: usize = 20;

fn create(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let address_id = row(&tables.addresses, incoming)?.id;
    let mut made = Vec::new();
    for item in items(incoming)? {
        let mut one = alone(incoming, item, None);
        one.body.insert("address_id".into(), json!(address_id));
        let answer = subscriptions::create(tables, &one)?;
        let id = answer.body.as_ref().and_then(|body| {
            let subscription = body.get("subscription")?;
            subscription.get("id")?.as_u64()
        });
        made.extend(id);
    }
    finish(tables, incoming, address_id, 201, &made)
}

fn update(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let address_id = row(&tables.addresses, incoming)?.id;
    let mut changed = Vec::new();
    for item in items(incoming)? {
        let id = on_address(tables, address_id, item)?;
        subscriptions::update(tables, &alone(incoming, item, Some(id)))?;
        changed.push(id);
    }
    finish(tables, incoming, address_id, 200, &changed)
}

fn delete(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let address_id = row(&tables.addresses, incoming)?.id;
    for item in items(incoming)? {
        let id = on_address(tables, address_id, item)?;
        subscriptions::delete(tables, &alone(incoming, item, Some(id)))?;
    }
    Ok(Answer::empty())
}

/// The entries of the body.
fn items(incoming: &Incoming) -> Result<Vec<&Map<String, Value>>, Answer> {
    let field = "subscriptions";
    let listed = required(field, incoming.value(field).and_then(Value::as_array))?;
    let objects: Option<Vec<_>> = listed.iter().map(Value::as_object).collect();
    objects
        .filter(|objects| (1..=MOST).contains(&objects.len()))
        .ok_or_else(|| invalid(field, "Must be a list of 1 to 20 subscriptions."))
}

/// The subscription that an entry names, which must be of the address.
fn on_address(tables: &Tables, address_id: Id, item: &Map<String, Value>) -> Result<Id, Answer> {
    let id = required("id", item.get("id").and_then(whole))?;
    let found = tables.subscriptions.get(&id);
    let found = found.filter(|subscription| subscription.address_id == address_id);
    found.map(|s| s.id).ok_or_else(not_found)
}

/// The call of its own that an entry stands for, with the names of version 2021-11.
fn alone(incoming: &Incoming, item: &Map<String, Value>, id: Option<Id>) -> Incoming {
    let mut body = item.clone();
    if let Some(variant) = body.remove("shopify_variant_id").filter(|v| !v.is_null()) {
        let variant = variant
            .as_str()
            .map_or_else(|| variant.to_string(), str::to_owned);
        body.insert("external_variant_id".into(), json!({"ecommerce": variant}));
    }
    Incoming {
        now: incoming.now,
        customer: incoming.customer,
        segments: id.map(|id| id.to_string()).into_iter().collect(),
        query: Vec::new(),
        body,
    }
}

/// Regenerates the charges now or soon, and answers with what was made or changed.
fn finish(
    tables: &mut Tables,
    incoming: &Incoming,
    address_id: Id,
    status: u16,
    ids: &[Id],
) -> Outcome {
    let commit = incoming.flag("commit_update")?.unwrap_or(false);
    charges::settle(tables, address_id, commit, incoming.now);
    let rows = ids.iter().filter_map(|id| tables.subscriptions.get(id));
    let listed = rows.map(|s| wire::of_2021_01(tables, s)).collect();
    Ok(Answer::created(status, "subscriptions", listed))
}
