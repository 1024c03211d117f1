//! Addresses: reading, making, changing, joining, removing.

use base::Money;
use serde_json::{Map, Value, json};

use super::{Access, Route, admitted, row};
use crate::call::{Answer, Outcome};
use crate::charges;
use crate::discounts;
use crate::errors::{invalid, not_found};
use crate::incoming::{Incoming, required};
use crate::paging::Query;
use crate::postal;
use crate::rows::*;
use crate::serialise::address as wire;
use crate::{skip, tick};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/addresses", Access::Read(list)),
    ("POST", "/addresses", Access::Write(create)),
    ("POST", "/addresses/merge", Access::Write(merge)),
    ("GET", "/addresses/{id}", Access::Read(get)),
    ("PUT", "/addresses/{id}", Access::Write(update)),
    ("DELETE", "/addresses/{id}", Access::Write(delete)),
];

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "created_at", "updated_at"])?;
    let rows = admitted(tables.addresses.values(), |a| {
        let discount = a.discount_id.and_then(|id| tables.discounts.get(&id));
        Ok(query.admits_id("customer_id", a.customer_id)?
            && query.admits_id("ids", a.id)?
            && query
                .filter("discount_code")
                .is_none_or(|code| discount.is_some_and(|d| d.code == code))
            && query
                .ids("discount_id")?
                .is_none_or(|ids| discount.is_some_and(|d| ids.contains(&d.id)))
            && query
                .filter("is_active")
                .is_none_or(|wanted| (wanted == "true") == is_active(tables, a.id))
            && query.admits_time("created_at", Some(a.created_at))?
            && query.admits_time("updated_at", Some(a.updated_at))?)
    })?;
    query.answer("addresses", rows.into_iter(), |a| {
        wire::with_includes(tables, a, query.include())
    })
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    let address = row(&tables.addresses, incoming)?;
    Ok(Answer::one(
        "address",
        wire::with_includes(tables, address, incoming.include()),
    ))
}

fn is_active(tables: &Tables, address_id: Id) -> bool {
    let active =
        |s: &Subscription| s.address_id == address_id && s.status == SubscriptionStatus::Active;
    tables.subscriptions.values().any(active)
}

fn create(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let needed = [
        "city",
        "country_code",
        "first_name",
        "last_name",
        "customer_id",
        "address1",
    ];
    let lacks_province = !incoming.has("province");
    if lacks_province || needed.iter().any(|field| !incoming.has(field)) {
        // Upstream says it twice, and names all fields whichever is missing.
        let sentence = "city, country_code, first_name, province, last_name, customer_id, address1 are required fields.";
        let errors = Map::from_iter([("_schema".to_owned(), json!([sentence, sentence]))]);
        return Err(crate::errors::invalid_fields(errors));
    }
    let customer_id = required("customer_id", incoming.number("customer_id")?)?;
    if !tables.customers.contains_key(&customer_id) {
        return Err(invalid("customer_id", "Not found"));
    }
    let postal = postal::changed(&Postal::default(), &incoming.body)
        .map_err(crate::errors::invalid_fields)?;
    let fresh = Address::new(tables.new_id(), customer_id, postal, incoming.now);
    let address = with_extras(tables, incoming, fresh)?;
    let value = wire::address(tables, &address);
    tables.addresses.insert(address.id, address);
    Ok(Answer::created(201, "address", value))
}

fn update(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let old = row(&tables.addresses, incoming)?.clone();
    for (sent, other) in [("country_code", "zip"), ("zip", "country_code")] {
        if incoming.has(sent) && !incoming.has(other) {
            return Err(invalid(
                other,
                "country_code and zip must be provided together",
            ));
        }
    }
    let postal =
        postal::changed(&old.postal, &incoming.body).map_err(crate::errors::invalid_fields)?;
    let payment_method_was = old.payment_method_id;
    let mut address = with_extras(tables, incoming, Address { postal, ..old })?;
    address.updated_at = incoming.now;
    let (id, payment_method_is) = (address.id, address.payment_method_id);
    tables.addresses.insert(id, address);
    if payment_method_is != payment_method_was {
        tick::retry_soon(tables, id, incoming.now);
    }
    charges::settle(tables, id, incoming.commit(), incoming.now);
    get(tables, incoming)
}

/// The fields of an address beside where it is.
fn with_extras(
    tables: &Tables,
    incoming: &Incoming,
    mut address: Address,
) -> Result<Address, Answer> {
    if incoming.has("payment_method_id") {
        address.payment_method_id = incoming.number("payment_method_id")?;
        let is_own = |id| {
            tables
                .payment_methods
                .get(&id)
                .is_some_and(|m| m.customer_id == address.customer_id)
        };
        if address.payment_method_id.is_some_and(|id| !is_own(id)) {
            return Err(invalid("payment_method_id", "Not found"));
        }
    }
    if let Some(is_gift) = incoming.flag("is_gift")? {
        address.is_gift = is_gift;
    }
    if incoming.has("order_note") {
        address.order_note = incoming.text("order_note")?;
    }
    if let Some(attributes) = incoming.value("order_attributes") {
        if !attributes.is_array() {
            return Err(invalid("order_attributes", "Not a valid list."));
        }
        address.order_attributes = attributes.clone();
    }
    if let Some(currency) = incoming.text("presentment_currency")? {
        let parsed = currency.parse();
        address.presentment_currency =
            Some(parsed.map_err(|_| invalid("presentment_currency", "Not a valid choice."))?);
    }
    if let Some(lines) = incoming.value("shipping_lines_override") {
        address.shipping_override = shipping_of(tables, lines)?;
    }
    if let Some(discounts) = incoming.value("discounts") {
        let wanted = discount_of(tables, discounts)?;
        if let Some(discount) = wanted.filter(|d| address.discount_id != Some(d.id)) {
            let customer_id = address.customer_id;
            discounts::check(
                tables,
                discount,
                customer_id,
                address.id,
                "discounts",
                incoming.now,
            )?;
            address.discount_uses = 0;
        }
        address.discount_id = wanted.map(|d| d.id);
    }
    Ok(address)
}

/// The first shipping line of a list; none for an empty list, which is the table's own again.
fn shipping_of(tables: &Tables, lines: &Value) -> Result<Option<ShippingOverride>, Answer> {
    let wrong = || invalid("shipping_lines_override", "Not a valid list.");
    let Some(line) = lines.as_array().ok_or_else(wrong)?.first() else {
        return Ok(None);
    };
    let text = |name: &str| line.get(name).and_then(Value::as_str).ok_or_else(wrong);
    let price = Money::parse(text("price")?, tables.shop.currency).map_err(|_| wrong())?;
    Ok(Some(ShippingOverride {
        code: text("code")?.to_owned(),
        title: text("title")?.to_owned(),
        price,
    }))
}

/// The discount of a list of which only the first entry counts; none for an empty list.
fn discount_of<'a>(tables: &'a Tables, list: &Value) -> Result<Option<&'a Discount>, Answer> {
    let list = list
        .as_array()
        .ok_or_else(|| invalid("discounts", "Not a valid list."))?;
    let Some(first) = list.first() else {
        return Ok(None);
    };
    let found = match (
        first.get("code").and_then(Value::as_str),
        first.get("id").and_then(Value::as_u64),
    ) {
        (Some(code), _) => discounts::by_code(tables, code),
        (None, Some(id)) => tables.discounts.get(&id),
        (None, None) => None,
    };
    found
        .map(Some)
        .ok_or_else(|| invalid("discounts", "Discount code not found"))
}

fn delete(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let id = row(&tables.addresses, incoming)?.id;
    if is_active(tables, id) {
        return Err(invalid("subscriptions", "Address has active subscriptions"));
    }
    // Stale charges are no reason to refuse: upstream looks at what will be.
    charges::regenerate(tables, id, incoming.now);
    if tables
        .charges
        .values()
        .any(|c| c.address_id == id && c.is_open())
    {
        return Err(invalid("charges", "Address has charges"));
    }
    tables.addresses.remove(&id);
    tables.subscriptions.retain(|_, s| s.address_id != id);
    tables.onetimes.retain(|_, o| o.address_id != id);
    tables
        .charges
        .retain(|_, c| c.address_id != id || c.processed_at.is_some());
    tables.uncommitted.remove(&id);
    Ok(Answer::empty())
}

fn id_in(value: &Value) -> Option<Id> {
    value.get("id").unwrap_or(value).as_u64()
}

/// Moves everything of some addresses to another one.
fn merge(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let target = incoming.value("target_address").and_then(id_in);
    let target_id = required("target_address", target)?;
    let target = tables.addresses.get(&target_id).ok_or_else(not_found)?;
    let customer_id = target.customer_id;
    let listed = incoming.value("source_addresses").and_then(Value::as_array);
    let sources = required("source_addresses", listed)?
        .iter()
        .map(id_in)
        .collect::<Option<Vec<Id>>>();
    let sources = sources.ok_or_else(|| invalid("source_addresses", "Not a valid list."))?;
    let is_foreign = |id: &Id| {
        tables
            .addresses
            .get(id)
            .is_none_or(|a| a.customer_id != customer_id)
    };
    if sources.iter().any(is_foreign) || sources.contains(&target_id) {
        return Err(invalid("source_addresses", "Not found"));
    }
    let date = incoming.date("next_charge_date")?;
    let moved: Vec<Id> = tables
        .subscriptions
        .values()
        .filter(|s| sources.contains(&s.address_id))
        .map(|s| s.id)
        .collect();
    for item in moved {
        skip::carry_over(tables, item, target_id, incoming.now);
        if let Some(subscription) = tables.subscriptions.get_mut(&item) {
            subscription.address_id = target_id;
        }
        let is_active = tables
            .subscriptions
            .get(&item)
            .is_some_and(|s| s.status == SubscriptionStatus::Active);
        if let (Some(date), true) = (date, is_active) {
            super::subscription_actions::check_is_ahead("next_charge_date", date, incoming.now)?;
            super::subscription_actions::move_to(tables, item, date, incoming.now);
        }
    }
    for onetime in tables
        .onetimes
        .values_mut()
        .filter(|o| sources.contains(&o.address_id))
    {
        onetime.address_id = target_id;
    }
    let unsent = |o: &&mut Order| o.status == "queued" && sources.contains(&o.address_id);
    for order in tables.orders.values_mut().filter(unsent) {
        order.address_id = target_id;
    }
    for source in &sources {
        charges::regenerate(tables, *source, incoming.now);
    }
    // Vendor clients spell it both ways.
    let deletes = match incoming.flag("delete_source_addresses")? {
        None => incoming.flag("delete_source_address")?,
        said => said,
    };
    if deletes.unwrap_or(false) {
        tables.addresses.retain(|id, _| !sources.contains(id));
        tables
            .charges
            .retain(|_, c| !sources.contains(&c.address_id) || c.processed_at.is_some());
        tables.uncommitted.retain(|id, _| !sources.contains(id));
    }
    charges::regenerate(tables, target_id, incoming.now);
    let address = tables.addresses.get(&target_id).ok_or_else(not_found)?;
    Ok(Answer::one("address", wire::address(tables, address)))
}
