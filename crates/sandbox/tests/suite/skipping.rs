//! Skipping and bringing back.

use sandbox::Scenario;
use serde_json::json;

use crate::shop::{DAY_MS, Shop, titles};

#[test]
fn skipping_a_part_splits_the_charge_and_unskipping_joins_it() {
    let mut shop = Shop::open(Scenario::Everyday);
    let (charge, milk) = (shop.next(), shop.item("Barista Oat Milk"));
    let items = json!({"purchase_item_ids": [milk["id"]]});
    let skipped = shop.write(
        "POST",
        &format!("/charges/{}/skip", charge["id"]),
        items.clone(),
    );
    assert_eq!(
        (&skipped["status"], titles(&skipped)),
        (&json!("skipped"), vec!["Barista Oat Milk"])
    );
    assert_ne!(skipped["id"], charge["id"]);
    assert!(!titles(&shop.next()).contains(&"Barista Oat Milk"));
    assert_eq!(
        shop.item("Barista Oat Milk")["next_charge_scheduled_at"],
        shop.day(17)
    );
    let joined = shop.write("POST", &format!("/charges/{}/unskip", skipped["id"]), items);
    assert_eq!(
        (&joined["status"], titles(&joined)),
        (&json!("queued"), titles(&charge))
    );
    assert!(
        shop.list(&format!(
            "charges?status=skipped&scheduled_at={}",
            shop.day(3)
        ))
        .is_empty()
    );
}

#[test]
fn a_charge_skipped_whole_keeps_its_id_and_stays_listed() {
    let mut shop = Shop::open(Scenario::Everyday);
    let charge = shop.next();
    let skipped = shop.write(
        "POST",
        &format!("/charges/{}/skip", charge["id"]),
        json!({}),
    );
    assert_eq!(
        (&skipped["id"], &skipped["status"]),
        (&charge["id"], &json!("skipped"))
    );
    assert_eq!(
        shop.send(
            "POST",
            &format!("/charges/{}/skip", charge["id"]),
            json!({})
        )
        .status,
        422
    );
    shop.wait(4 * DAY_MS);
    let late = shop.send(
        "POST",
        &format!("/charges/{}/unskip", charge["id"]),
        json!({}),
    );
    assert_eq!(late.status, 422);
}

#[test]
fn new_intervals_wipe_skips_still_to_come() {
    let mut shop = Shop::open(Scenario::Everyday);
    let milk = shop.item("Barista Oat Milk");
    let ahead = json!({"date": shop.day(17), "subscription_id": milk["id"].to_string()});
    shop.write(
        "POST",
        &format!("/subscriptions/{}/charges/skip", milk["id"]),
        ahead,
    );
    let skips = |shop: &mut Shop| {
        shop.list(&format!(
            "charges?status=skipped&purchase_item_id={}",
            milk["id"]
        ))
        .len()
    };
    assert_eq!(skips(&mut shop), 1);
    let intervals = json!({"order_interval_unit": "week", "order_interval_frequency": 4, "charge_interval_frequency": 4});
    shop.write("PUT", &format!("/subscriptions/{}", milk["id"]), intervals);
    assert_eq!(skips(&mut shop), 0);
}

#[test]
fn a_date_off_the_schedule_cannot_be_skipped() {
    let mut shop = Shop::open(Scenario::Everyday);
    let milk = shop.item("Barista Oat Milk");
    let body = json!({"date": shop.day(18), "subscription_ids": [milk["id"]]});
    let refused = shop.send(
        "POST",
        &format!("/addresses/{}/charges/skip", milk["address_id"]),
        body,
    );
    assert_eq!(refused.status, 422);
}

#[test]
fn changing_the_address_takes_an_item_and_its_skips_along() {
    let mut shop = Shop::open(Scenario::Everyday);
    let (milk, tea) = (shop.item("Barista Oat Milk"), shop.item("Sencha from Uji"));
    let ahead = json!({"date": shop.day(17), "subscription_id": milk["id"]});
    shop.write(
        "POST",
        &format!("/subscriptions/{}/charges/skip", milk["id"]),
        ahead,
    );
    let path = format!("/subscriptions/{}/change_address?commit=true", milk["id"]);
    shop.write("POST", &path, json!({"address_id": tea["address_id"]}));
    let on = shop.list(&format!(
        "charges?purchase_item_id={}&status=queued,skipped",
        milk["id"]
    ));
    assert_eq!(on.len(), 2);
    assert!(
        on.iter()
            .all(|charge| charge["address_id"] == tea["address_id"]),
        "{on:?}"
    );
}

#[test]
fn a_charge_that_failed_before_its_day_is_tried_again_and_cannot_be_skipped() {
    let mut shop = Shop::open(Scenario::Everyday);
    let charge = shop.next();
    let declined = json!({
        "customer_id": charge["customer"]["id"], "payment_type": "CREDIT_CARD",
        "processor_name": "stripe", "processor_customer_token": "cus_1",
        "processor_payment_method_token": "pm_declined_0002", "address_ids": [charge["address_id"]],
    });
    shop.write("POST", "/payment_methods", declined);
    shop.settle();
    let id = shop.next()["id"].clone();
    let failed = shop.write("POST", &format!("/charges/{id}/process"), json!({}));
    assert_eq!(
        (&failed["status"], &failed["scheduled_at"]),
        (&json!("error"), &charge["scheduled_at"])
    );
    let refused = shop.send("POST", &format!("/charges/{id}/skip"), json!({}));
    assert_eq!(refused.status, 422);
}
