//! What clients of the real store ask, and the shapes in which they read the answers.

use sandbox::{Scenario, Settings, Shapes};
use serde_json::{Value, json};

use crate::shop::Shop;

#[test]
fn the_root_answers_whoever_checks_a_token_there() {
    assert_eq!(Shop::open(Scenario::Everyday).get("/"), json!({}));
}

#[test]
fn the_second_page_of_metafields_needs_its_cursor_and_a_limit_only() {
    let mut shop = Shop::open(Scenario::Everyday);
    let owner = shop.store.customers()[0].id;
    for key in ["a", "b", "c"] {
        let body = json!({"owner_resource": "customer", "owner_id": owner, "namespace": "n",
            "key": key, "value": "v", "value_type": "string"});
        shop.write("POST", "/metafields", body);
    }
    let first = shop.get("/metafields?owner_resource=customer&limit=2");
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = shop.get(&format!("/metafields?limit=2&cursor={cursor}"));
    assert_eq!(second["metafields"].as_array().unwrap().len(), 1);
    assert_eq!(shop.send("GET", "/metafields", Value::Null).status, 422);
}

#[test]
fn a_deleted_onetime_answers_an_empty_object() {
    let mut shop = Shop::open(Scenario::Everyday);
    let onetime = shop.list("onetimes")[0]["id"].clone();
    let answer = shop.send("DELETE", &format!("/onetimes/{onetime}"), Value::Null);
    assert_eq!((answer.status, answer.body), (200, Some(json!({}))));
}

#[test]
fn a_date_filter_heeds_the_offset() {
    let mut shop = Shop::open(Scenario::Everyday);
    let all = shop.list("orders").len();
    let mut some = 0;
    for hour in 0..24 {
        let utc = shop.list(&format!(
            "orders?created_at_min=2025-11-03T{hour:02}:00:00+00:00"
        ));
        let tokyo = (hour + 9) % 24;
        let day = if hour + 9 >= 24 { 4 } else { 3 };
        let filter = format!("orders?created_at_min=2025-11-{day:02}T{tokyo:02}:00:00+09:00");
        assert_eq!(shop.list(&filter), utc, "{filter}");
        some += utc.len();
    }
    assert!(some > 0 && some < 24 * all, "the filter divides the orders");
}

#[test]
fn words_of_filters_are_the_same_in_any_case() {
    let mut shop = Shop::open(Scenario::Everyday);
    let lower = shop.list("subscriptions?status=active");
    assert!(!lower.is_empty());
    assert_eq!(shop.list("subscriptions?status=ACTIVE"), lower);
}

#[test]
fn collections_are_ordered_by_their_update_too() {
    let mut shop = Shop::open(Scenario::Bundles);
    assert!(!shop.list("collections?sort_by=updated_at-asc").is_empty());
}

#[test]
fn plans_are_narrowed_by_a_list_of_products() {
    let mut shop = Shop::open(Scenario::Everyday);
    let all = shop.list("plans");
    let product = all[0]["external_product_id"]["ecommerce"].as_str().unwrap();
    let some = shop.list(&format!("plans?external_product_ids={product},1"));
    assert!(!some.is_empty() && some.len() < all.len());
    assert!(
        some.iter()
            .all(|plan| plan["external_product_id"]["ecommerce"] == product)
    );
}

#[test]
fn shapes_are_those_of_the_vendors_types() {
    let mut shop = Shop::open(Scenario::Everyday);
    let plan = shop.list("plans")[0].clone();
    assert_eq!(
        plan["subscription_preferences"]["pricing_progression"],
        json!([])
    );
    assert_eq!(plan["translations"], json!([]));
    let charge = shop.list("charges")[0].clone();
    assert_eq!(charge["external_variant_id_not_found"], false);
    let product = shop.get("/product_search?limit=1")["products"][0].clone();
    assert_eq!(product["options"][0]["position"], 1);
    let dimensions = &product["variants"][0]["shipping_dimensions"];
    assert!(dimensions["weight"].is_number() && dimensions["depth"].is_null());
}

#[test]
fn where_sources_disagree_both_shapes_can_be_had() {
    for shapes in [Shapes::Published, Shapes::Captured] {
        let published = shapes == Shapes::Published;
        let settings = Settings {
            shapes,
            ..Settings::default()
        };
        let mut shop = Shop::open(Scenario::Bundles);
        shop.store.configure(settings);
        for subscription in shop.list("subscriptions?include=bundle_selections") {
            let selections = &subscription["include"]["bundle_selections"];
            assert_eq!(selections.is_array(), !published, "{selections}");
            assert_eq!(selections.is_object() || selections.is_null(), published);
        }
        let owner = shop.store.customers()[0].id;
        let body = json!({"owner_resource": "customer", "owner_id": owner, "namespace": "n",
            "key": "k", "value": "v", "value_type": "string"});
        let metafield = shop.write("POST", "/metafields", body);
        assert_eq!(metafield["owner_id"].is_number(), published);
        assert_eq!(metafield["description"].is_string(), published);

        let mut shop = Shop::open(Scenario::Prepaid);
        shop.store.configure(settings);
        let gifts = shop.list("customers?include=gift_purchases");
        let gifts = gifts
            .iter()
            .filter_map(|c| c["include"]["gift_purchases"][0].get("amount"));
        let amounts: Vec<&Value> = gifts.collect();
        assert!(!amounts.is_empty());
        assert!(amounts.iter().all(|amount| amount.is_number() == published));
        let alone = shop.list("gift_purchases")[0]["amount"].clone();
        assert!(alone.is_string());
    }
}

#[test]
fn a_box_with_too_few_items_is_told_the_ranges() {
    let mut shop = Shop::open(Scenario::Bundles);
    let selection = shop.list("bundle_selections")[0].clone();
    let path = format!("/bundle_selections/{}", selection["id"]);
    let items = json!({"items": [{"external_variant_id": "43120001", "quantity": 1}]});
    let answer = shop.send("PUT", &path, items);
    let errors = &answer.body.as_ref().unwrap()["errors"];
    assert_eq!(answer.status, 422);
    assert!(errors["message"].is_string());
    assert_eq!(errors["details"]["ranges"], json!([[3, 3]]));
}

#[test]
fn nothing_is_added_to_an_address_with_a_failed_charge() {
    let mut shop = Shop::open(Scenario::Dunning);
    let failed = shop.list("charges?status=error")[0].clone();
    let onetime = json!({"address_id": failed["address_id"], "external_variant_id": {"ecommerce": "43120001"},
        "quantity": 1, "next_charge_scheduled_at": shop.day(9)});
    let answer = shop.send("POST", "/onetimes", onetime);
    let message = &answer.body.as_ref().unwrap()["errors"]["general"];
    assert_eq!(answer.status, 422);
    assert!(
        message.as_str().unwrap().contains("error charges first"),
        "{message}"
    );
}
