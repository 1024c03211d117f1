//! Bundles: what may go into a box, and what did.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::rows::{Bundle, BundleSelection, Collection, CollectionProduct, Tables};

/// The selection; its external ids are flat text.
pub(crate) fn selection(row: &BundleSelection) -> Value {
    let items: Vec<Value> = row
        .items
        .iter()
        .map(|item| {
            json!({
                "id": item.id,
                "collection_id": item.collection_id,
                "collection_source": "shopify",
                "created_at": stamp(item.created_at),
                "external_product_id": item.external_product_id,
                "external_variant_id": item.external_variant_id,
                "price": item.price.amount(),
                "quantity": item.quantity,
                "updated_at": stamp(item.updated_at),
            })
        })
        .collect();
    json!({
        "id": row.id,
        "bundle_variant_id": row.bundle_variant_id,
        "charge_id": row.charge_id,
        "created_at": stamp(row.created_at),
        "external_product_id": row.external_product_id,
        "external_variant_id": row.external_variant_id,
        "is_fallback": false,
        "items": items,
        "order_id": null,
        "purchase_item_id": row.purchase_item_id,
        "updated_at": stamp(row.updated_at),
    })
}

/// Where the items of a box come from, as a product inside a subscription says it.
pub(crate) fn included_source(row: &Bundle) -> Value {
    let made = stamp(row.created_at);
    json!({
        "id": row.collection_id,
        "created_at": made,
        "option_source_id": row.collection_id.to_string(),
        "position": 1,
        "quantity_max": null,
        "quantity_min": null,
        "source_platform": "shopify",
        "updated_at": made,
    })
}

/// The same as the search of products says it.
pub(crate) fn searched_source(row: &Bundle) -> Value {
    json!({
        "id": row.collection_id,
        "collection_id": row.collection_id.to_string(),
        "quantity_max": null,
        "quantity_min": null,
    })
}

/// The product that is a box, with how many items each size takes and where from.
pub(crate) fn product(row: &Bundle, source: Value) -> Value {
    let made = stamp(row.created_at);
    let sizes: Vec<Value> = row
        .sizes
        .iter()
        .enumerate()
        .map(|(position, size)| {
            json!({
                "id": size.id,
                "created_at": made,
                "enabled": true,
                "external_variant_id": size.external_variant_id,
                "items_count": size.quantity_max,
                "option_sources": [source],
                "position": position,
                "ranges": [{
                    "id": size.id,
                    "created_at": made,
                    "quantity_max": size.quantity_max,
                    "quantity_min": size.quantity_min,
                    "updated_at": made,
                }],
                "selection_defaults": [],
                "title": format!("{} to {}", size.quantity_min, size.quantity_max),
                "updated_at": made,
            })
        })
        .collect();
    json!({
        "id": row.id,
        "created_at": made,
        "custom_prices": false,
        "customization_window": 1,
        "customization_window_disabled_message": null,
        "default_bundle_variant_id": row.sizes.first().map(|size| size.id),
        "description": null,
        "external_product_id": row.external_product_id,
        "is_customizable": true,
        "max_quantity_per_variant": null,
        "price_rule": null,
        "reset_box_contents": false,
        "title": "Taster Box",
        "updated_at": made,
        "variants": sizes,
    })
}

/// A product of a collection.
pub(crate) fn collection_product(row: &CollectionProduct) -> Value {
    json!({
        "id": row.id,
        "collection_id": row.collection_id.to_string(),
        "created_at": stamp(row.created_at),
        "external_product_id": row.external_product_id,
        "updated_at": stamp(row.created_at),
    })
}

/// A collection, with its products in their order.
pub(crate) fn collection(tables: &Tables, row: &Collection) -> Value {
    let products = tables.collection_products.iter();
    let products: Vec<&str> = products
        .filter(|product| product.collection_id == row.id)
        .map(|product| product.external_product_id.as_str())
        .collect();
    json!({
        "id": row.id,
        "created_at": stamp(row.created_at),
        "description": row.description,
        "manual_sort_order": products,
        "sort_order": "manual",
        "title": row.title,
        "type": "manual",
        "updated_at": stamp(row.created_at),
    })
}
