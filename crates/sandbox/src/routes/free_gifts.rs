//! Free gifts: things that come with one charge and cost nothing.

use base::Money;
use serde_json::{Value, json};

use super::{Access, Route, row};
use crate::call::{Answer, Outcome};
use crate::charges;
use crate::errors::{invalid, not_found, wrong_state};
use crate::incoming::{Incoming, required, whole};
use crate::rows::*;
use crate::serialise::charge as wire;

pub(super) const ROUTES: &[Route] = &[
    ("POST", "/charges/{id}/add_free_gift", Access::Write(add)),
    (
        "POST",
        "/charges/{id}/remove_free_gift",
        Access::Write(remove),
    ),
];

/// The queued charge of the path: its address and date.
fn place(tables: &Tables, incoming: &Incoming) -> Result<(Id, base::Date), Answer> {
    let charge = row(&tables.charges, incoming)?;
    match charge.status {
        ChargeStatus::Queued => Ok((charge.address_id, charge.scheduled_at)),
        _ => Err(wrong_state("Only queued charges can be given free gifts")),
    }
}

/// A gift is a one-time of its own that costs nothing, so it stays on the charge of its
/// date whatever else changes there.
fn add(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let (address_id, date) = place(tables, incoming)?;
    let listed = incoming.value("free_gifts").and_then(Value::as_array);
    let listed = required("free_gifts", listed)?.clone();
    for gift in &listed {
        let variant_id = gift.get("external_variant_id").and_then(Value::as_str);
        let found = variant_id.and_then(|id| tables.variant(id));
        let Some((product, variant)) = found else {
            return Err(invalid("free_gifts", "Not found"));
        };
        let quantity = gift.get("quantity").and_then(whole).unwrap_or(1);
        let details = ItemDetails {
            external_product_id: Some(product.external_product_id.clone()),
            external_variant_id: Some(variant.external_variant_id.clone()),
            product_title: product.title.clone(),
            variant_title: Some(variant.title.clone()),
            sku: Some(variant.sku.clone()),
            sku_override: false,
            price: Money::zero(tables.shop.currency),
            quantity: quantity.clamp(1, 100) as u32,
            properties: json!([]),
        };
        let customer_id = tables
            .addresses
            .get(&address_id)
            .map_or(0, |address| address.customer_id);
        let id = tables.new_id();
        let onetime = Onetime {
            id,
            customer_id,
            address_id,
            details,
            next: date,
            is_free_gift: true,
            presentment_currency: None,
            created_at: incoming.now,
            updated_at: incoming.now,
        };
        tables.onetimes.insert(id, onetime);
    }
    regenerated(tables, address_id, date, incoming.now)
}

fn remove(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let (address_id, date) = place(tables, incoming)?;
    let listed = incoming
        .value("external_variant_ids")
        .and_then(Value::as_array);
    let listed = required("external_variant_ids", listed)?;
    let is_named = |onetime: &Onetime| {
        let variant = onetime.details.external_variant_id.as_deref();
        listed.iter().any(|named| named.as_str() == variant)
    };
    tables.onetimes.retain(|_, onetime| {
        let is_here = onetime.address_id == address_id && onetime.next == date;
        !(onetime.is_free_gift && is_here && is_named(onetime))
    });
    regenerated(tables, address_id, date, incoming.now)
}

fn regenerated(tables: &mut Tables, address_id: Id, date: base::Date, now: i64) -> Outcome {
    charges::regenerate(tables, address_id, now);
    let charge = charges::open_charge_on(tables, address_id, date).ok_or_else(not_found)?;
    Ok(Answer::one("charge", wire::charge(tables, charge)))
}
