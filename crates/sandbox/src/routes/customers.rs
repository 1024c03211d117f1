//! Customers and their delivery schedule.

use base::Date;
use serde_json::{Map, json};

use super::{Access, Route, admitted, row, row_mut};
use crate::call::{Answer, Outcome};
use crate::clock::today;
use crate::errors::{invalid_fields, invalid_plain};
use crate::incoming::Incoming;
use crate::paging::Query;
use crate::rows::*;
use crate::schedule;
use crate::serialise::{customer as wire, delivery_schedule};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/customers", Access::Read(list)),
    ("POST", "/customers", Access::Write(create)),
    ("GET", "/customers/{id}", Access::Read(get)),
    ("PUT", "/customers/{id}", Access::Write(update)),
    ("DELETE", "/customers/{id}", Access::Write(delete)),
    (
        "GET",
        "/customers/{id}/delivery_schedule",
        Access::Read(delivery_schedule),
    ),
    (
        "POST",
        "/customers/{id}/notifications",
        Access::Write(notify),
    ),
];

/// Days of the delivery schedule where the call does not say.
const DEFAULT_DAYS: i32 = 90;
/// The longest delivery schedule.
const MAX_DAYS: i32 = 365;

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "created_at", "updated_at"])?;
    let rows = admitted(tables.customers.values(), |c| {
        let external = c.external_customer_id.as_deref();
        Ok(query
            .filter("email")
            .is_none_or(|email| email.eq_ignore_ascii_case(&c.email))
            && query.filter("hash").is_none_or(|hash| hash == c.hash)
            && query
                .filter("external_customer_id")
                .is_none_or(|id| Some(id) == external)
            && query.admits_id("ids", c.id)?
            && query.admits_time("created_at", Some(c.created_at))?
            && query.admits_time("updated_at", Some(c.updated_at))?)
    })?;
    query.answer("customers", rows.into_iter(), |c| {
        wire::with_includes(tables, c, query.include())
    })
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    let customer = row(&tables.customers, incoming)?;
    Ok(Answer::one(
        "customer",
        wire::with_includes(tables, customer, incoming.include()),
    ))
}

fn create(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let email = crate::incoming::required("email", incoming.text("email")?)?;
    check_names(incoming)?;
    let first_name = crate::incoming::required("first_name", incoming.text("first_name")?)?;
    let last_name = crate::incoming::required("last_name", incoming.text("last_name")?)?;
    check_email_is_free(tables, &email, None)?;
    let id = tables.new_id();
    let customer = Customer {
        id,
        hash: format!("{:016x}{id:014x}", id.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
        email,
        first_name,
        last_name,
        phone: incoming.text("phone")?,
        external_customer_id: incoming.external_id("external_customer_id")?,
        tax_exempt: incoming.flag("tax_exempt")?.unwrap_or(false),
        apply_credit_to_next_recurring_charge: false,
        apply_credit_channel: None,
        backup_payment_methods_enabled: false,
        payment_method_fallback_on_failure_disabled: false,
        first_charge_processed_at: None,
        created_at: incoming.now,
        updated_at: incoming.now,
    };
    let value = wire::customer(tables, &customer);
    tables.customers.insert(id, customer);
    Ok(Answer::created(201, "customer", value))
}

fn update(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let id = row(&tables.customers, incoming)?.id;
    check_names(incoming)?;
    if let Some(email) = incoming.text("email")? {
        check_email_is_free(tables, &email, Some(id))?;
    }
    let customer = row_mut(&mut tables.customers, incoming)?;
    if let Some(email) = incoming.text("email")? {
        customer.email = email;
    }
    if let Some(name) = incoming.text("first_name")? {
        customer.first_name = name;
    }
    if let Some(name) = incoming.text("last_name")? {
        customer.last_name = name;
    }
    if incoming.has("phone") {
        customer.phone = incoming.text("phone")?;
    }
    if let Some(external) = incoming.external_id("external_customer_id")? {
        customer.external_customer_id = Some(external);
    }
    if let Some(exempt) = incoming.flag("tax_exempt")? {
        customer.tax_exempt = exempt;
    }
    if let Some(apply) = incoming.flag("apply_credit_to_next_recurring_charge")? {
        customer.apply_credit_to_next_recurring_charge = apply;
    }
    let channel = "apply_credit_to_next_recurring_charge_channel";
    if incoming.has(channel) {
        customer.apply_credit_channel = incoming.text(channel)?;
    }
    if let Some(disabled) = incoming.flag("payment_method_fallback_on_failure_disabled")? {
        customer.payment_method_fallback_on_failure_disabled = disabled;
    }
    if let Some(enabled) = incoming.flag("backup_payment_methods_enabled")? {
        customer.backup_payment_methods_enabled = enabled;
    }
    customer.updated_at = incoming.now;
    let customer = row(&tables.customers, incoming)?;
    Ok(Answer::one("customer", wire::customer(tables, customer)))
}

/// Empty names, both of them, are reported together.
fn check_names(incoming: &Incoming) -> Result<(), Answer> {
    let mut errors = Map::new();
    for field in ["first_name", "last_name"] {
        if incoming.has(field) && incoming.text(field)?.unwrap_or_default().is_empty() {
            errors.insert(field.into(), json!(["Shorter than minimum length 1."]));
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(invalid_fields(errors))
    }
}

fn check_email_is_free(tables: &Tables, email: &str, owner: Option<Id>) -> Result<(), Answer> {
    let is_address = email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if !is_address || email.contains(char::is_whitespace) {
        return Err(crate::errors::invalid(
            "email",
            "Not a valid email address.",
        ));
    }
    let taken = tables
        .customers
        .values()
        .any(|c| Some(c.id) != owner && c.email.eq_ignore_ascii_case(email));
    if taken {
        Err(invalid_plain("email", "email already exists on store"))
    } else {
        Ok(())
    }
}

fn delete(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let id = row(&tables.customers, incoming)?.id;
    tables.customers.remove(&id);
    tables.addresses.retain(|_, a| a.customer_id != id);
    tables.payment_methods.retain(|_, m| m.customer_id != id);
    tables.subscriptions.retain(|_, s| s.customer_id != id);
    tables.onetimes.retain(|_, o| o.customer_id != id);
    tables.charges.retain(|_, c| c.customer_id != id);
    tables.orders.retain(|_, o| o.customer_id != id);
    tables.bundle_selections.retain(|_, s| s.customer_id != id);
    tables.credit_accounts.retain(|_, a| a.customer_id != id);
    tables.documents.retain(|_, d| d.customer_id != Some(id));
    tables.bearers.retain(|b| b.customer_id != id);
    tables.rewards.remove(&id);
    Ok(Answer::empty())
}

fn delivery_schedule(tables: &Tables, incoming: &Incoming) -> Outcome {
    let customer = row(&tables.customers, incoming)?;
    let number = |name: &str| -> Result<Option<i32>, Answer> {
        let parse = |text: &str| text.parse::<u16>().map(i32::from);
        incoming
            .param(name)
            .map(parse)
            .transpose()
            .map_err(|_| crate::errors::invalid(name, "Not a valid integer."))
    };
    let date = |name: &str| -> Result<Option<Date>, Answer> {
        let parse = |text: &str| {
            Date::from_prefix(text).ok_or_else(|| crate::errors::invalid(name, "Not a valid date."))
        };
        incoming.param(name).map(parse).transpose()
    };
    let day = today(incoming.now);
    let count = number("delivery_count_future")?;
    let default_days = if count.is_some() {
        MAX_DAYS
    } else {
        DEFAULT_DAYS
    };
    let horizon = day.add_days(
        number("future_interval")?
            .unwrap_or(default_days)
            .min(MAX_DAYS),
    );
    let until = date("date_max")?.map_or(horizon, |max| max.min(day.add_days(MAX_DAYS)));
    let from = date("date_min")?.unwrap_or(day);
    let mut days = schedule::deliveries(tables, customer.id, incoming.now, until);
    days.retain(|(date, _)| *date >= from);
    days.truncate(count.map_or(usize::MAX, |count| count as usize));
    Ok(Answer::json(
        200,
        delivery_schedule::delivery_schedule(tables, customer, &days),
    ))
}

/// Upstream sends an e-mail; here it is enough that customer and payment method exist and
/// the type is known.
fn notify(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let customer_id = row(&tables.customers, incoming)?.id;
    let known = [
        "upcoming_charge",
        "get_account_access",
        "shopify_update_payment_information",
        "shopify_migrate_payment_information",
    ];
    let template = crate::incoming::required("template_type", incoming.text("template_type")?)?;
    if !known.contains(&template.as_str()) {
        return Err(crate::errors::invalid(
            "template_type",
            "Not a valid choice.",
        ));
    }
    let named = incoming.value("template_vars");
    let named = named.and_then(|vars| vars.get("payment_method_id"));
    let is_own = |id: Id| {
        let method = tables.payment_methods.get(&id);
        method.is_some_and(|method| method.customer_id == customer_id)
    };
    let method = named.and_then(crate::incoming::whole);
    if method.is_some_and(|id| !is_own(id)) {
        return Err(crate::errors::invalid("payment_method_id", "Not found"));
    }
    Ok(Answer::json(200, json!({})))
}
