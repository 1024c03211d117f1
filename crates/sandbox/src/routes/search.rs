//! The calls that only the older version 2021-01 of the API has: the shop's settings and
//! countries, and the search that product pickers use.

use serde_json::{Value, json};

use super::{Access, Route};
use crate::call::{Answer, Outcome};
use crate::incoming::Incoming;
use crate::paging::Query;
use crate::postal;
use crate::rows::*;
use crate::serialise::{bundle, plan, product, shop};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/shop", Access::Read(the_shop)),
    ("GET", "/shop/settings", Access::Read(settings)),
    ("GET", "/shop/shipping_countries", Access::Read(countries)),
    ("GET", "/product_search", Access::Read(search)),
];

/// The paths that version 2021-01 is still spoken on: what only it has, and what old clients ask
/// before anything else.
#[cfg(feature = "server")]
pub(crate) fn is_of_2021_01(path: &str) -> bool {
    matches!(path, "/" | "/shop" | "/token_information")
        || path.starts_with("/shop/")
        || path == "/product_search"
        || path.ends_with("/subscriptions-bulk")
}

fn the_shop(tables: &Tables, _: &Incoming) -> Outcome {
    Ok(Answer::one("shop", shop::old_shop(&tables.shop)))
}

fn settings(tables: &Tables, _: &Incoming) -> Outcome {
    Ok(Answer::one("settings", shop::settings(&tables.shop)))
}

fn countries(_: &Tables, _: &Incoming) -> Outcome {
    let countries: Vec<Value> = postal::COUNTRIES
        .iter()
        .enumerate()
        .map(|(n, (code, name))| {
            let provinces: Vec<Value> = postal::provinces(code)
                .unwrap_or_default()
                .iter()
                .enumerate()
                .map(|(m, (code, name))| json!({"code": code, "id": 1_000 * (n + 1) + m, "name": name}))
                .collect();
            json!({"code": code, "country_id": n + 1, "id": n + 1, "name": name, "provinces": provinces})
        })
        .collect();
    Ok(Answer::json(200, json!({"shipping_countries": countries})))
}

/// Products with their variants, plans and stock, as `format_version=2022-06` writes them.
fn search(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id"])?;
    let title = query.filter("title").map(str::to_lowercase);
    let in_collection = |p: &Product| {
        query.filter("collection_ids").is_none_or(|ids| {
            let mut ids = ids.split(',').filter_map(|id| id.parse().ok());
            ids.any(|id| tables.is_in(id, &p.external_product_id))
        })
    };
    let wanted = |p: &&Product| {
        let has_variant = |list: &str| {
            let mut ids = list.split(',');
            ids.any(|id| p.variants.iter().any(|v| v.external_variant_id == id))
        };
        let in_stock = p.variants.iter().any(|v| v.stock != Some(0));
        query.admits_word("external_product_ids", &p.external_product_id)
            && query.filter("external_variant_ids").is_none_or(has_variant)
            && title
                .as_ref()
                .is_none_or(|text| p.title.to_lowercase().contains(text))
            && query
                .filter("in_stock")
                .is_none_or(|wanted| (wanted == "true") == in_stock)
            && in_collection(p)
    };
    let found: Vec<&Product> = tables.products.iter().filter(wanted).collect();
    let total = found.len();
    let mut answer = query.answer("products", found.into_iter(), |p| searched(tables, p))?;
    if let Some(body) = &mut answer.body {
        body["total"] = json!(total);
    }
    Ok(answer)
}

fn searched(tables: &Tables, row: &Product) -> Value {
    let plans: Vec<&Plan> = tables
        .plans
        .values()
        .filter(|plan| plan.external_product_id == row.external_product_id)
        .collect();
    let mut value = product::product(tables, row);
    let stocked = value["variants"]
        .as_array()
        .into_iter()
        .flatten()
        .zip(&row.variants);
    let variants: Vec<Value> = stocked
        .map(|(listed, variant)| {
            let price = variant.price.amount();
            let by_plan = plans.iter().map(
                |plan| json!({"id": plan.id, "discount_value": "0.00", "discounted_price": price}),
            );
            let by_plan: Vec<Value> = by_plan.collect();
            let mut listed = listed.clone();
            listed["external_product_id"] = json!(row.external_product_id);
            listed["shipping_dimensions"] = json!({
                "depth": null, "height": null, "weight": variant.grams, "weight_unit": "g",
                "width": null,
            });
            if let Some(fields) = listed.as_object_mut() {
                fields.remove("dimensions");
            }
            listed["option_values"] = json!([variant.title]);
            listed["is_deleted"] = json!(false);
            listed["is_published"] = json!(true);
            listed["inventory"] = json!({
                "level": variant.stock,
                "policy": variant.stock.map(|_| "deny"),
                "tracking": variant.stock.map(|_| "shopify"),
            });
            listed["prices"] = json!([{
                "compare_at_price": null, "currency": tables.shop.currency,
                "plans": by_plan, "unit_price": price,
            }]);
            listed
        })
        .collect();
    let box_of = |b: &&Bundle| b.external_product_id == row.external_product_id;
    value["variants"] = Value::Array(variants);
    value["bundle_product"] = tables.bundles.iter().find(box_of).map_or(Value::Null, |b| {
        bundle::product(b, bundle::searched_source(b))
    });
    for (position, option) in (1..).zip(value["options"].as_array_mut().into_iter().flatten()) {
        option["id"] = json!(position);
        option["position"] = json!(position);
    }
    value["has_plans"] = json!(!plans.is_empty());
    value["handle"] = json!(row.handle);
    value["is_deleted"] = json!(false);
    value["is_published"] = json!(true);
    value["plans"] = plans.iter().map(|p| plan::plan(p)).collect();
    value["store_id"] = json!(tables.shop.id);
    value
}
