//! What a store has beside subscriptions: boxes, credit, documents, sessions, gifts, search.

use sandbox::{Call, Scenario, Settings};
use serde_json::{Value, json};

use crate::shop::{DAY_MS, Shop};

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
    assert_eq!(included["bundle_selections"][0]["items"][0]["quantity"], 5);
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
fn a_metafield_is_wrapped_replaced_by_its_name_and_belongs_to_something() {
    let mut shop = Shop::open(Scenario::Everyday);
    let id = shop.store.customers()[0].id;
    let body = |value: &str| {
        json!({"metafield": {"owner_resource": "customer", "owner_id": id,
        "namespace": "portal", "key": "gate", "value": value, "value_type": "string"}})
    };
    let made = shop.write("POST", "/metafields", body("code 12"));
    assert_eq!(made["owner_id"], id.to_string(), "as text");
    let again = shop.write("POST", "/metafields", body("code 34"));
    assert_eq!(again["id"], made["id"]);
    let listed = shop.list(&format!("metafields?owner_resource=customer&owner_id={id}"));
    assert_eq!((listed.len(), &listed[0]["value"]), (1, &json!("code 34")));
    for wrong in [
        body("x")["metafield"].clone(),
        json!({"metafield": {"owner_resource": "customer", "owner_id": 1, "namespace": "a", "key": "b", "value": "c", "value_type": "string"}}),
        json!({"metafield": {"owner_resource": "moon", "owner_id": id, "namespace": "a", "key": "b", "value": "c", "value_type": "string"}}),
    ] {
        assert_eq!(
            shop.send("POST", "/metafields", wrong.clone()).status,
            422,
            "{wrong}"
        );
    }
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

#[test]
fn a_customers_session_finds_the_way_into_the_hosted_portal_for_an_hour() {
    let mut shop = Shop::open(Scenario::TwoCustomers);
    let people = shop.store.customers();
    let session = shop.write(
        "POST",
        &format!("/customers/{}/sessions", people[0].id),
        json!({}),
    );
    assert_eq!(session["customerId"], people[0].id);
    let token = session["apiToken"].as_str().unwrap().to_owned();
    let call = |token: Option<String>| Call {
        session: token,
        ..Call::get("/portal_access?page_destination=orders")
    };
    let access = shop
        .store
        .handle(shop.now, call(Some(token.clone())))
        .body
        .unwrap();
    let (hash, link) = (
        people[0].hash.as_str(),
        access["portal_url"].as_str().unwrap(),
    );
    assert_eq!(access["customer_hash"], hash);
    assert!(
        link.starts_with(access["base_url"].as_str().unwrap()),
        "{access}"
    );
    let temp = access["temp_token"].as_str().unwrap();
    assert!(
        link.ends_with(&format!("{hash}/orders?token={temp}")),
        "{link}"
    );
    let page = |shop: &Shop, hash: &str, token: Option<&str>, now: i64| {
        let path = format!("/tools/recurring/portal/{hash}/subscriptions");
        shop.store.hosted_page(now, &path, token)
    };
    let opened = page(&shop, hash, Some(temp), shop.now).unwrap();
    assert!(opened.contains("Astrid Holm"), "{opened}");
    assert_eq!(
        page(&shop, hash, None, shop.now),
        None,
        "the hash alone opens nothing here"
    );
    assert_eq!(
        page(&shop, &people[1].hash, Some(temp), shop.now),
        None,
        "another customer's"
    );
    assert_eq!(
        page(&shop, hash, Some(temp), shop.now + 16 * 60_000),
        None,
        "too late"
    );
    let by_hash = shop
        .store
        .hosted_page(shop.now, &format!("/portal/{hash}/subscriptions"), None);
    assert!(
        by_hash.is_some()
            && shop
                .store
                .hosted_page(shop.now, "/portal/none/subscriptions", None)
                .is_none()
    );
    assert_eq!(
        shop.store.handle(shop.now, call(None)).status,
        401,
        "the store's token is no session"
    );
    shop.wait(61 * 60_000);
    assert_eq!(shop.store.handle(shop.now, call(Some(token))).status, 401);
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
    let choices = shop.get(&format!(
        "/collections/{}/products",
        collection.as_str().unwrap()
    ));
    assert_eq!(choices["products"].as_array().unwrap().len(), 6);
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

#[test]
fn of_several_queued_charges_one_is_moved_paid_or_skipped_without_the_others() {
    let mut shop = Shop::open(Scenario::SeveralQueued);
    let espresso = shop.item("House Espresso");
    let queued = |shop: &mut Shop| -> Vec<(u64, String)> {
        let path = format!(
            "charges?status=queued&sort_by=scheduled_at-asc&purchase_item_id={}",
            espresso["id"]
        );
        let charges = shop.list(&path).into_iter();
        charges
            .map(|c| {
                (
                    c["id"].as_u64().unwrap(),
                    c["scheduled_at"].as_str().unwrap().to_owned(),
                )
            })
            .collect()
    };
    let dates = |shop: &mut Shop| -> Vec<String> {
        queued(shop).into_iter().map(|(_, date)| date).collect()
    };
    let day = |shop: &Shop, n: i32| shop.day(n);
    let [a, b, c, d, e] = [4, 18, 32, 46, 60].map(|n| day(&shop, n));
    assert_eq!(dates(&mut shop), [&*a, &*b, &*c, &*d]);
    let to = day(&shop, 34);
    let third = queued(&mut shop)[2].0;
    let path = format!("/charges/{third}/change_next_charge_date");
    shop.write("POST", &path, json!({"next_charge_date": to}));
    assert_eq!(dates(&mut shop), [&*a, &*b, &*to, &*d]);
    let fourth = queued(&mut shop)[3].0;
    let early = json!({"next_charge_date": day(&shop, 10)});
    let past = shop.send(
        "POST",
        &format!("/charges/{fourth}/change_next_charge_date"),
        early,
    );
    assert_eq!(past.status, 422, "it must not pass another");
    let second = queued(&mut shop)[1].0;
    shop.write("POST", &format!("/charges/{second}/process"), Value::Null);
    assert_eq!(
        dates(&mut shop),
        [&*a, &*to, &*d, &*e],
        "paid ahead, it does not come again"
    );
    let first = queued(&mut shop)[0].0;
    shop.write(
        "POST",
        &format!("/charges/{first}/skip"),
        json!({"purchase_item_ids": [espresso["id"]]}),
    );
    let f = day(&shop, 74);
    assert_eq!(dates(&mut shop), [&*to, &*d, &*e, &*f]);
    assert_eq!(shop.item("House Espresso")["next_charge_scheduled_at"], to);
}

#[test]
fn a_session_reaches_its_customers_things_only() {
    let mut shop = Shop::open(Scenario::TwoCustomers);
    let people = shop.store.customers();
    let path = format!("/customers/{}/sessions", people[0].id);
    let session = shop.write("POST", &path, json!({}))["apiToken"]
        .as_str()
        .unwrap()
        .to_owned();
    let foreign = |shop: &mut Shop, plural: &str| {
        shop.list(&format!("{plural}?customer_id={}", people[1].id))[0]["id"].clone()
    };
    let others: Vec<(&str, Value)> = [
        "subscriptions",
        "addresses",
        "payment_methods",
        "orders",
        "charges",
        "onetimes",
    ]
    .into_iter()
    .map(|plural| (plural, foreign(&mut shop, plural)))
    .collect();
    let now = shop.now;
    let mut call = |method: &str, path: &str, body: Value| {
        let call = Call::new(method, path, (!body.is_null()).then_some(body));
        shop.store.handle(
            now,
            Call {
                session: Some(session.clone()),
                ..call
            },
        )
    };
    for (plural, id) in &others {
        let one = call("GET", &format!("/{plural}/{id}"), Value::Null);
        assert_eq!(one.status, 404, "{plural}");
        let list = call(
            "GET",
            &format!("/{plural}?customer_id={}", people[1].id),
            Value::Null,
        );
        let rows = list.body.unwrap()[plural].as_array().unwrap().clone();
        assert!(
            !rows.is_empty() && rows.iter().all(|row| row["id"] != *id),
            "{plural}"
        );
    }
    let stolen = json!({"payment_method_id": others[2].1});
    let own = call("GET", "/addresses", Value::Null).body.unwrap()["addresses"][0]["id"].clone();
    assert_eq!(
        call("PUT", &format!("/addresses/{own}"), stolen).status,
        404
    );
    let merge = json!({"target_address": {"id": others[1].1}, "source_addresses": [{"id": own}]});
    assert_eq!(call("POST", "/addresses/merge", merge).status, 404);
    assert_eq!(call("GET", "/customers", Value::Null).status, 404);
    assert_eq!(
        call("GET", &format!("/customers/{}", people[1].id), Value::Null).status,
        404
    );
    assert_eq!(
        call("GET", &format!("/customers/{}", people[0].id), Value::Null).status,
        200
    );
    assert_eq!(call("GET", "/plans", Value::Null).status, 200);
}
