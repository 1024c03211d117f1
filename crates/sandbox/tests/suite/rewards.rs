//! Boxes that customers fill, credit, and what comes for nothing.

use sandbox::Scenario;
use serde_json::{Value, json};

use crate::shop::Shop;

fn items(chosen: &[(&str, u32)]) -> Value {
    let item = |(variant, quantity): &(&str, u32)| {
        json!({"collection_id": "1", "collection_source": "shopify",
            "external_product_id": "7310001", "external_variant_id": variant, "quantity": quantity})
    };
    chosen.iter().map(item).collect()
}

#[test]
fn a_box_is_filled_within_its_limits_and_from_its_collection() {
    let mut shop = Shop::open(Scenario::Bundles);
    let selection = shop.list("bundle_selections")[0].clone();
    let path = format!("/bundle_selections/{}", selection["id"]);
    let body = |chosen: &[(&str, u32)]| json!({"purchase_item_id": selection["purchase_item_id"], "items": items(chosen)});
    let filled = shop.write("PUT", &path, body(&[("43120001", 2), ("43120007", 1)]));
    assert_eq!(filled["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        filled["items"][0]["external_variant_id"], "43120001",
        "flat text"
    );
    for (wrong, why) in [
        (&[("43120001", 2)][..], "too few"),
        (&[("43120001", 4)][..], "too many"),
        (&[("43120013", 3)][..], "oat milk is not in the collection"),
        (&[("43120001", 0), ("43120007", 3)][..], "none of one"),
    ] {
        assert_eq!(shop.send("PUT", &path, body(wrong)).status, 422, "{why}");
    }
    assert_eq!(
        shop.send("POST", "/bundle_selections", body(&[("43120001", 3)]))
            .status,
        422,
        "it has one"
    );
    assert_eq!(shop.send("DELETE", &path, Value::Null).status, 204);
    shop.write("POST", "/bundle_selections", body(&[("43120001", 3)]));
    let oat = shop.item("Barista Oat Milk");
    let no_box = json!({"purchase_item_id": oat["id"], "items": items(&[("43120001", 3)])});
    assert_eq!(shop.send("POST", "/bundle_selections", no_box).status, 422);
}

#[test]
fn a_box_and_its_contents_change_in_one_call() {
    let mut shop = Shop::open(Scenario::Bundles);
    let boxed = shop.item("Taster Box");
    let body = json!({
        "external_product_id": {"ecommerce": "7310021"}, "external_variant_id": {"ecommerce": "43120022"},
        "use_external_variant_defaults": true, "items": items(&[("43120001", 5)]),
    });
    let changed = shop.write(
        "PUT",
        &format!("/bundles/{}?commit=true", boxed["id"]),
        body,
    );
    assert_eq!(
        (&changed["variant_title"], &changed["price"]),
        (&json!("Six to try"), &json!("72.00"))
    );
    let path = format!(
        "/subscriptions/{}?include=bundle_selections,bundle_product",
        boxed["id"]
    );
    let included = shop.get(&path)["subscription"]["include"].clone();
    assert_eq!(included["bundle_selections"]["items"][0]["quantity"], 5);
    assert_eq!(
        included["bundle_product"]["variants"][1]["ranges"][0]["quantity_max"],
        6
    );
    let few = json!({"quantity": 2, "items": items(&[("43120001", 1)])});
    assert_eq!(
        shop.send("PUT", &format!("/bundles/{}", boxed["id"]), few)
            .status,
        422
    );
    assert_eq!(
        shop.item("Taster Box")["quantity"],
        1,
        "a refused call changes neither"
    );
}

#[test]
fn credit_is_summed_and_used_by_the_next_charge_where_it_is_wanted() {
    let mut shop = Shop::open(Scenario::Credits);
    let id = shop.store.customers()[0].id;
    let path = format!("/customers/{id}/credit_summary?include=credit_details");
    let summary = shop.get(&path)["credit_summary"].clone();
    assert_eq!(
        summary["total_available_balance"], "37.00",
        "what has expired does not count"
    );
    assert_eq!(
        summary["include"]["credit_details"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert_eq!(
        summary["total_available_balance_by_credit_type"]["gift"],
        "25.00"
    );
    assert_eq!(
        shop.list(&format!("credit_accounts?customer_id={id}"))
            .len(),
        4
    );
    let wish = json!({"apply_credit_to_next_recurring_charge": true});
    shop.write("PUT", &format!("/customers/{id}"), wish);
    let queued = shop.list("charges?status=queued&sort_by=scheduled_at-asc")[0].clone();
    let paid = shop.write(
        "POST",
        &format!("/charges/{}/process", queued["id"]),
        Value::Null,
    );
    let cents = |v: &Value| v.as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    let used = cents(&queued["total_price"]) - cents(&paid["total_price"]);
    assert!(used > 0 && used <= 3_700, "{used}");
    assert_eq!(
        cents(&paid["total_discounts"]) - cents(&queued["total_discounts"]),
        used
    );
    let left = shop.get(&path)["credit_summary"]["total_available_balance"].clone();
    assert_eq!(cents(&left), 3_700 - used);
    let customer = shop.get(&format!("/customers/{id}"))["customer"].clone();
    assert_eq!(
        customer["apply_credit_to_next_recurring_charge"], false,
        "the wish is for one charge"
    );
}

#[test]
fn a_customer_shows_what_loyalty_brings_and_what_was_given() {
    let mut shop = Shop::open(Scenario::Credits);
    let id = shop.store.customers()[0].id;
    let path = format!(
        "/customers/{id}?include=referral_info,punch_card_progress,announcements,metafields"
    );
    let customer = shop.get(&path)["customer"].clone();
    let include = &customer["include"];
    assert_eq!(include["referral_info"]["referral_url"]["slug"], "leo-m");
    let card = include["punch_card_progress"]
        .as_object()
        .unwrap()
        .values()
        .next()
        .unwrap();
    assert_eq!(card["punch_card_order_count"], 4);
    assert_eq!(include["announcements"].as_array().unwrap().len(), 1);
    assert!(
        customer["subscription_related_charge_streak"]
            .as_u64()
            .unwrap()
            > 1
    );
    let mut shop = Shop::open(Scenario::Prepaid);
    let id = shop.store.customers()[0].id;
    let gifts = shop.get(&format!("/customers/{id}?include=gift_purchases"));
    assert_eq!(
        gifts["customer"]["include"]["gift_purchases"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        shop.list(&format!("gift_purchases?sender_customer_id={id}"))
            .len(),
        2
    );
    assert!(shop.list("gift_purchases?sender_customer_id=1").is_empty());
}

#[test]
fn a_free_gift_comes_with_its_charge_whatever_else_changes() {
    let mut shop = Shop::open(Scenario::Everyday);
    let charge = shop.next();
    let gift = json!({"free_gifts": [{"external_variant_id": "43120018", "quantity": 1}]});
    let given = shop.write(
        "POST",
        &format!("/charges/{}/add_free_gift", charge["id"]),
        gift,
    );
    assert_eq!(given["total_price"], charge["total_price"]);
    let item = shop.item("House Espresso");
    shop.write(
        "PUT",
        &format!("/subscriptions/{}?commit=true", item["id"]),
        json!({"quantity": 1}),
    );
    let next = shop.next();
    let lines = next["line_items"].as_array().unwrap();
    let free = lines
        .iter()
        .find(|line| line["title"] == "Travel Mug")
        .unwrap();
    assert_eq!(
        (&free["offer_attributes"]["type"], &free["unit_price"]),
        (&json!("free_gift"), &json!("0.00"))
    );
    let taken = json!({"external_variant_ids": ["43120018"]});
    let left = shop.write(
        "POST",
        &format!("/charges/{}/remove_free_gift", next["id"]),
        taken,
    );
    assert_eq!(
        left["line_items"].as_array().unwrap().len(),
        lines.len() - 1
    );
}
