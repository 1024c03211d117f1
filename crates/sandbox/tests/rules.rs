//! The rules one by one: late regeneration, merging, splitting, skipping, dunning,
//! prepaid, the 90-day wall, what wipes what.

use recharge::Date;
use sandbox::{Answer, Call, Effect, Fault, Scenario, Store};
use serde_json::{Value, json};

const NOON: i64 = 1_771_934_400_000;
const DAY_MS: i64 = 86_400_000;

struct Shop {
    store: Store,
    now: i64,
}

impl Shop {
    fn open(scenario: Scenario) -> Shop {
        Shop {
            store: Store::new(scenario, NOON),
            now: NOON,
        }
    }

    fn send(&mut self, method: &str, path: &str, body: Value) -> Answer {
        let body = (!body.is_null()).then_some(body);
        self.store.handle(self.now, Call::new(method, path, body))
    }

    fn get(&mut self, path: &str) -> Value {
        let answer = self.send("GET", path, Value::Null);
        assert_eq!(answer.status, 200, "{path}");
        answer.body.unwrap()
    }

    /// A write that must succeed; what it answers, out of its envelope.
    fn write(&mut self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.send(method, path, body);
        assert!(answer.status < 300, "{method} {path}: {answer:?}");
        let body = answer.body.unwrap_or_default();
        body.as_object()
            .and_then(|o| o.values().next())
            .cloned()
            .unwrap_or_default()
    }

    fn day(&self, days: i32) -> String {
        Date::from_unix_ms(self.now).add_days(days).to_string()
    }

    fn wait(&mut self, ms: i64) {
        self.now += ms;
    }

    fn charges(&mut self, query: &str) -> Vec<Value> {
        self.get(&format!("/charges?limit=250{query}"))["charges"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// The queued charge of the next delivery, three days ahead.
    fn next(&mut self) -> Value {
        let date = self.day(3);
        self.charges(&format!("&status=queued&scheduled_at={date}"))[0].clone()
    }

    fn item(&mut self, title: &str) -> Value {
        let all = self.get("/subscriptions?limit=250")["subscriptions"]
            .as_array()
            .unwrap()
            .clone();
        all.into_iter()
            .find(|s| s["product_title"] == title)
            .unwrap()
    }
}

fn titles(charge: &Value) -> Vec<&str> {
    charge["line_items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["title"].as_str().unwrap())
        .collect()
}

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
    let apart = shop.charges(&format!("&status=queued&scheduled_at={later}"));
    assert_eq!(titles(&apart[0]), ["Decaf Huila"]);
}

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
        shop.charges(&format!("&status=skipped&scheduled_at={}", shop.day(3)))
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
fn a_new_rhythm_wipes_skips_still_to_come() {
    let mut shop = Shop::open(Scenario::Everyday);
    let milk = shop.item("Barista Oat Milk");
    let ahead = json!({"date": shop.day(17), "subscription_id": milk["id"].to_string()});
    shop.write(
        "POST",
        &format!("/subscriptions/{}/charges/skip", milk["id"]),
        ahead,
    );
    let skips = |shop: &mut Shop| {
        shop.charges(&format!("&status=skipped&purchase_item_id={}", milk["id"]))
            .len()
    };
    assert_eq!(skips(&mut shop), 1);
    let rhythm = json!({"order_interval_unit": "week", "order_interval_frequency": 4, "charge_interval_frequency": 4});
    shop.write("PUT", &format!("/subscriptions/{}", milk["id"]), rhythm);
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
        shop.charges(&format!("&status=queued&purchase_item_id={}", sencha["id"]))
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
fn a_refused_card_is_retried_and_a_new_one_pays_the_next_day() {
    let mut shop = Shop::open(Scenario::Dunning);
    let failed = shop.charges("&status=error")[0].clone();
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
    let waiting = shop.charges("&status=error")[0].clone();
    assert_eq!(
        waiting["error_type"],
        "CARD_UPDATED_NOW_PENDING_NEXT_ATTEMPT"
    );
    shop.wait(2 * DAY_MS);
    assert!(shop.charges("&status=error").is_empty());
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
        .charges("&status=error")
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
    assert!(shop.charges("").is_empty());
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
    let charge = shop.charges(&format!("&status=queued&purchase_item_id={}", tea["id"]))[0].clone();
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
    let on = shop.charges(&format!(
        "&purchase_item_id={}&status=queued,skipped",
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
