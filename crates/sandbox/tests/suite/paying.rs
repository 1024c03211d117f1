//! What happens as time passes: payments, refusals, prepaid orders, the 90-day wall.

use sandbox::{Effect, Fault, Scenario};
use serde_json::{Value, json};

use crate::shop::{DAY_MS, Shop};

#[test]
fn a_refused_card_is_retried_and_a_new_one_pays_the_next_day() {
    let mut shop = Shop::open(Scenario::Dunning);
    let failed = shop.list("charges?status=error")[0].clone();
    assert_eq!(failed["error_type"], "CUSTOMER_NEEDS_TO_UPDATE_CARD");
    assert!(!failed["retry_date"].is_null());
    assert_eq!(
        shop.get("/customers")["customers"][0]["has_payment_method_in_dunning"],
        true
    );
    let card = json!({
        "customer_id": failed["customer"]["id"], "payment_type": "CREDIT_CARD", "processor_name": "stripe",
        "processor_customer_token": "cus_tomas", "processor_payment_method_token": "pm_visa_1111",
        "address_ids": [failed["address_id"]],
    });
    shop.write("POST", "/payment_methods", card);
    let waiting = shop.list("charges?status=error")[0].clone();
    assert_eq!(
        waiting["error_type"],
        "CARD_UPDATED_NOW_PENDING_NEXT_ATTEMPT"
    );
    shop.wait(2 * DAY_MS);
    assert!(shop.list("charges?status=error").is_empty());
    assert_eq!(
        shop.get(&format!("/charges/{}", failed["id"]))["charge"]["status"],
        "success"
    );
    assert_eq!(
        shop.get("/customers")["customers"][0]["has_payment_method_in_dunning"],
        false
    );
}

#[test]
fn after_eight_refusals_the_charge_is_closed() {
    let mut shop = Shop::open(Scenario::Dunning);
    shop.wait(60 * DAY_MS);
    let closed = shop
        .list("charges?status=error")
        .into_iter()
        .find(|c| c["retry_date"].is_null())
        .unwrap();
    assert_eq!(closed["error_type"], "CLOSED_MAX_RETRIES_REACHED");
    assert_eq!(closed["charge_attempts"], 8);
    assert_eq!(
        shop.item("Kenya Gatomboya Filter")["max_retries_reached"],
        true
    );
    assert!(shop.item("Kenya Gatomboya Filter")["next_charge_scheduled_at"].is_null());
}

#[test]
fn paid_charges_vanish_after_ninety_days_and_their_orders_stay() {
    let mut shop = Shop::open(Scenario::Cancelled);
    assert!(shop.list("charges").is_empty());
    let orders = shop.get("/orders")["orders"].as_array().unwrap().clone();
    assert!(orders.len() > 5);
    let behind = format!("/charges/{}", orders[0]["charge"]["id"]);
    assert_eq!(shop.send("GET", &behind, Value::Null).status, 404);
}

#[test]
fn a_prepaid_charge_makes_orders_for_each_delivery_and_cannot_be_skipped() {
    let mut shop = Shop::open(Scenario::Everyday);
    let tea = shop.item("Earl Grey with Blue Cornflower");
    assert_eq!(
        (&tea["is_prepaid"], &tea["is_skippable"]),
        (&json!(true), &json!(false))
    );
    let charge = shop.list(&format!(
        "charges?status=queued&purchase_item_id={}",
        tea["id"]
    ))[0]
        .clone();
    assert_eq!(
        shop.send(
            "POST",
            &format!("/charges/{}/skip", charge["id"]),
            json!({})
        )
        .status,
        422
    );
    let paid = shop.write(
        "POST",
        &format!("/charges/{}/process", charge["id"]),
        json!({}),
    );
    assert_eq!(
        (&paid["status"], &paid["orders_count"]),
        (&json!("success"), &json!(3))
    );
    let orders = shop.get(&format!(
        "/orders?charge_id={}&sort_by=scheduled_at-asc",
        charge["id"]
    ));
    let states: Vec<&str> = orders["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["status"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["success", "queued", "queued"]);
}

#[test]
fn a_fault_is_met_once_and_the_log_says_what_happened() {
    let mut shop = Shop::open(Scenario::Everyday);
    let charge = shop.next();
    shop.store.clear_log();
    shop.store.add_fault(Fault::once(
        "POST",
        "/charges/{id}/skip",
        Effect::Status(409),
    ));
    let path = format!("/charges/{}/skip", charge["id"]);
    assert_eq!(shop.send("POST", &path, json!({})).status, 409);
    assert_eq!(shop.send("POST", &path, json!({})).status, 200);
    let log: Vec<(u16, bool)> = shop
        .store
        .log()
        .iter()
        .map(|entry| (entry.status, entry.wrote))
        .collect();
    assert_eq!(log, [(409, false), (200, true)]);
}
