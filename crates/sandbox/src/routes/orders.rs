//! Orders. They stay readable for good.

use serde_json::{Value, json};

use super::subscription_actions::check_is_ahead;
use super::{Access, Route, admitted, row, row_mut};
use crate::call::{Answer, Outcome};
use crate::errors::{invalid, invalid_fields};
use crate::incoming::{Incoming, required};
use crate::paging::Query;
use crate::postal;
use crate::rows::*;
use crate::serialise::order as wire;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/orders", Access::Read(list)),
    ("GET", "/orders/{id}", Access::Read(get)),
    ("PUT", "/orders/{id}", Access::Write(update)),
    ("DELETE", "/orders/{id}", Access::Write(delete)),
    ("POST", "/orders/{id}/delay", Access::Write(delay)),
    ("POST", "/orders/{id}/clone", Access::Write(clone)),
];

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(
        incoming,
        &[
            "id",
            "created_at",
            "updated_at",
            "scheduled_at",
            "processed_at",
        ],
    )?;
    let items = query.ids("purchase_item_id")?;
    let external_customer = query.filter("external_customer_id");
    let rows = admitted(tables.orders.values(), |o| {
        let owner = tables
            .customers
            .get(&o.customer_id)
            .and_then(|c| c.external_customer_id.as_deref());
        let has_item = |id: &Id| {
            o.content
                .lines
                .iter()
                .any(|line| line.purchase_item_id == *id)
        };
        let has_external = o.processed_at.is_some();
        Ok(query.admits_id("customer_id", o.customer_id)?
            && query.admits_id("address_id", o.address_id)?
            && query.admits_id("charge_id", o.charge_id)?
            && query.admits_id("ids", o.id)?
            && query.admits_word("status", o.status)
            && query.admits_word("type", o.kind)
            && items.as_ref().is_none_or(|ids| ids.iter().any(has_item))
            && external_customer.is_none_or(|id| owner == Some(id))
            && query
                .filter("external_order_id")
                .is_none_or(|id| wire::platform_id(o).as_deref() == Some(id))
            && query
                .filter("has_external_order")
                .is_none_or(|wanted| (wanted == "true") == has_external)
            && query.admits_date("scheduled_at", o.scheduled_at)?
            && query.admits_time("processed_at", o.processed_at)?
            && query.admits_time("created_at", Some(o.created_at))?
            && query.admits_time("updated_at", Some(o.updated_at))?)
    })?;
    query.answer("orders", rows.into_iter(), |o| {
        wire::with_includes(tables, o, query.include())
    })
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    Ok(Answer::one(
        "order",
        wire::with_includes(tables, row(&tables.orders, incoming)?, incoming.include()),
    ))
}

/// Pushes a paid delivery that was not sent yet to the next interval.
fn delay(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let order = row(&tables.orders, incoming)?;
    let item = order
        .content
        .lines
        .first()
        .map(|line| line.purchase_item_id);
    let interval = item
        .and_then(|id| tables.subscriptions.get(&id))
        .map(|s| s.interval);
    let (Some(interval), "queued") = (interval, order.status) else {
        return Err(invalid("order", "Only queued orders can be delayed"));
    };
    let order = row_mut(&mut tables.orders, incoming)?;
    order.scheduled_at = interval.after(order.scheduled_at, 1);
    order.updated_at = incoming.now;
    get(tables, incoming)
}

/// Moves an order that was not sent yet, or sends it somewhere else.
fn update(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let order = row(&tables.orders, incoming)?;
    if order.status != "queued" {
        return Err(invalid("order", "Only queued orders can be updated"));
    }
    let date = incoming.date("scheduled_at")?.unwrap_or(order.scheduled_at);
    if date != order.scheduled_at {
        check_is_ahead("scheduled_at", date, incoming.now)?;
    }
    let mut content = Content::clone(&order.content);
    for (field, place) in [
        ("shipping_address", &mut content.shipping_address),
        ("billing_address", &mut content.billing_address),
    ] {
        if let Some(body) = incoming.value(field).and_then(Value::as_object) {
            let changed = postal::changed(place, body);
            *place = changed.map_err(|errors| {
                invalid_fields([(field.to_owned(), json!(errors))].into_iter().collect())
            })?;
        }
    }
    let order = row_mut(&mut tables.orders, incoming)?;
    order.content = content.into();
    order.scheduled_at = date;
    order.updated_at = incoming.now;
    get(tables, incoming)
}

/// Takes an order that was not sent yet off the record.
fn delete(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let order = row(&tables.orders, incoming)?;
    if order.status != "queued" {
        return Err(invalid("order", "Only queued orders can be deleted"));
    }
    let id = order.id;
    tables.orders.remove(&id);
    Ok(Answer::empty())
}

/// Sends the same things again on another day.
fn clone(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let date = required("scheduled_at", incoming.date("scheduled_at")?)?;
    check_is_ahead("scheduled_at", date, incoming.now)?;
    let order = row(&tables.orders, incoming)?.clone();
    let id = tables.new_id();
    let number = tables.next_order_number();
    let copy = Order {
        id,
        status: "queued",
        scheduled_at: date,
        processed_at: None,
        number,
        created_at: incoming.now,
        updated_at: incoming.now,
        ..order
    };
    let value = wire::order(tables, &copy);
    tables.orders.insert(id, copy);
    Ok(Answer::one("order", value))
}
