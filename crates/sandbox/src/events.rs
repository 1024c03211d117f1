//! What every write leaves in `GET /events`.

use serde_json::{Value, json};

use crate::call::{Answer, Call};
use crate::clock::DAY_MS;
use crate::faults::fill_template;
use crate::rows::*;

/// How long events are kept.
const KEPT_MS: i64 = 7 * DAY_MS;

/// Method, path, and what happened to which kind of object.
const VERBS: &[(&str, &str, &str, &str)] = &[
    ("POST", "/customers", "customer", "created"),
    ("PUT", "/customers/{id}", "customer", "updated"),
    (
        "POST",
        "/customers/{id}/notifications",
        "customer",
        "notified",
    ),
    ("POST", "/addresses", "address", "created"),
    ("PUT", "/addresses/{id}", "address", "updated"),
    ("DELETE", "/addresses/{id}", "address", "deleted"),
    ("POST", "/payment_methods", "payment_method", "created"),
    ("PUT", "/payment_methods/{id}", "payment_method", "updated"),
    (
        "DELETE",
        "/payment_methods/{id}",
        "payment_method",
        "deleted",
    ),
    ("POST", "/subscriptions", "subscription", "created"),
    ("PUT", "/subscriptions/{id}", "subscription", "updated"),
    ("PUT", "/bundles/{id}", "subscription", "updated"),
    (
        "POST",
        "/subscriptions/{id}/set_next_charge_date",
        "subscription",
        "updated",
    ),
    (
        "POST",
        "/subscriptions/{id}/change_address",
        "subscription",
        "updated",
    ),
    (
        "POST",
        "/subscriptions/{id}/cancel",
        "subscription",
        "cancelled",
    ),
    (
        "POST",
        "/subscriptions/{id}/activate",
        "subscription",
        "activated",
    ),
    ("DELETE", "/subscriptions/{id}", "subscription", "deleted"),
    (
        "POST",
        "/subscriptions/{id}/charges/skip",
        "charge",
        "skipped",
    ),
    ("POST", "/addresses/{id}/charges/skip", "charge", "skipped"),
    ("POST", "/charges/{id}/skip", "charge", "skipped"),
    ("POST", "/charges/{id}/unskip", "charge", "unskipped"),
    ("POST", "/charges/{id}/process", "charge", "processed"),
    ("POST", "/charges/{id}/refund", "charge", "refunded"),
    ("POST", "/charges/{id}/apply_discount", "charge", "updated"),
    ("POST", "/charges/{id}/remove_discount", "charge", "updated"),
    (
        "POST",
        "/charges/{id}/change_next_charge_date",
        "charge",
        "updated",
    ),
    ("POST", "/onetimes", "onetime", "created"),
    ("PUT", "/onetimes/{id}", "onetime", "updated"),
    ("DELETE", "/onetimes/{id}", "onetime", "deleted"),
    ("POST", "/orders/{id}/delay", "order", "updated"),
];

/// Records a write that succeeded; `before` are the rows it found.
pub(crate) fn record(before: &Tables, tables: &mut Tables, call: &Call, answer: &Answer, now: i64) {
    let found = VERBS.iter().find_map(|(method, template, object, verb)| {
        let ids = fill_template(template, &call.path).filter(|_| *method == call.method)?;
        Some((*object, *verb, ids.first().and_then(|id| id.parse().ok())))
    });
    let Some((object, verb, in_path)) = found else {
        return;
    };
    let fields = answer.body.as_ref().and_then(Value::as_object);
    let inner = fields.and_then(|body| body.values().next());
    let in_answer = inner.and_then(|row| row.get("id")).and_then(Value::as_u64);
    let Some(object_id) = in_answer.or(in_path) else {
        return;
    };
    let is_pause = call
        .query
        .iter()
        .any(|(name, value)| name == "pause" && value == "true");
    let verb = if is_pause { "paused" } else { verb };
    let event = json!({
        "customer_id": owner(before, object, object_id).or_else(|| owner(tables, object, object_id)),
        "custom_attributes": [],
        "description": format!("{object} {verb}"),
        "object_id": object_id,
        "object_type": object,
        "source": {"account_email": null, "account_id": null, "api_token_id": 1, "api_token_name": "Customer portal", "origin": "api", "user_type": "api"},
        "updated_attributes": [],
        "verb": verb,
    });
    tables
        .documents
        .retain(|_, d| d.kind != kind::EVENTS || d.created_at > now - KEPT_MS);
    tables.keep(kind::EVENTS, None, event, now);
}

fn owner(tables: &Tables, object: &str, id: Id) -> Option<Id> {
    match object {
        "customer" => Some(id),
        "address" => tables.addresses.get(&id).map(|row| row.customer_id),
        "payment_method" => tables.payment_methods.get(&id).map(|row| row.customer_id),
        "subscription" => tables.subscriptions.get(&id).map(|row| row.customer_id),
        "onetime" => tables.onetimes.get(&id).map(|row| row.customer_id),
        "charge" => tables.charges.get(&id).map(|row| row.customer_id),
        "order" => tables.orders.get(&id).map(|row| row.customer_id),
        _ => None,
    }
}
