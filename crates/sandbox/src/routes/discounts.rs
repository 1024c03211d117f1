//! Discount codes.

use base::Money;
use serde_json::Value;

use super::{Access, Route, admitted, row};
use crate::call::{Answer, Outcome};
use crate::clock::start_of;
use crate::discounts;
use crate::errors::invalid;
use crate::incoming::{Incoming, required, whole};
use crate::paging::Query;
use crate::rows::*;
use crate::serialise::discount as wire;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/discounts", Access::Read(list)),
    ("POST", "/discounts", Access::Write(create)),
    ("GET", "/discounts/{id}", Access::Read(get)),
    ("PUT", "/discounts/{id}", Access::Write(update)),
    ("DELETE", "/discounts/{id}", Access::Write(delete)),
];

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "created_at", "updated_at"])?;
    let rows = admitted(tables.discounts.values(), |d| {
        Ok(query
            .filter("discount_code")
            .is_none_or(|code| d.code.eq_ignore_ascii_case(code))
            && query.admits_word("status", d.status)
            && query
                .filter("discount_type")
                .is_none_or(|wanted| wire::value_type(d) == wanted)
            && query.admits_id("ids", d.id)?
            && query.admits_time("created_at", Some(d.created_at))?
            && query.admits_time("updated_at", Some(d.updated_at))?)
    })?;
    query.answer("discounts", rows.into_iter(), wire::discount)
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    Ok(Answer::one(
        "discount",
        wire::discount(row(&tables.discounts, incoming)?),
    ))
}

fn create(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let code = required("code", incoming.text("code")?)?;
    if discounts::by_code(tables, &code).is_some() {
        return Err(invalid("code", "Discount code already exists"));
    }
    let value = required("value", value(tables, incoming)?)?;
    let discount = Discount::new(tables.new_id(), &code, value, incoming.now);
    let discount = changed(tables, incoming, discount)?;
    let answer = wire::discount(&discount);
    tables.discounts.insert(discount.id, discount);
    Ok(Answer::created(201, "discount", answer))
}

fn update(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let old = row(&tables.discounts, incoming)?.clone();
    let new_value = if incoming.has("value") {
        value(tables, incoming)?
    } else {
        None
    };
    let discount = Discount {
        value: new_value.unwrap_or(old.value),
        updated_at: incoming.now,
        ..old
    };
    let discount = changed(tables, incoming, discount)?;
    tables.discounts.insert(discount.id, discount);
    get(tables, incoming)
}

/// Addresses that had it pay the full price from the next regeneration on.
fn delete(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let id = row(&tables.discounts, incoming)?.id;
    tables.discounts.remove(&id);
    let held = tables.addresses.values_mut();
    for address in held.filter(|a| a.discount_id == Some(id)) {
        address.discount_id = None;
        tables.uncommitted.insert(address.id, incoming.now);
    }
    Ok(Answer::empty())
}

/// What it takes off: `value` as text or number, read by `value_type`.
fn value(tables: &Tables, incoming: &Incoming) -> Result<Option<DiscountValue>, Answer> {
    let Some(value) = incoming.value("value") else {
        return Ok(None);
    };
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    let amount = Money::parse(&text, tables.shop.currency);
    let amount = amount
        .ok()
        .filter(|amount| amount.minor() > 0)
        .ok_or_else(|| invalid("value", "Not a valid number."))?;
    let value_type = required("value_type", incoming.text("value_type")?)?;
    Ok(Some(match value_type.as_str() {
        "percentage" => {
            let whole = text.split('.').next().and_then(|whole| whole.parse().ok());
            let percent = whole.filter(|percent| (1..=100).contains(percent));
            let percent = percent.ok_or_else(|| invalid("value", "Must be between 1 and 100."))?;
            DiscountValue::Percentage(percent)
        }
        "fixed_amount" => DiscountValue::Fixed(amount),
        "shipping" => DiscountValue::Shipping(amount),
        _ => return Err(invalid("value_type", "Not a valid choice.")),
    }))
}

/// The limits that a body sets.
fn changed(
    tables: &Tables,
    incoming: &Incoming,
    mut discount: Discount,
) -> Result<Discount, Answer> {
    if let Some(status) = incoming.text("status")? {
        let known = ["enabled", "disabled", "fully_disabled"];
        let status = known.into_iter().find(|known| *known == status);
        discount.status = status.ok_or_else(|| invalid("status", "Not a valid choice."))?;
    }
    if incoming.has("starts_at") {
        discount.starts_at = incoming.date("starts_at")?.map(start_of);
    }
    if incoming.has("ends_at") {
        discount.ends_at = incoming.date("ends_at")?.map(start_of);
    }
    let field = "prerequisite_subtotal_min";
    if let Some(min) = incoming.text(field)? {
        let min = Money::parse(&min, tables.shop.currency);
        let min = min.map_err(|_| invalid(field, "Not a valid number."))?;
        discount.prerequisite_subtotal_min = Some(min);
    }
    if let Some(limits) = incoming.value("usage_limits") {
        let flag = |name: &str| limits.get(name).and_then(Value::as_bool).unwrap_or(false);
        let count = |name: &str| limits.get(name).and_then(whole).map(|n| n as u32);
        discount.usage_limits = UsageLimits {
            first_time_customer_restriction: flag("first_time_customer_restriction"),
            max_subsequent_redemptions: count("max_subsequent_redemptions"),
            one_application_per_customer: flag("one_application_per_customer"),
            redemptions: count("redemptions"),
        };
    }
    let portal = incoming
        .value("channel_settings")
        .and_then(|channels| channels.get("customer_portal")?.get("can_apply")?.as_bool());
    discount.portal_can_apply = portal.unwrap_or(discount.portal_can_apply);
    Ok(discount)
}
