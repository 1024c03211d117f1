//! Orders. They stay readable for good.

use super::{Access, Route, admitted, row, row_mut};
use crate::call::{Answer, Outcome};
use crate::errors::invalid;
use crate::incoming::Incoming;
use crate::paging::Query;
use crate::rows::*;
use crate::serialise::order as wire;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/orders", Access::Read(list)),
    ("GET", "/orders/{id}", Access::Read(get)),
    ("POST", "/orders/{id}/delay", Access::Write(delay)),
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
        let platform_id = wire::platform_id(o);
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
                .is_none_or(|id| platform_id.as_deref() == Some(id))
            && query
                .filter("has_external_order")
                .is_none_or(|wanted| (wanted == "true") == has_external)
            && query.admits_date("scheduled_at", o.scheduled_at)?
            && query.admits_time("processed_at", o.processed_at)?
            && query.admits_time("created_at", Some(o.created_at))?
            && query.admits_time("updated_at", Some(o.updated_at))?)
    })?;
    query.answer("orders", rows.into_iter(), |o| wire::order(tables, o))
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    Ok(Answer::one(
        "order",
        wire::order(tables, row(&tables.orders, incoming)?),
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
