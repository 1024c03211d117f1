//! What customers put into their boxes.

use serde_json::Value;

use super::{Access, Route, admitted, row};
use crate::call::{Answer, Outcome};
use crate::charges;
use crate::errors::{invalid, not_found, out_of_range};
use crate::incoming::{Incoming, required, whole};
use crate::paging::Query;
use crate::rows::*;
use crate::serialise::bundle as wire;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/bundle_selections", Access::Read(list)),
    ("POST", "/bundle_selections", Access::Write(create)),
    ("GET", "/bundle_selections/{id}", Access::Read(get)),
    ("PUT", "/bundle_selections/{id}", Access::Write(update)),
    ("DELETE", "/bundle_selections/{id}", Access::Write(delete)),
    ("PUT", "/bundles/{id}", Access::Write(update_item)),
];

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "updated_at"])?;
    let charges = query.ids("charge_ids")?;
    let only_active = query.filter("active_purchase_items") == Some("true");
    let rows = admitted(tables.bundle_selections.values(), |s| {
        let is_active = tables
            .subscriptions
            .get(&s.purchase_item_id)
            .is_none_or(|item| item.status == SubscriptionStatus::Active);
        Ok(query.admits_id("customer_id", s.customer_id)?
            && query.admits_id("purchase_item_ids", s.purchase_item_id)?
            && query.admits_id("bundle_variant_ids", s.bundle_variant_id)?
            && query.admits_id("ids", s.id)?
            && charges
                .as_ref()
                .is_none_or(|ids| s.charge_id.is_some_and(|id| ids.contains(&id)))
            && query.admits_time("updated_at", Some(s.updated_at))?
            && (is_active || !only_active))
    })?;
    query.answer("bundle_selections", rows.into_iter(), wire::selection)
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    let selection = row(&tables.bundle_selections, incoming)?;
    Ok(Answer::one("bundle_selection", wire::selection(selection)))
}

fn create(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let field = "purchase_item_id";
    let item = required(field, incoming.number(field)?)?;
    let charge_id = incoming.number("charge_id")?;
    if charge_id.is_some_and(|id| !tables.charges.get(&id).is_some_and(|c| c.has(item))) {
        return Err(invalid("charge_id", "Not found"));
    }
    let is_it = |s: &&BundleSelection| s.purchase_item_id == item && s.charge_id == charge_id;
    if tables.bundle_selections.values().any(|s| is_it(&s)) {
        return Err(invalid(field, "A bundle selection already exists"));
    }
    let id = choose(tables, incoming, item, None, charge_id)?;
    let selection = tables.bundle_selections.get(&id).ok_or_else(not_found)?;
    let value = wire::selection(selection);
    Ok(Answer::created(201, "bundle_selection", value))
}

fn update(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let selection = row(&tables.bundle_selections, incoming)?;
    let (id, item, charge_id) = (
        selection.id,
        selection.purchase_item_id,
        selection.charge_id,
    );
    choose(tables, incoming, item, Some(id), charge_id)?;
    get(tables, incoming)
}

fn delete(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let id = row(&tables.bundle_selections, incoming)?.id;
    tables.bundle_selections.remove(&id);
    Ok(Answer::empty())
}

/// The subscription of a box and its contents in one call.
fn update_item(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let item = row(&tables.subscriptions, incoming)?.id;
    super::subscriptions::update(tables, incoming)?;
    let standing = tables
        .bundle_selections
        .values()
        .find(|s| s.purchase_item_id == item && s.charge_id.is_none());
    let standing = standing.map(|s| s.id);
    choose(tables, incoming, item, standing, None)?;
    super::subscriptions::answer(tables, incoming)
}

/// Puts the items of the body into the box of a purchase item and answers the selection's id.
fn choose(
    tables: &mut Tables,
    incoming: &Incoming,
    item: Id,
    standing: Option<Id>,
    charge_id: Option<Id>,
) -> Result<Id, Answer> {
    let not_a_bundle = || invalid("purchase_item_id", "Not a bundle");
    let (customer_id, address_id, details) = match tables.subscriptions.get(&item) {
        Some(s) => (s.customer_id, s.address_id, &s.details),
        None => {
            let onetime = tables.onetimes.get(&item).ok_or_else(not_a_bundle)?;
            (onetime.customer_id, onetime.address_id, &onetime.details)
        }
    };
    let variant_id = details.external_variant_id.clone().unwrap_or_default();
    let bundle = tables
        .bundles
        .iter()
        .find(|b| b.sizes.iter().any(|s| s.external_variant_id == variant_id))
        .cloned()
        .ok_or_else(not_a_bundle)?;
    let size = bundle
        .sizes
        .iter()
        .find(|s| s.external_variant_id == variant_id);
    let size = size.ok_or_else(not_a_bundle)?;
    let items = items(tables, incoming, &bundle)?;
    let count: u32 = items.iter().map(|item| item.quantity).sum();
    if !(size.quantity_min..=size.quantity_max).contains(&count) {
        return Err(out_of_range(&[(size.quantity_min, size.quantity_max)]));
    }
    let id = standing.unwrap_or_else(|| tables.new_id());
    let created_at = tables
        .bundle_selections
        .get(&id)
        .map_or(incoming.now, |s| s.created_at);
    let selection = BundleSelection {
        id,
        customer_id,
        purchase_item_id: item,
        bundle_variant_id: size.id,
        external_product_id: bundle.external_product_id.clone(),
        external_variant_id: variant_id,
        charge_id,
        items,
        created_at,
        updated_at: incoming.now,
    };
    tables.bundle_selections.insert(id, selection);
    charges::settle(tables, address_id, incoming.commit(), incoming.now);
    Ok(id)
}

/// The items of a body, each a variant of the bundle's collection.
fn items(
    tables: &mut Tables,
    incoming: &Incoming,
    bundle: &Bundle,
) -> Result<Vec<BundleItem>, Answer> {
    let listed = incoming.value("items").and_then(Value::as_array);
    let listed = required("items", listed)?;
    let mut items = Vec::new();
    for entry in listed {
        let quantity = entry.get("quantity").and_then(whole).unwrap_or(0);
        let variant_id = entry.get("external_variant_id").and_then(Value::as_str);
        let is_choice =
            |product: &Product| tables.is_in(bundle.collection_id, &product.external_product_id);
        let found = variant_id
            .and_then(|id| tables.variant(id))
            .filter(|(product, _)| is_choice(product));
        let Some((product, variant)) = found else {
            return Err(invalid("items", "Item is not in the bundle's collection"));
        };
        let (product_id, variant) = (product.external_product_id.clone(), variant.clone());
        if !(1..=100).contains(&quantity) {
            return Err(invalid(
                "items",
                "Quantity must be greater than or equal to 1.",
            ));
        }
        items.push(BundleItem {
            id: tables.new_id(),
            collection_id: bundle.collection_id.to_string(),
            external_product_id: product_id,
            external_variant_id: variant.external_variant_id,
            quantity: quantity as u32,
            price: variant.price,
            created_at: incoming.now,
            updated_at: incoming.now,
        });
    }
    Ok(items)
}

/// What belongs together in the shop, and what boxes are filled from.
pub(super) const COLLECTIONS: &[Route] = &[
    ("GET", "/collections", Access::Read(collections)),
    ("GET", "/collections/{id}", Access::Read(collection)),
    ("GET", "/collection_products", Access::Read(products)),
];

/// Sorting by title leaves the order as it is.
fn collections(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "created_at", "updated_at", "title"])?;
    query.answer("collections", tables.collections.iter(), |row| {
        wire::collection(tables, row)
    })
}

fn collection(tables: &Tables, incoming: &Incoming) -> Outcome {
    let id = incoming.id()?;
    let row = tables.collections.iter().find(|row| row.id == id);
    let row = row.ok_or_else(not_found)?;
    Ok(Answer::one("collection", wire::collection(tables, row)))
}

fn products(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id"])?;
    let wanted = query.filter("collection_id");
    let rows = tables
        .collection_products
        .iter()
        .filter(|row| wanted.is_none_or(|id| id == row.collection_id.to_string()));
    query.answer("collection_products", rows, wire::collection_product)
}
