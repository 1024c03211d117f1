//! What a customer's own session reaches: their things and what the shop shows to all.

use serde_json::Value;

use crate::call::{Answer, Call};
use crate::errors::not_found;
use crate::incoming::whole;
use crate::rows::*;

/// Resources that are nobody's own and may be read by everybody.
const OPEN: [&str; 9] = [
    "collection_products",
    "collections",
    "plans",
    "portal_access",
    "product_search",
    "products",
    "retention_strategies",
    "shop",
    "store",
];

/// Resources whose lists can be narrowed to one customer's rows.
const LISTS: [&str; 10] = [
    "addresses",
    "bundle_selections",
    "charges",
    "credit_accounts",
    "gift_purchases",
    "onetimes",
    "orders",
    "payment_methods",
    "purchase_items",
    "subscriptions",
];

/// The call as a customer's session may make it: lists are narrowed to their rows, and an id
/// of somebody else, in the path or in the body, is an id that does not exist.
pub(crate) fn confined(tables: &Tables, customer: Id, call: &Call) -> Result<Call, Answer> {
    let mut words = call.path.split('/').skip(1);
    let resource = words.next().unwrap_or_default();
    let id = words.next().and_then(|word| word.parse::<Id>().ok());
    let is_own = |resource: &str, id: Id| owner(tables, resource, id) == Some(customer);
    let may = match (OPEN.contains(&resource), id) {
        (true, _) => call.method == "GET",
        (false, Some(id)) => is_own(resource, id),
        (false, None) if resource == "metafields" => {
            let sent = call.body.as_ref().and_then(|body| body.get("metafield"));
            sent.and_then(|sent| owner_of_metafield(tables, sent)) == Some(customer)
        }
        (false, None) => LISTS.contains(&resource),
    };
    let body = |field: &str| call.body.as_ref().and_then(|body| body.get(field));
    let id_in = |value: &Value| whole(value.get("id").unwrap_or(value));
    let is_foreign = |(field, resource): (&str, &str)| match body(field) {
        Some(Value::Array(ids)) => !ids.iter().filter_map(id_in).all(|id| is_own(resource, id)),
        Some(id) => id_in(id).is_some_and(|id| !is_own(resource, id)),
        None => false,
    };
    let named = [
        ("address_id", "addresses"),
        ("address_ids", "addresses"),
        ("customer_id", "customers"),
        ("payment_method_id", "payment_methods"),
        ("source_addresses", "addresses"),
        ("target_address", "addresses"),
        ("purchase_item_id", "purchase_items"),
        ("purchase_item_ids", "purchase_items"),
        ("subscription_ids", "subscriptions"),
    ];
    if !may || named.into_iter().any(is_foreign) {
        return Err(not_found());
    }
    let mut call = call.clone();
    if id.is_none() {
        call.query.retain(|(name, _)| name != "customer_id");
        call.query
            .push(("customer_id".into(), customer.to_string()));
    }
    Ok(call)
}

/// Whose a row is.
fn owner(tables: &Tables, resource: &str, id: Id) -> Option<Id> {
    let subscription = || tables.subscriptions.get(&id).map(|row| row.customer_id);
    let onetime = || tables.onetimes.get(&id).map(|row| row.customer_id);
    match resource {
        "customers" => tables.customers.contains_key(&id).then_some(id),
        "addresses" => tables.addresses.get(&id).map(|row| row.customer_id),
        "payment_methods" => tables.payment_methods.get(&id).map(|row| row.customer_id),
        "subscriptions" => subscription(),
        "onetimes" => onetime(),
        "bundles" | "purchase_items" => subscription().or_else(onetime),
        "charges" => tables.charges.get(&id).map(|row| row.customer_id),
        "orders" => tables.orders.get(&id).map(|row| row.customer_id),
        "bundle_selections" => tables.bundle_selections.get(&id).map(|row| row.customer_id),
        "credit_accounts" => tables.credit_accounts.get(&id).map(|row| row.customer_id),
        "metafields" => {
            let row = tables.documents.get(&id)?;
            owner_of_metafield(tables, &Value::Object(row.fields.clone()))
        }
        "gift_purchases" => tables.documents.get(&id).and_then(|row| row.customer_id),
        _ => None,
    }
}

/// Whose the thing is that a metafield says it belongs to.
fn owner_of_metafield(tables: &Tables, fields: &Value) -> Option<Id> {
    let id = whole(fields.get("owner_id")?)?;
    let resource = match fields.get("owner_resource")?.as_str()? {
        "address" => "addresses",
        "charge" => "charges",
        "customer" => "customers",
        "order" => "orders",
        "subscription" => "subscriptions",
        _ => return None,
    };
    owner(tables, resource, id)
}
