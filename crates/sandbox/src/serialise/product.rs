//! Product.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::pictures;
use crate::rows::{Product, Tables};

/// The product with its variants; its ids are flat text here.
pub(crate) fn product(tables: &Tables, row: &Product) -> Value {
    let picture = pictures::data_uri(row.handle);
    let image = |sort_order: u32| match &picture {
        Some(uri) => json!({
            "large": uri, "medium": uri, "original": uri, "small": uri, "sort_order": sort_order,
        }),
        None => json!({"sort_order": sort_order}),
    };
    let created = stamp(tables.shop.created_at);
    let labels = row.variants.iter().enumerate();
    let labels: Vec<Value> = labels
        .map(|(n, v)| json!({"label": v.title, "position": n.to_string()}))
        .collect();
    let variants: Vec<Value> = row
        .variants
        .iter()
        .map(|variant| {
            json!({
                "dimensions": {"weight": variant.grams, "weight_unit": "g"},
                "external_variant_id": variant.external_variant_id,
                "image": image(0),
                "option_values": [{"label": variant.title}],
                "prices": {"compare_at_price": variant.price.amount(), "unit_price": variant.price.amount()},
                "requires_shipping": true,
                "sku": variant.sku,
                "tax_code": null,
                "taxable": true,
                "title": variant.title,
            })
        })
        .collect();
    json!({
        "brand": row.vendor,
        "external_created_at": created,
        "external_product_id": row.external_product_id,
        "external_updated_at": created,
        "images": [image(0)],
        "options": [{"name": row.option, "position": "0", "values": labels}],
        "published_at": created,
        "requires_shipping": true,
        "title": row.title,
        "variants": variants,
        "vendor": row.vendor,
    })
}
