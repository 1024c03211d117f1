//! Priya Raman has a taster box that she fills herself, and one that she has not filled yet.

use base::Currency;

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::rows::*;

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 90, Currency::USD);
    add_boxes(&mut build.tables, build.at);
    let priya = build.customer("Priya", "Raman", "priya.raman@example.com");
    let home = postal(
        ("Priya", "Raman"),
        "702 East Denny Way",
        "Seattle",
        Some("Washington"),
        "98122",
        "US",
    );
    let visa = build.card(priya, "visa", "4242", build.today.add_months(25), &home);
    let address_id = build.address(priya, home, Some(visa));
    let first = build.day(4);
    let box_of_three = build.subscription(NewSubscription::weekly(
        address_id,
        BOX_OF_3,
        1,
        4,
        first.add_days(-56),
    ));
    let chosen = [(ESPRESSO_250, 1), (SENCHA_100, 1), (CHAI_200, 1)];
    fill(&mut build, priya, box_of_three, BOX_OF_3, &chosen);
    build.subscription(NewSubscription::weekly(
        address_id,
        BOX_OF_6,
        1,
        8,
        first.add_days(-56),
    ));
    build.subscription(NewSubscription::weekly(
        address_id,
        OAT_MILK_6,
        1,
        2,
        first.add_days(-56),
    ));
    build.finish()
}

/// Puts variants into a box.
fn fill(build: &mut Build, customer_id: Id, item: Id, size: &str, chosen: &[(&str, u32)]) {
    let (at, tables) = (build.at, &mut build.tables);
    let Some(bundle) = tables.bundles.first().cloned() else {
        return;
    };
    let Some(size) = bundle.sizes.iter().find(|s| s.external_variant_id == size) else {
        return;
    };
    let items = chosen
        .iter()
        .filter_map(|(variant_id, quantity)| {
            let id = tables.new_id();
            let (product, variant) = tables.variant(variant_id)?;
            Some(BundleItem {
                id,
                collection_id: bundle.collection_id.to_string(),
                external_product_id: product.external_product_id.clone(),
                external_variant_id: variant.external_variant_id.clone(),
                quantity: *quantity,
                price: variant.price,
                created_at: at,
                updated_at: at,
            })
        })
        .collect();
    let id = tables.new_id();
    tables.bundle_selections.insert(
        id,
        BundleSelection {
            id,
            customer_id,
            purchase_item_id: item,
            bundle_variant_id: size.id,
            external_product_id: bundle.external_product_id.clone(),
            external_variant_id: size.external_variant_id.clone(),
            charge_id: None,
            items,
            created_at: at,
            updated_at: at,
        },
    );
}
