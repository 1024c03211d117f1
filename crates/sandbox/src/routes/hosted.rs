//! The way into the portal that upstream hosts.

use super::{Access, Route, row};
use crate::call::{Answer, Outcome};
use crate::errors::{invalid, not_a_session};
use crate::hosted;
use crate::incoming::Incoming;
use crate::rows::Tables;

pub(super) const ROUTES: &[Route] = &[
    (
        "POST",
        "/customers/{id}/sessions",
        Access::Write(open_session),
    ),
    ("GET", "/portal_access", Access::Write(portal_access)),
];

fn open_session(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let customer_id = row(&tables.customers, incoming)?.id;
    let session = hosted::open_session(tables, customer_id, incoming.now);
    Ok(Answer::one("customer_session", session))
}

/// Only a customer's own session asks for it.
fn portal_access(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let customer = incoming.customer.and_then(|id| tables.customers.get(&id));
    let customer = customer.cloned().ok_or_else(not_a_session)?;
    let page = incoming.param("page_destination").unwrap_or("overview");
    let known = [
        "subscriptions",
        "delivery_schedule",
        "orders",
        "shipping",
        "payment_methods",
        "overview",
    ];
    if !known.contains(&page) {
        return Err(invalid("page_destination", "Not a valid choice."));
    }
    let access = hosted::access(tables, &customer, page, incoming.now);
    Ok(Answer::json(200, access))
}
