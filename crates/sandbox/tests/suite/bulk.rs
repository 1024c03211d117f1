//! Several subscriptions of one address at once, and what third-party clients list.

use sandbox::Scenario;
use serde_json::{Value, json};

use crate::shop::Shop;

fn entry(shop: &Shop, variant: u64) -> Value {
    json!({
        "shopify_variant_id": variant, "quantity": 1, "next_charge_scheduled_at": shop.day(9),
        "order_interval_unit": "day", "order_interval_frequency": "30",
        "charge_interval_frequency": "30",
    })
}

#[test]
fn several_are_made_changed_and_erased_in_the_words_of_the_older_version() {
    let mut shop = Shop::open(Scenario::Everyday);
    let address = shop.next()["address_id"].clone();
    let path = format!("/addresses/{address}/subscriptions-bulk");
    let entries = [43_120_001, 43_120_004].map(|variant| entry(&shop, variant));
    let body = json!({"subscriptions": entries, "commit_update": true});
    let made = shop.write("POST", &path, body);
    let one = &made[0];
    assert_eq!(
        (&one["status"], &one["charge_interval_frequency"]),
        (&json!("ACTIVE"), &json!("30"))
    );
    assert_eq!(
        (&one["shopify_variant_id"], &one["has_queued_charges"]),
        (&json!(43_120_001), &json!(1))
    );
    assert!(one["price"].is_number() && one.get("external_variant_id").is_none());
    let on = format!("charges?status=queued&scheduled_at={}", shop.day(9));
    assert_eq!(shop.list(&on)[0]["line_items"].as_array().unwrap().len(), 2);
    let ids: Vec<Value> = made
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["id"].clone())
        .collect();
    let more: Vec<Value> = ids
        .iter()
        .map(|id| json!({"id": id, "quantity": 3}))
        .collect();
    let changed = shop.write("PUT", &path, json!({"subscriptions": more}));
    assert_eq!(
        (&changed[0]["quantity"], &changed[1]["quantity"]),
        (&json!(3), &json!(3))
    );
    let named: Vec<Value> = ids.iter().map(|id| json!({"id": id})).collect();
    let erased = shop.send("DELETE", &path, json!({"subscriptions": named}));
    assert_eq!(erased.status, 204);
    let gone = shop.send("GET", &format!("/subscriptions/{}", ids[0]), Value::Null);
    assert_eq!(gone.status, 404);
}

#[test]
fn all_of_them_or_none() {
    let mut shop = Shop::open(Scenario::Everyday);
    let (milk, tea) = (shop.item("Barista Oat Milk"), shop.item("Sencha from Uji"));
    let path = format!("/addresses/{}/subscriptions-bulk", milk["address_id"]);
    let good = entry(&shop, 43_120_001);
    let mine = json!({"id": milk["id"], "quantity": 5});
    let elsewhere = json!({"id": tea["id"], "quantity": 5});
    let before = shop.store.state();
    for (method, entries, status) in [
        ("POST", json!([good, entry(&shop, 1)]), 422),
        ("POST", json!([]), 422),
        ("POST", json!(vec![good; 21]), 422),
        ("PUT", json!([mine, elsewhere]), 404),
        ("DELETE", json!([mine, elsewhere]), 404),
    ] {
        let answer = shop.send(method, &path, json!({"subscriptions": entries}));
        assert_eq!(answer.status, status, "{method} {entries}");
    }
    assert_eq!(shop.store.state(), before);
}

#[test]
fn lists_are_narrowed_as_clients_that_keep_a_copy_do() {
    for (scenario, path, plural, some) in [
        (
            Scenario::Everyday,
            "/discounts?updated_at_min=2100-01-01",
            "discounts",
            false,
        ),
        (
            Scenario::Everyday,
            "/discounts?discount_type=shipping",
            "discounts",
            true,
        ),
        (
            Scenario::Everyday,
            "/payment_methods?updated_at_min=2100-01-01",
            "payment_methods",
            false,
        ),
        (
            Scenario::Everyday,
            "/subscriptions?bundles_only=true",
            "subscriptions",
            false,
        ),
        (
            Scenario::Bundles,
            "/subscriptions?bundles_only=true",
            "subscriptions",
            true,
        ),
        (
            Scenario::Bundles,
            "/bundle_selections?updated_at_min=2100-01-01",
            "bundle_selections",
            false,
        ),
        (
            Scenario::Bundles,
            "/collections?limit=1&sort_by=title-asc",
            "collections",
            true,
        ),
        (
            Scenario::Everyday,
            "/metafields?owner_resource=order&updated_at_min=2100-01-01",
            "metafields",
            false,
        ),
    ] {
        let listed = Shop::open(scenario).get(path);
        let rows = listed[plural].as_array().unwrap();
        assert_eq!(!rows.is_empty(), some, "{path}");
        assert!(listed.get("next_cursor").is_some(), "{path}");
    }
}

#[test]
fn one_times_and_credit_bring_whose_they_are() {
    for (scenario, path, plural) in [
        (
            Scenario::Everyday,
            "/onetimes?include=address,customer",
            "onetimes",
        ),
        (
            Scenario::Credits,
            "/credit_accounts?include=customer",
            "credit_accounts",
        ),
    ] {
        let listed = Shop::open(scenario).get(path);
        let row = &listed[plural][0];
        assert_eq!(
            row["include"]["customer"]["id"], row["customer_id"],
            "{path}"
        );
        assert!(
            path.contains("address") == row["include"]["address"].is_object(),
            "{path}"
        );
    }
}

#[test]
fn a_batch_counts_its_tasks_and_lists_them_with_their_state() {
    let mut shop = Shop::open(Scenario::Everyday);
    let batch = shop.write(
        "POST",
        "/async_batches",
        json!({"batch_type": "discount_create"}),
    );
    let path = format!("/async_batches/{}/tasks", batch["id"]);
    let tasks = json!({"tasks": [{"body": {"code": "A"}}, {"body": {"code": "B"}}]});
    assert_eq!(shop.write("POST", &path, tasks), 2);
    let listed = &shop.get(&path)["async_batch_tasks"];
    assert_eq!(
        (&listed[1]["batch_id"], &listed[1]["status"]),
        (&batch["id"], &json!("not_started"))
    );
    assert_ne!(listed[0]["id"], listed[1]["id"]);
}
