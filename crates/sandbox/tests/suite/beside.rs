//! What a store has beside subscriptions: documents, events, search, settings.

use sandbox::{Scenario, Settings};
use serde_json::{Value, json};

use crate::shop::{DAY_MS, Shop};

#[test]
fn a_metafield_is_replaced_by_its_name_and_belongs_to_something() {
    let mut shop = Shop::open(Scenario::Everyday);
    let id = shop.store.customers()[0].id;
    let body = |value: &str| {
        json!({"metafield": {"owner_resource": "customer", "owner_id": id,
        "namespace": "portal", "key": "gate", "value": value, "value_type": "string"}})
    };
    let made = shop.write("POST", "/metafields", body("code 12"));
    assert_eq!(made["owner_id"], id);
    let again = shop.write("POST", "/metafields", body("code 34"));
    assert_eq!(again["id"], made["id"]);
    let listed = shop.list(&format!("metafields?owner_resource=customer&owner_id={id}"));
    assert_eq!((listed.len(), &listed[0]["value"]), (1, &json!("code 34")));
    for wrong in [
        json!({"metafield": "gate"}),
        json!({"metafield": {"owner_resource": "customer", "owner_id": 1, "namespace": "a", "key": "b", "value": "c", "value_type": "string"}}),
        json!({"metafield": {"owner_resource": "moon", "owner_id": id, "namespace": "a", "key": "b", "value": "c", "value_type": "string"}}),
    ] {
        assert_eq!(
            shop.send("POST", "/metafields", wrong.clone()).status,
            422,
            "{wrong}"
        );
    }
    // The vendor's own client wraps it, others do not.
    let flat = shop.write("POST", "/metafields", body("code 56")["metafield"].clone());
    assert_eq!(
        (&flat["id"], &flat["value"]),
        (&made["id"], &json!("code 56"))
    );
    assert_eq!(
        shop.send(
            "DELETE",
            &format!("/metafields/{}", made["id"]),
            Value::Null
        )
        .status,
        204
    );
}

#[test]
fn the_last_orders_say_where_their_parcels_are() {
    let mut shop = Shop::open(Scenario::Everyday);
    let orders = shop.list("orders?status=success&include=metafields");
    let tracked = &orders[0]["include"]["metafields"][0];
    assert_eq!(
        (&tracked["namespace"], &tracked["key"]),
        (&json!("fulfillment"), &json!("tracking"))
    );
    let tracking: Value = serde_json::from_str(tracked["value"].as_str().unwrap()).unwrap();
    assert!(
        tracking["tracking_url"]
            .as_str()
            .unwrap()
            .starts_with("https://")
    );
    assert_eq!(orders[5]["include"]["metafields"], json!([]));
}

#[test]
fn every_write_leaves_an_event_for_seven_days() {
    let mut shop = Shop::open(Scenario::Everyday);
    let item = shop.item("House Espresso");
    shop.write(
        "PUT",
        &format!("/subscriptions/{}", item["id"]),
        json!({"quantity": 3}),
    );
    let date = json!({"date": shop.day(20)});
    shop.write(
        "POST",
        &format!(
            "/subscriptions/{}/set_next_charge_date?pause=true",
            item["id"]
        ),
        date,
    );
    let path = format!(
        "events?customer_id={}&object_type=subscription",
        item["customer_id"]
    );
    let events = shop.list(&path);
    let verbs: Vec<&str> = events.iter().map(|e| e["verb"].as_str().unwrap()).collect();
    assert_eq!(verbs, ["paused", "updated"], "the newest first");
    assert_eq!(events[0]["object_id"], item["id"]);
    assert_eq!(shop.list(&format!("{path}&verbs=updated")).len(), 1);
    let old = format!("/events?created_at_min={}", shop.day(-9));
    assert!(shop.send("GET", &old, Value::Null).body.unwrap()["errors"]["_schema"].is_array());
    shop.wait(8 * DAY_MS);
    assert!(shop.list(&path).is_empty());
}

#[test]
fn webhooks_are_at_most_ten_of_a_topic_and_can_be_tested_and_removed() {
    let mut shop = Shop::open(Scenario::Everyday);
    let body = |topic: &str| json!({"address": "https://portal.example/hooks", "topic": topic});
    let first = shop.write("POST", "/webhooks", body("charge/paid"));
    for _ in 1..10 {
        shop.write("POST", "/webhooks", body("charge/paid"));
    }
    assert_eq!(
        shop.send("POST", "/webhooks", body("charge/paid")).status,
        422
    );
    assert_eq!(
        shop.send(
            "POST",
            "/webhooks",
            json!({"address": "mailto:x", "topic": "a/b"})
        )
        .status,
        422
    );
    let path = format!("/webhooks/{}", first["id"]);
    assert_eq!(
        shop.send("POST", &format!("{path}/test"), json!({})).status,
        200
    );
    assert_eq!(shop.send("DELETE", &path, Value::Null).status, 204);
    assert_eq!(shop.list("webhooks").len(), 9);
}

#[test]
fn webhooks_are_told_what_a_change_and_the_passing_of_time_bring() {
    let mut shop = Shop::open(Scenario::Everyday);
    let item = shop.item("House Espresso");
    let path = format!("/subscriptions/{}", item["id"]);
    shop.write("PUT", &path, json!({"quantity": 3}));
    assert_eq!(shop.store.take_webhook_calls(), []);
    for topic in [
        "subscription/updated",
        "subscription/cancelled",
        "charge/paid",
    ] {
        let body = json!({"address": format!("https://portal.example/{topic}"), "topic": topic});
        shop.write("POST", "/webhooks", body);
    }
    shop.write("PUT", &path, json!({"quantity": 4}));
    let calls = shop.store.take_webhook_calls();
    let call = calls
        .iter()
        .find(|call| call.topic == "subscription/updated");
    let call = call.unwrap();
    assert_eq!(call.address, "https://portal.example/subscription/updated");
    let body: Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!(body["subscription"]["id"], item["id"]);
    assert_eq!(body["subscription"]["quantity"], 4);
    let reason = json!({"cancellation_reason": "Other"});
    shop.write("POST", &format!("{path}/cancel"), reason);
    let topics = |shop: &mut Shop| {
        let calls = shop.store.take_webhook_calls();
        calls.into_iter().map(|call| call.topic).collect::<Vec<_>>()
    };
    assert!(topics(&mut shop).contains(&"subscription/cancelled".to_owned()));
    shop.wait(40 * DAY_MS);
    assert!(topics(&mut shop).contains(&"charge/paid".to_owned()));
}

#[test]
fn a_batch_is_filled_processed_and_closed() {
    let mut shop = Shop::open(Scenario::Everyday);
    let made = shop.write(
        "POST",
        "/async_batches",
        json!({"batch_type": "onetime_create"}),
    );
    let path = format!("/async_batches/{}", made["id"]);
    shop.write(
        "POST",
        &format!("{path}/tasks"),
        json!({"tasks": [{"body": {}}, {"body": {}}]}),
    );
    let processed = shop.send("POST", &format!("{path}/process"), json!({}));
    assert_eq!(processed.status, 202);
    let batch = shop.get(&path)["async_batch"].clone();
    assert_eq!(
        (&batch["status"], &batch["total_task_count"]),
        (&json!("completed"), &json!(2))
    );
}

#[test]
fn the_search_shows_stock_plans_and_boxes() {
    let mut shop = Shop::open(Scenario::Bundles);
    let found = shop.get("/product_search?format_version=2022-06&title=kenya");
    assert_eq!(found["total"], 1);
    let variants = found["products"][0]["variants"].as_array().unwrap();
    assert_eq!(
        (
            &variants[0]["inventory"]["level"],
            &variants[1]["inventory"]["level"]
        ),
        (&json!(null), &json!(0))
    );
    assert!(!found["products"][0]["plans"].as_array().unwrap().is_empty());
    let boxed = shop.get("/product_search?external_product_ids=7310021")["products"][0].clone();
    let collection =
        boxed["bundle_product"]["variants"][0]["option_sources"][0]["collection_id"].clone();
    let id = collection.as_str().unwrap();
    let choices = shop.get(&format!("/collection_products?collection_id={id}"));
    let ids = choices["collection_products"].as_array().unwrap();
    assert_eq!(ids.len(), 6);
    let searched = shop.get(&format!("/product_search?collection_ids={id}"));
    assert_eq!(searched["total"], 6);
}

#[test]
fn the_shop_says_what_customers_may_do_and_where_it_sends() {
    let mut shop = Shop::open(Scenario::ShopifyCheckout);
    let settings = shop.get("/shop/settings")["settings"]["customer_portal"].clone();
    assert_eq!(
        settings["subscription"]["change_frequency_recalculate_next_charge"],
        true
    );
    let scopes = shop.get("/token_information")["token_information"]["scopes"].clone();
    assert!(
        !scopes
            .as_array()
            .unwrap()
            .contains(&json!("write_payments")),
        "{scopes}"
    );
    shop.store.configure(Settings::default());
    let scopes = shop.get("/token_information")["token_information"]["scopes"].clone();
    assert!(
        scopes
            .as_array()
            .unwrap()
            .contains(&json!("write_payments")),
        "{scopes}"
    );
    let countries = shop.get("/shop/shipping_countries")["shipping_countries"].clone();
    let us = countries
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["code"] == "US")
        .unwrap()
        .clone();
    assert!(
        us["provinces"]
            .as_array()
            .unwrap()
            .iter()
            .any(|p| p["code"] == "NY" && p["name"] == "New York")
    );
    let reasons = shop.list("retention_strategies");
    assert!(
        reasons
            .iter()
            .any(|r| r["incentive_type"] == "discount" && r["discount_code"] == "WELCOME10")
    );
}

#[test]
fn a_card_that_shopify_keeps_can_only_be_read() {
    let mut shop = Shop::open(Scenario::ShopifyCheckout);
    let card = shop.list("payment_methods")[0].clone();
    assert_eq!(card["processor_name"], "shopify_payments");
    let path = format!("/payment_methods/{}", card["id"]);
    for (method, body) in [("PUT", json!({"default": true})), ("DELETE", Value::Null)] {
        let refused = shop.send(method, &path, body);
        assert_eq!(refused.status, 422);
        assert!(refused.body.unwrap()["errors"]["processor_name"].is_array());
    }
    let mail = json!({"type": "email", "template_type": "shopify_update_payment_information",
        "template_vars": {"payment_method_id": card["id"]}});
    let path = format!("/customers/{}/notifications", card["customer_id"]);
    assert_eq!(shop.send("POST", &path, mail).status, 200);
}
