//! The details of a subscription or a one-time, as a body gives them.

use base::Money;
use serde_json::{Value, json};

use crate::call::Answer;
use crate::errors::invalid;
use crate::incoming::{Incoming, required};
use crate::rows::*;

/// The details of a new purchase item: a variant of the catalogue, and what the body says otherwise.
pub(super) fn new_details(tables: &Tables, incoming: &Incoming) -> Result<ItemDetails, Answer> {
    let field = "external_variant_id";
    let variant_id = required(field, incoming.external_id(field)?)?;
    required("quantity", incoming.number("quantity")?)?;
    let Some((product, variant)) = tables.variant(&variant_id) else {
        return Err(invalid(field, "Not found"));
    };
    let details = ItemDetails {
        external_product_id: Some(product.external_product_id.clone()),
        external_variant_id: Some(variant_id.clone()),
        product_title: product.title.clone(),
        variant_title: Some(variant.title.clone()),
        sku: Some(variant.sku.clone()),
        sku_override: false,
        price: variant.price,
        quantity: 1,
        properties: json!([]),
    };
    with_fields(incoming, details)
}

/// The details after an update. Another variant brings its own titles and SKU; its price
/// only with `use_external_variant_defaults`.
pub(super) fn replace_details(
    tables: &Tables,
    incoming: &Incoming,
    old: &ItemDetails,
) -> Result<ItemDetails, Answer> {
    let mut details = old.clone();
    if let Some(variant_id) = incoming.external_id("external_variant_id")? {
        let Some((product, variant)) = tables.variant(&variant_id) else {
            return Err(invalid("external_variant_id", "Not found"));
        };
        let takes_defaults = incoming
            .flag("use_external_variant_defaults")?
            .unwrap_or(false);
        details.external_product_id = Some(product.external_product_id.clone());
        details.external_variant_id = Some(variant_id.clone());
        details.product_title.clone_from(&product.title);
        details.variant_title = Some(variant.title.clone());
        details.sku = Some(variant.sku.clone());
        if takes_defaults {
            details.price = variant.price;
        }
    }
    with_fields(incoming, details)
}

fn with_fields(incoming: &Incoming, mut details: ItemDetails) -> Result<ItemDetails, Answer> {
    if let Some(quantity) = incoming.number("quantity")? {
        if !(1..=10_000).contains(&quantity) {
            return Err(invalid("quantity", "Must be greater than or equal to 1."));
        }
        details.quantity = quantity as u32;
    }
    if let Some(price) = incoming.value("price") {
        let text = price
            .as_str()
            .map_or_else(|| price.to_string(), str::to_owned);
        let price = Money::parse(&text, details.price.currency());
        details.price = price.map_err(|_| invalid("price", "Not a valid number."))?;
    }
    if let Some(properties) = incoming.value("properties") {
        let named =
            |p: &Value| p.get("name").is_some_and(Value::is_string) && p.get("value").is_some();
        if !properties
            .as_array()
            .is_some_and(|list| list.iter().all(named))
        {
            return Err(invalid("properties", "Not a valid list."));
        }
        details.properties = properties.clone();
    }
    if let Some(title) = incoming.text("product_title")? {
        details.product_title = title;
    }
    if incoming.has("variant_title") {
        details.variant_title = incoming.text("variant_title")?;
    }
    if incoming.has("sku") {
        details.sku = incoming.text("sku")?;
    }
    if let Some(is_own) = incoming.flag("sku_override")? {
        details.sku_override = is_own;
    }
    Ok(details)
}
