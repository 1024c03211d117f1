//! The portal that upstream hosts itself: customer sessions, the way in, and its one page.

use serde::Serialize;
use serde_json::{Value, json};

use crate::clock::{HOUR_MS, stamp};
use crate::rows::*;

/// How long a customer's session is good.
const SESSION_MS: i64 = HOUR_MS;
/// How long a temporary token is good.
const TOKEN_MS: i64 = 15 * 60 * 1000;

/// What a customer's own token lets its bearer do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum Pass {
    /// Call the API as that customer.
    Session,
    /// Open the hosted portal.
    Portal,
}

/// A token made for one customer.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Bearer {
    pub(crate) token: String,
    pub(crate) customer_id: Id,
    pub(crate) pass: Pass,
    pub(crate) expires_at: i64,
}

/// How tokens of sessions begin, which tells them from a store's own.
pub(crate) const SESSION_PREFIX: &str = "cs_";

/// Makes a token for a customer.
fn issue(tables: &mut Tables, customer_id: Id, pass: Pass, now: i64) -> Bearer {
    let (prefix, good_for) = match pass {
        Pass::Session => (SESSION_PREFIX, SESSION_MS),
        Pass::Portal => ("pt_", TOKEN_MS),
    };
    let nonce = tables.new_id().wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ now.unsigned_abs();
    let bearer = Bearer {
        token: format!("{prefix}{nonce:016x}{customer_id:x}"),
        customer_id,
        pass,
        expires_at: now + good_for,
    };
    tables.bearers.retain(|held| held.expires_at > now);
    tables.bearers.push(bearer.clone());
    bearer
}

/// A new session of a customer, as `POST /customers/{id}/sessions` answers it.
pub(crate) fn open_session(tables: &mut Tables, customer_id: Id, now: i64) -> Value {
    let bearer = issue(tables, customer_id, Pass::Session, now);
    json!({"apiToken": bearer.token, "customerId": customer_id})
}

/// Whose token it is, while it is good.
pub(crate) fn holder(tables: &Tables, token: &str, pass: Pass, now: i64) -> Option<Id> {
    let held = tables
        .bearers
        .iter()
        .find(|held| held.token == token && held.pass == pass)?;
    (held.expires_at > now).then_some(held.customer_id)
}

/// The way into the hosted portal for a customer, as `GET /portal_access` answers it.
pub(crate) fn access(tables: &mut Tables, customer: &Customer, page: &str, now: i64) -> Value {
    let bearer = issue(tables, customer.id, Pass::Portal, now);
    let base_url = format!("{}/tools/recurring/portal/", tables.shop.hosted_origin);
    json!({
        "portal_url": format!("{base_url}{}/{page}?token={}", customer.hash, bearer.token),
        "base_url": base_url,
        "customer_hash": customer.hash,
        "temp_token": bearer.token,
        "expires_at": stamp(bearer.expires_at),
    })
}

/// The page at a path of the hosted portal, in HTML: `None` where nobody may be let in.
/// Below `/portal` the hash alone opens it; through the shop's proxy a temporary token too.
pub(crate) fn page(tables: &Tables, path: &str, token: Option<&str>, now: i64) -> Option<String> {
    let through_proxy = path.strip_prefix("/tools/recurring/portal/");
    let rest = through_proxy.or_else(|| path.strip_prefix("/portal/"))?;
    let (hash, page) = rest.trim_end_matches('/').split_once('/')?;
    let customer = tables.customers.values().find(|c| c.hash == hash)?;
    let shown = token.map(|token| holder(tables, token, Pass::Portal, now));
    match (through_proxy.is_some(), shown) {
        (_, Some(holder)) if holder != Some(customer.id) => return None,
        (true, None) => return None,
        _ => {}
    }
    let name = escape(&format!("{} {}", customer.first_name, customer.last_name));
    let items: String = tables
        .subscriptions
        .values()
        .filter(|s| s.customer_id == customer.id && s.status == SubscriptionStatus::Active)
        .map(|s| {
            format!(
                "<li>{} × {}</li>",
                s.details.quantity,
                escape(&s.details.product_title)
            )
        })
        .collect();
    Some(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Hosted portal</title>\
         <h1>Hosted portal of {}</h1><p>Opened for <strong>{name}</strong>, page \
         <code>{}</code>.</p><ul>{items}</ul></html>",
        escape(&tables.shop.name),
        escape(page),
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
