//! What a portal's actions need of upstream, one after the other.

use sandbox::{Process, Scenario, Settings};
use serde_json::{Value, json};

use crate::shop::{DAY_MS, Shop, titles};

fn every(weeks: u32) -> Value {
    json!({"order_interval_unit": "week", "order_interval_frequency": weeks, "charge_interval_frequency": weeks})
}

#[test]
fn a_swap_takes_titles_and_sku_and_the_price_only_with_defaults() {
    let mut shop = Shop::open(Scenario::Everyday);
    let espresso = shop.item("House Espresso");
    let path = format!("/subscriptions/{}?commit=true", espresso["id"]);
    let mut body = json!({"external_variant_id": {"ecommerce": "43120003"}});
    let kept = shop.write("PUT", &path, body.clone());
    assert_eq!(
        (&kept["price"], &kept["sku"]),
        (&json!("14.50"), &json!("AF-ESP-1000"))
    );
    body["use_external_variant_defaults"] = json!(true);
    let swapped = shop.write("PUT", &path, body);
    assert_eq!(
        (&swapped["price"], &swapped["variant_title"]),
        (&json!("49.00"), &json!("1 kg, whole bean"))
    );
    let mug = json!({"external_variant_id": {"ecommerce": "43120018"}});
    assert_eq!(
        shop.send("PUT", &path, mug).status,
        422,
        "a mug is sold once only"
    );
}

#[test]
fn a_plan_must_be_of_the_product_and_brings_its_frequency() {
    let mut shop = Shop::open(Scenario::Everyday);
    let espresso = shop.item("House Espresso");
    let path = format!("/subscriptions/{}", espresso["id"]);
    let plan_of = |shop: &mut Shop, product: &Value, kind: &str| {
        let product = product.as_str().unwrap().to_owned();
        shop.list(&format!("plans?external_product_id={product}&type={kind}"))[0].clone()
    };
    let own = plan_of(
        &mut shop,
        &espresso["external_product_id"]["ecommerce"],
        "subscription",
    );
    let changed = shop.write("PUT", &path, json!({"plan_id": own["id"]}));
    assert_eq!(changed["plan_id"], own["id"]);
    assert_eq!(
        changed["order_interval_frequency"],
        own["subscription_preferences"]["order_interval_frequency"]
    );
    let once = plan_of(
        &mut shop,
        &espresso["external_product_id"]["ecommerce"],
        "onetime",
    );
    let other = shop.item("Decaf Huila")["external_product_id"]["ecommerce"].clone();
    let foreign = plan_of(&mut shop, &other, "subscription");
    for plan in [once, foreign] {
        assert_eq!(
            shop.send("PUT", &path, json!({"plan_id": plan["id"]}))
                .status,
            422
        );
    }
}

#[test]
fn a_new_frequency_removes_skips_and_moves_the_date_only_where_the_store_says_so() {
    for recalculates in [false, true] {
        let mut shop = Shop::open(Scenario::Everyday);
        shop.store.configure(Settings {
            recalculate_next_charge: recalculates,
            ..Settings::default()
        });
        let oat = shop.item("Barista Oat Milk");
        let next = oat["next_charge_scheduled_at"].clone();
        let ahead = shop.day(17);
        let skip = format!("/subscriptions/{}/charges/skip", oat["id"]);
        shop.write("POST", &skip, json!({"date": ahead}));
        let path = format!("/subscriptions/{}?commit=true", oat["id"]);
        let changed = shop.write("PUT", &path, every(4));
        let skipped = shop.list(&format!(
            "charges?status=skipped&purchase_item_id={}",
            oat["id"]
        ));
        assert!(skipped.is_empty(), "{skipped:?}");
        // Every two weeks before, paid eleven days ago: four weeks after that are 17 days.
        let expected = if recalculates { json!(ahead) } else { next };
        assert_eq!(
            changed["next_charge_scheduled_at"], expected,
            "recalculates: {recalculates}"
        );
    }
}

#[test]
fn a_fixed_day_moves_the_date_on_to_it_and_needs_its_own_unit() {
    let mut shop = Shop::open(Scenario::Everyday);
    let (oat, decaf) = (shop.item("Barista Oat Milk"), shop.item("Decaf Huila"));
    let weekly = format!("/subscriptions/{}", oat["id"]);
    // 3 February 2026 is a Tuesday; Monday is 0.
    let changed = shop.write("PUT", &weekly, json!({"order_day_of_week": 0}));
    assert_eq!(
        (
            &changed["order_day_of_week"],
            &changed["next_charge_scheduled_at"]
        ),
        (&json!(0), &json!("2026-02-09"))
    );
    assert_eq!(
        shop.send("PUT", &weekly, json!({"order_day_of_month": 3}))
            .status,
        422
    );
    assert_eq!(
        shop.send("PUT", &weekly, json!({"order_day_of_week": 7}))
            .status,
        422
    );
    let monthly = format!("/subscriptions/{}?commit=true", decaf["id"]);
    let changed = shop.write("PUT", &monthly, json!({"order_day_of_month": 31}));
    assert_eq!(changed["next_charge_scheduled_at"], "2026-02-28");
    shop.wait(30 * DAY_MS);
    assert_eq!(
        shop.item("Decaf Huila")["next_charge_scheduled_at"],
        "2026-03-31"
    );
    let weeks = shop.write("PUT", &monthly, every(2));
    assert!(
        weeks["order_day_of_month"].is_null(),
        "a month's day means nothing in weeks"
    );
}

#[test]
fn processing_may_be_refused_or_stay_pending_for_five_minutes() {
    let mut shop = Shop::open(Scenario::Everyday);
    let charge = shop.next();
    let path = format!("/charges/{}/process", charge["id"]);
    let with = |process| Settings {
        process,
        ..Settings::default()
    };
    shop.store.configure(with(Process::Off));
    assert_eq!(shop.send("POST", &path, Value::Null).status, 403);
    shop.store.configure(with(Process::Pending));
    assert_eq!(shop.write("POST", &path, Value::Null)["status"], "pending");
    assert_eq!(shop.send("POST", &path, Value::Null).status, 422, "once");
    let status = |shop: &mut Shop| {
        shop.get(&format!("/charges/{}", charge["id"]))["charge"]["status"].clone()
    };
    shop.wait(299_999);
    assert_eq!(status(&mut shop), "pending");
    shop.wait(1);
    assert_eq!(status(&mut shop), "success");
    let order = shop.list(&format!("orders?charge_id={}", charge["id"]));
    assert_eq!(order.len(), 1);
    assert!(
        shop.item("House Espresso")["next_charge_scheduled_at"].as_str()
            > charge["scheduled_at"].as_str()
    );
}

#[test]
fn what_is_out_of_stock_can_be_chosen_and_fails_when_it_is_charged() {
    let mut shop = Shop::open(Scenario::Everyday);
    let decaf = shop.item("Decaf Huila");
    let path = format!("/subscriptions/{}?commit=true", decaf["id"]);
    shop.write(
        "PUT",
        &path,
        json!({"external_variant_id": {"ecommerce": "43120008"}}),
    );
    let queued = shop.list(&format!(
        "charges?status=queued&purchase_item_id={}",
        decaf["id"]
    ));
    let failed = shop.write(
        "POST",
        &format!("/charges/{}/process", queued[0]["id"]),
        Value::Null,
    );
    assert_eq!(
        (&failed["status"], &failed["error_type"]),
        (&json!("error"), &json!("INSUFFICIENT_INVENTORY"))
    );
    assert!(
        failed["retry_date"]
            .as_str()
            .unwrap()
            .starts_with(&shop.day(1)),
        "daily"
    );
}

#[test]
fn a_delivery_given_away_goes_to_the_recipient_once_and_is_skipped_at_home() {
    let mut shop = Shop::open(Scenario::Everyday);
    let decaf = shop.item("Decaf Huila");
    let date = decaf["next_charge_scheduled_at"].clone();
    let mut body = json!({"purchase_item_ids": [decaf["id"]], "recipient_address": {
        "first_name": "Sam", "last_name": "Okafor", "email": "sam@example.com", "address1": "12 Pine Street",
        "city": "Portland", "country_code": "US", "province": "Oregon", "zip": "97204", "phone": null,
    }});
    let given = shop.write("POST", "/purchase_items/skip_gift", body.clone());
    let onetime = &given[0];
    assert_eq!(onetime["next_charge_scheduled_at"], date);
    let address = shop.get(&format!("/addresses/{}", onetime["address_id"]))["address"].clone();
    assert_eq!(
        (&address["is_gift"], &address["city"]),
        (&json!(true), &json!("Portland"))
    );
    let charges = shop.list(&format!(
        "charges?address_id={}&status=queued",
        onetime["address_id"]
    ));
    assert_eq!(titles(&charges[0]), ["Decaf Huila"]);
    assert!(shop.item("Decaf Huila")["next_charge_scheduled_at"].as_str() > date.as_str());
    body["recipient_address"]
        .as_object_mut()
        .unwrap()
        .remove("email");
    let refused = shop.send("POST", "/purchase_items/skip_gift", body);
    assert_eq!(refused.status, 422);
    assert!(refused.body.unwrap()["errors"]["recipient_address"]["email"].is_array());
}

#[test]
fn a_backup_method_pays_where_the_customer_wants_it() {
    for wanted in [false, true] {
        let mut shop = Shop::open(Scenario::Everyday);
        let charge = shop.next();
        let customer = charge["customer"]["id"].clone();
        let body = json!({"customer_id": customer, "payment_type": "CREDIT_CARD", "processor_name": "stripe",
            "processor_customer_token": "cus_maya", "processor_payment_method_token": "pm_declined_0002",
            "address_ids": [charge["address_id"]]});
        shop.write("POST", "/payment_methods", body);
        shop.write(
            "PUT",
            &format!("/customers/{customer}"),
            json!({"backup_payment_methods_enabled": wanted}),
        );
        shop.settle();
        let path = format!("/charges/{}/process", shop.next()["id"]);
        let expected = if wanted { "success" } else { "error" };
        assert_eq!(shop.write("POST", &path, Value::Null)["status"], expected);
    }
}

#[test]
fn a_new_card_with_retry_charges_pays_at_once() {
    let mut shop = Shop::open(Scenario::Dunning);
    let failed = shop.list("charges?status=error")[0].clone();
    let card = |addresses: Value| {
        json!({
            "customer_id": failed["customer"]["id"], "payment_type": "CREDIT_CARD", "processor_name": "stripe",
            "processor_customer_token": "cus_tomas", "processor_payment_method_token": "pm_visa_1111",
            "address_ids": addresses, "retry_charges": true,
        })
    };
    assert_eq!(
        shop.send("POST", "/payment_methods", card(json!([1])))
            .status,
        422,
        "a foreign address"
    );
    shop.write(
        "POST",
        "/payment_methods",
        card(json!([failed["address_id"]])),
    );
    assert!(shop.list("charges?status=error").is_empty());
}

#[test]
fn a_prepaid_order_is_delayed_moved_copied_and_removed_before_it_is_sent() {
    let mut shop = Shop::open(Scenario::Everyday);
    let tea = shop.item("Earl Grey with Blue Cornflower");
    let charge = shop.list(&format!(
        "charges?status=queued&purchase_item_id={}",
        tea["id"]
    ));
    let process = format!("/charges/{}/process", charge[0]["id"]);
    shop.write("POST", &process, Value::Null);
    let queued = shop.list("orders?status=queued");
    let id = &queued[0]["id"];
    let before = queued[0]["scheduled_at"].as_str().unwrap()[..10].to_owned();
    let delayed = shop.write("POST", &format!("/orders/{id}/delay"), Value::Null);
    assert!(delayed["scheduled_at"].as_str().unwrap()[..10] > *before);
    let moved = shop.write(
        "PUT",
        &format!("/orders/{id}"),
        json!({"scheduled_at": shop.day(5)}),
    );
    assert_eq!(&moved["scheduled_at"].as_str().unwrap()[..10], shop.day(5));
    let past = json!({"scheduled_at": shop.day(0)});
    assert_eq!(shop.send("PUT", &format!("/orders/{id}"), past).status, 422);
    let copy = shop.write(
        "POST",
        &format!("/orders/{id}/clone"),
        json!({"scheduled_at": shop.day(8)}),
    );
    assert_ne!(&copy["id"], id);
    assert_eq!(
        shop.send("DELETE", &format!("/orders/{}", copy["id"]), Value::Null)
            .status,
        204
    );
    let sent = shop.list("orders?status=success&limit=250")[0]["id"].clone();
    assert_eq!(
        shop.send("POST", &format!("/orders/{sent}/delay"), Value::Null)
            .status,
        422
    );
}
