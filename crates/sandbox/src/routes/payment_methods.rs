//! Payment methods.

use serde_json::{Map, Value, json};

use super::{Access, Route, admitted, row, row_mut};
use crate::call::{Answer, Outcome};
use crate::charges;
use crate::errors::{invalid, invalid_fields};
use crate::incoming::{Include, Incoming, required};
use crate::paging::Query;
use crate::rows::*;
use crate::serialise::payment_method as wire;
use crate::{postal, tick};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/payment_methods", Access::Read(list)),
    ("POST", "/payment_methods", Access::Write(create)),
    ("GET", "/payment_methods/{id}", Access::Read(get)),
    ("PUT", "/payment_methods/{id}", Access::Write(update)),
    ("DELETE", "/payment_methods/{id}", Access::Write(delete)),
];

fn value(tables: &Tables, wanted: Include<'_>, method: &PaymentMethod) -> Value {
    if wanted.names("addresses") {
        wire::with_addresses(tables, method)
    } else {
        wire::payment_method(method)
    }
}

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "created_at", "updated_at"])?;
    let of_address = query.ids("address_id")?.map(|ids| {
        let paid = |id: &Id| tables.addresses.get(id).and_then(|a| a.payment_method_id);
        ids.iter().filter_map(paid).collect::<Vec<Id>>()
    });
    let rows = admitted(tables.payment_methods.values(), |m| {
        let token = m.processor_payment_method_token.as_str();
        Ok(query.admits_id("customer_id", m.customer_id)?
            && of_address.as_ref().is_none_or(|ids| ids.contains(&m.id))
            && query.admits_word("processor_name", &m.processor_name)
            && query.admits_word("processor_payment_method_token", token)
            && query.admits_time("created_at", Some(m.created_at))?
            && query.admits_time("updated_at", Some(m.updated_at))?)
    })?;
    query.answer("payment_methods", rows.into_iter(), |m| {
        value(tables, query.include(), m)
    })
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    let method = row(&tables.payment_methods, incoming)?;
    Ok(Answer::one(
        "payment_method",
        value(tables, incoming.include(), method),
    ))
}

/// What a processor's token stands for, and whether it pays: `pm_<brand>_<last4>`, or
/// `pm_declined_…` for a card that will be refused.
fn behind(
    token: &str,
    payment_type: &str,
    email: &str,
    now: i64,
) -> (PaymentDetails, &'static str) {
    if payment_type == "PAYPAL" {
        let email = email.to_owned();
        return (PaymentDetails::PayPal { email }, "valid");
    }
    let mut words = token.split('_').skip(1);
    let (brand, status) = match words.next().unwrap_or("visa") {
        "declined" => ("visa", "invalid"),
        brand => (brand, "valid"),
    };
    let details = PaymentDetails::Card {
        brand: brand.into(),
        last4: words.next().unwrap_or("4242").into(),
        exp_month: 12,
        exp_year: crate::clock::today(now).year() + 4,
    };
    (details, status)
}

/// Cards come as the processor's tokens, never as numbers.
fn create(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let customer_id = required("customer_id", incoming.number("customer_id")?)?;
    let customer = tables
        .customers
        .get(&customer_id)
        .ok_or_else(|| invalid("customer_id", "Not found"))?;
    let payment_type = required("payment_type", incoming.text("payment_type")?)?;
    let processor_name = required("processor_name", incoming.text("processor_name")?)?;
    check_writable("processor_name", &processor_name)?;
    let field = "processor_customer_token";
    let processor_customer_token = required(field, incoming.text(field)?)?;
    if !processor_customer_token.starts_with("cus_") {
        return Err(invalid(field, "Not found"));
    }
    let token = incoming.text("processor_payment_method_token")?;
    // Without one it is the method that the processor holds for its customer.
    let token = token.unwrap_or_else(|| "pm_visa_4242".to_owned());
    let (details, status) = behind(&token, &payment_type, &customer.email, incoming.now);
    let billing = billing(&Postal::default(), incoming)?;
    let is_first = !tables
        .payment_methods
        .values()
        .any(|m| m.customer_id == customer_id);
    let id = tables.new_id();
    let method = PaymentMethod {
        id,
        customer_id,
        default: is_first,
        payment_type,
        processor_name,
        processor_customer_token,
        status: status.into(),
        processor_payment_method_token: token,
        details,
        billing,
        status_reason: None,
        created_at: incoming.now,
        updated_at: incoming.now,
    };
    tables.payment_methods.insert(id, method);
    if incoming.flag("default")?.unwrap_or(false) {
        make_default(tables, id);
    }
    attach(tables, incoming, id)?;
    let method = tables
        .payment_methods
        .get(&id)
        .ok_or_else(crate::errors::not_found)?;
    Ok(Answer::created(
        201,
        "payment_method",
        wire::payment_method(method),
    ))
}

fn update(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let method = row(&tables.payment_methods, incoming)?;
    let id = method.id;
    check_writable("processor_name", &method.processor_name)?;
    let processor_name = incoming.text("processor_name")?;
    if let Some(name) = &processor_name {
        check_writable("processor_name", name)?;
    }
    let billing = billing(&method.billing, incoming)?;
    let method = row_mut(&mut tables.payment_methods, incoming)?;
    method.billing = billing;
    if let Some(name) = processor_name {
        method.processor_name = name;
    }
    method.updated_at = incoming.now;
    if incoming.flag("default")?.unwrap_or(false) {
        make_default(tables, id);
    }
    attach(tables, incoming, id)?;
    let paid = tables
        .addresses
        .values()
        .filter(|a| a.payment_method_id == Some(id));
    for address_id in paid.map(|a| a.id).collect::<Vec<_>>() {
        charges::settle(tables, address_id, false, incoming.now);
    }
    get(tables, incoming)
}

/// Shopify keeps its methods to itself: here they can only be read.
fn check_writable(field: &str, processor_name: &str) -> Result<(), Answer> {
    match processor_name {
        "shopify_payments" => Err(invalid(
            field,
            "shopify_payments payment methods are read-only",
        )),
        _ => Ok(()),
    }
}

/// The billing address with the body's changes; what is wrong is nested under its name.
fn billing(old: &Postal, incoming: &Incoming) -> Result<Postal, Answer> {
    let Some(body) = incoming.value("billing_address") else {
        return Ok(old.clone());
    };
    let Value::Object(body) = body else {
        return Err(invalid("billing_address", "Invalid input type."));
    };
    postal::changed(old, body).map_err(|errors| {
        invalid_fields(Map::from_iter([(
            "billing_address".to_owned(),
            json!(errors),
        )]))
    })
}

fn make_default(tables: &mut Tables, id: Id) {
    let Some(customer_id) = tables.payment_methods.get(&id).map(|m| m.customer_id) else {
        return;
    };
    for method in tables
        .payment_methods
        .values_mut()
        .filter(|m| m.customer_id == customer_id)
    {
        method.default = method.id == id;
    }
}

/// Lets the method pay for the addresses that the body names.
fn attach(tables: &mut Tables, incoming: &Incoming, id: Id) -> Result<(), Answer> {
    let Some(customer_id) = tables.payment_methods.get(&id).map(|m| m.customer_id) else {
        return Ok(());
    };
    let named = incoming.ids("address_ids")?.unwrap_or_default();
    let all = incoming
        .flag("apply_to_all_subscription_addresses")?
        .unwrap_or(false);
    let is_foreign = |id: &Id| {
        tables
            .addresses
            .get(id)
            .is_none_or(|a| a.customer_id != customer_id)
    };
    if named.iter().any(is_foreign) {
        return Err(invalid("address_ids", "Not found"));
    }
    let retries = incoming.flag("retry_charges")?.unwrap_or(false);
    let mut changed = Vec::new();
    for address in tables
        .addresses
        .values_mut()
        .filter(|a| a.customer_id == customer_id)
    {
        if all || named.contains(&address.id) {
            address.payment_method_id = Some(id);
            changed.push(address.id);
        }
    }
    for address_id in changed {
        tick::retry_soon(tables, address_id, incoming.now);
        if retries {
            tick::retry_now(tables, address_id, incoming.now);
        }
        charges::settle(tables, address_id, incoming.commit(), incoming.now);
    }
    Ok(())
}

fn delete(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let method = row(&tables.payment_methods, incoming)?;
    let id = method.id;
    check_writable("processor_name", &method.processor_name)?;
    if tables
        .addresses
        .values()
        .any(|a| a.payment_method_id == Some(id))
    {
        return Err(invalid(
            "address",
            "Can not delete payment method associated with addresses",
        ));
    }
    tables.payment_methods.remove(&id);
    Ok(Answer::empty())
}
