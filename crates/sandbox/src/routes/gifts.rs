//! Giving one delivery away.

use serde_json::{Value, json};

use super::{Access, Route};
use crate::call::{Answer, Outcome};
use crate::charges;
use crate::errors::{invalid, invalid_fields, wrong_state};
use crate::incoming::{Incoming, required};
use crate::postal;
use crate::rows::*;
use crate::serialise::onetime as wire;
use crate::skip;

pub(super) const ROUTES: &[Route] = &[
    (
        "POST",
        "/purchase_items/skip_gift",
        Access::Write(skip_gift),
    ),
    ("POST", "/subscriptions/skip_gift", Access::Write(skip_gift)),
];

/// Skips the next delivery of subscriptions and sends the same items to somebody else
/// once, on the day on which they would have come.
fn skip_gift(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let field = "purchase_item_ids";
    let items = required(field, incoming.ids(field)?)?;
    let mut given = Vec::new();
    for item in &items {
        let subscription = tables.subscriptions.get(item);
        let subscription = subscription.ok_or_else(|| invalid(field, "Not found"))?;
        let next = subscription.next.filter(|_| !subscription.is_prepaid());
        let next = next.ok_or_else(|| wrong_state("This delivery can not be given away"))?;
        given.push((subscription.clone(), next));
    }
    let first = given.first().map(|(subscription, _)| subscription.clone());
    let first = first.ok_or_else(|| invalid(field, "Shorter than minimum length 1."))?;
    if given.iter().any(|(s, _)| s.address_id != first.address_id) {
        return Err(invalid(field, "Items are not on one address"));
    }
    let to = gift_address(tables, incoming, &first)?;
    charges::regenerate(tables, first.address_id, incoming.now);
    let mut onetimes = Vec::new();
    for (subscription, date) in given {
        let charge = charges::open_charge_on(tables, subscription.address_id, date);
        let charge = charge.filter(|charge| charge.status == ChargeStatus::Queued);
        let charge_id = charge.map(|charge| charge.id);
        let charge_id =
            charge_id.ok_or_else(|| wrong_state("Only queued charges can be skipped"))?;
        skip::skip_queued(tables, charge_id, &[subscription.id].into(), incoming.now);
        let id = tables.new_id();
        let onetime = Onetime {
            id,
            customer_id: subscription.customer_id,
            address_id: to,
            details: subscription.details,
            next: date,
            is_free_gift: false,
            presentment_currency: subscription.presentment_currency,
            created_at: incoming.now,
            updated_at: incoming.now,
        };
        onetimes.push(wire::onetime(&onetime));
        tables.onetimes.insert(id, onetime);
    }
    charges::regenerate(tables, to, incoming.now);
    Ok(Answer::one("onetimes", Value::Array(onetimes)))
}

/// An address of its own for the gift, paid for as the giver's is.
fn gift_address(
    tables: &mut Tables,
    incoming: &Incoming,
    from: &Subscription,
) -> Result<Id, Answer> {
    let field = "recipient_address";
    let Some(Value::Object(body)) = incoming.value(field) else {
        return required(field, None);
    };
    let nested = |errors| invalid_fields([(field.to_owned(), json!(errors))].into_iter().collect());
    let needed = [
        "first_name",
        "last_name",
        "email",
        "address1",
        "city",
        "country_code",
    ];
    let is_missing = |name: &&&str| body.get(**name).is_none_or(Value::is_null);
    let missing = needed.iter().filter(is_missing);
    let errors: serde_json::Map<_, _> = missing
        .map(|name| {
            let message = json!(["Missing data for required field."]);
            ((*name).to_owned(), message)
        })
        .collect();
    if !errors.is_empty() {
        return Err(nested(errors));
    }
    let postal = postal::changed(&Postal::default(), body).map_err(nested)?;
    let id = tables.new_id();
    let giver = tables.addresses.get(&from.address_id);
    let address = Address {
        payment_method_id: giver.and_then(|a| a.payment_method_id),
        order_attributes: json!([{"name": "gift_recipient_email", "value": body.get("email")}]),
        presentment_currency: from.presentment_currency,
        is_gift: true,
        ..Address::new(id, from.customer_id, postal, incoming.now)
    };
    tables.addresses.insert(id, address);
    Ok(id)
}
