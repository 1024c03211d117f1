//! What changes do to the charges, at once or late.

use sandbox::Scenario;
use serde_json::{Value, json};

use crate::shop::{DAY_MS, Shop, titles};

#[test]
fn without_commit_a_charge_is_stale_for_five_seconds_and_then_another() {
    let mut shop = Shop::open(Scenario::Everyday);
    let (before, item) = (shop.next(), shop.item("House Espresso"));
    shop.write(
        "PUT",
        &format!("/subscriptions/{}", item["id"]),
        json!({"quantity": 5}),
    );
    let stale = shop.next();
    assert_eq!(stale["has_uncommitted_changes"], true);
    assert_eq!(
        (&stale["id"], &stale["total_price"]),
        (&before["id"], &before["total_price"])
    );
    shop.wait(4_999);
    assert_eq!(shop.next()["id"], before["id"]);
    shop.wait(1);
    let fresh = shop.next();
    assert_eq!(fresh["has_uncommitted_changes"], false);
    assert_ne!(fresh["id"], before["id"]);
    assert_ne!(fresh["total_price"], before["total_price"]);
    assert_eq!(
        shop.send("GET", &format!("/charges/{}", before["id"]), Value::Null)
            .status,
        404
    );
}

#[test]
fn with_commit_the_charge_is_right_at_once() {
    let mut shop = Shop::open(Scenario::Everyday);
    let (before, item) = (shop.next(), shop.item("House Espresso"));
    shop.write(
        "PUT",
        &format!("/subscriptions/{}?commit=true", item["id"]),
        json!({"quantity": 5}),
    );
    let fresh = shop.next();
    assert_eq!(fresh["has_uncommitted_changes"], false);
    assert_ne!(fresh["id"], before["id"]);
}

#[test]
fn items_moved_to_one_date_merge_and_split_again() {
    let mut shop = Shop::open(Scenario::Everyday);
    let (decaf, date) = (shop.item("Decaf Huila"), shop.day(3));
    let path = format!(
        "/subscriptions/{}/set_next_charge_date?commit=true",
        decaf["id"]
    );
    shop.write("POST", &path, json!({"date": date}));
    assert!(titles(&shop.next()).contains(&"Decaf Huila"));
    let later = shop.day(8);
    shop.write("POST", &path, json!({"date": later}));
    assert!(!titles(&shop.next()).contains(&"Decaf Huila"));
    let apart = shop.list(&format!("charges?status=queued&scheduled_at={later}"));
    assert_eq!(titles(&apart[0]), ["Decaf Huila"]);
}

#[test]
fn cancelling_and_reactivating_brings_the_date_back() {
    let mut shop = Shop::open(Scenario::Everyday);
    let sencha = shop.item("Sencha from Uji");
    let path = format!("/subscriptions/{}", sencha["id"]);
    let reason =
        json!({"cancellation_reason": "Moving", "cancellation_reason_comments": "To Kyoto"});
    let cancelled = shop.write("POST", &format!("{path}/cancel?commit=true"), reason);
    assert_eq!(cancelled["status"], "cancelled");
    assert!(cancelled["next_charge_scheduled_at"].is_null());
    assert_eq!(cancelled["has_queued_charges"], false);
    assert!(
        shop.list(&format!(
            "charges?status=queued&purchase_item_id={}",
            sencha["id"]
        ))
        .is_empty()
    );
    let active = shop.write("POST", &format!("{path}/activate?commit=true"), json!({}));
    for field in [
        "cancellation_reason",
        "cancellation_reason_comments",
        "cancelled_at",
    ] {
        assert!(active[field].is_null(), "{field}");
    }
    assert_eq!(
        active["next_charge_scheduled_at"],
        sencha["next_charge_scheduled_at"]
    );
    let again = json!({"cancellation_reason": "Moving"});
    shop.write("POST", &format!("{path}/cancel"), again);
    shop.wait(60 * DAY_MS);
    let late = shop.write("POST", &format!("{path}/activate"), json!({}));
    assert!(late["next_charge_scheduled_at"].as_str().unwrap() > shop.day(0).as_str());
}

#[test]
fn a_discount_on_a_charge_is_lost_when_it_is_regenerated() {
    let mut shop = Shop::open(Scenario::Everyday);
    let charge = shop.next();
    let path = format!("/charges/{}/apply_discount", charge["id"]);
    let reduced = shop.write("POST", &path, json!({"discount_code": "WELCOME5"}));
    assert_eq!(reduced["total_discounts"], "5.00");
    assert_eq!(
        shop.send("POST", &path, json!({"discount_code": "FINCH10"}))
            .status,
        422
    );
    let item = shop.item("House Espresso");
    shop.write(
        "PUT",
        &format!("/subscriptions/{}?commit=true", item["id"]),
        json!({"quantity": 3}),
    );
    assert_eq!(shop.next()["total_discounts"], "0.00");
    let address = format!("/addresses/{}?commit=true", item["address_id"]);
    shop.write("PUT", &address, json!({"discounts": [{"code": "FINCH10"}]}));
    assert_ne!(shop.next()["total_discounts"], "0.00");
    shop.write("PUT", &address, json!({"discounts": []}));
    assert_eq!(shop.next()["total_discounts"], "0.00");
}

#[test]
fn a_onetime_joins_the_next_charge_or_a_date_but_not_both() {
    let mut shop = Shop::open(Scenario::Everyday);
    let address = shop.item("House Espresso")["address_id"].clone();
    let mut body = json!({"address_id": address, "external_variant_id": {"ecommerce": "43120018"}, "quantity": 1});
    assert_eq!(shop.send("POST", "/onetimes", body.clone()).status, 422);
    body["add_to_next_charge"] = json!(true);
    let onetime = shop.write("POST", "/onetimes?commit=true", body.clone());
    assert_eq!(onetime["next_charge_scheduled_at"], shop.day(3));
    assert!(titles(&shop.next()).contains(&"Travel Mug"));
    body["next_charge_scheduled_at"] = json!(shop.day(9));
    assert_eq!(shop.send("POST", "/onetimes", body).status, 422);
    shop.wait(4 * DAY_MS);
    let gone = shop.send("GET", &format!("/onetimes/{}", onetime["id"]), Value::Null);
    assert_eq!(gone.status, 404, "sent, and over");
}

#[test]
fn the_schedule_says_which_deliveries_are_being_recalculated() {
    let mut shop = Shop::open(Scenario::Everyday);
    let decaf = shop.item("Decaf Huila");
    let date = json!({"date": shop.day(5)});
    let path = format!("/subscriptions/{}/set_next_charge_date", decaf["id"]);
    shop.write("POST", &path, date.clone());
    let moved = |shop: &mut Shop| {
        let found = shop
            .deliveries()
            .into_iter()
            .find(|d| d["date"] == date["date"]);
        found.expect("a delivery on the new date")
    };
    let stale = moved(&mut shop);
    assert!(stale["charge_id"].is_null());
    assert_eq!(stale["has_uncommitted_changes"], true);
    shop.settle();
    let fresh = moved(&mut shop);
    assert!(fresh["charge_id"].is_u64());
    assert_eq!(fresh["has_uncommitted_changes"], false);
}
