//! Discount codes: who may use which, what they count for, how often.

use sandbox::Scenario;
use serde_json::{Value, json};

use crate::shop::{DAY_MS, Shop};

fn refusal(shop: &mut Shop, path: &str, method: &str, body: Value) -> (u16, Value) {
    let answer = shop.send(method, path, body);
    (
        answer.status,
        answer.body.unwrap_or_default()["errors"].clone(),
    )
}

#[test]
fn codes_that_cannot_be_used_are_refused_on_address_and_charge_alike() {
    let mut shop = Shop::open(Scenario::Everyday);
    let charge = shop.next();
    let address = format!("/addresses/{}", charge["address_id"]);
    let apply = format!("/charges/{}/apply_discount", charge["id"]);
    let before = shop.store.state();
    for (code, why) in [
        ("NOSUCH", "Discount code not found"),
        ("EXPIRED", "Discount code is expired"),
        ("USED", "Discount code has reached its usage limit"),
        ("DISABLED", "Discount is disabled"),
        ("FIRST25", "Discount code is for first time customers only"),
    ] {
        let on_address = refusal(
            &mut shop,
            &address,
            "PUT",
            json!({"discounts": [{"code": code}]}),
        );
        assert_eq!(on_address, (422, json!({"discounts": [why]})), "{code}");
        let on_charge = refusal(&mut shop, &apply, "POST", json!({"discount_code": code}));
        assert_eq!(on_charge, (422, json!({"discount_code": [why]})), "{code}");
    }
    assert_eq!(shop.store.state(), before);
}

#[test]
fn of_a_list_only_the_first_code_counts_and_none_clears() {
    let mut shop = Shop::open(Scenario::Everyday);
    let address = format!("/addresses/{}", shop.next()["address_id"]);
    let both = json!({"discounts": [{"code": "welcome10"}, {"code": "FREESHIP"}]});
    let put = shop.write("PUT", &address, both);
    assert_eq!(put["discounts"].as_array().unwrap().len(), 1);
    assert_eq!(put["discounts"][0]["code"], "WELCOME10");
    let cleared = shop.write("PUT", &address, json!({"discounts": []}));
    assert_eq!(cleared["discounts"], json!([]));
}

#[test]
fn a_charge_takes_no_code_beside_that_of_its_address() {
    let mut shop = Shop::open(Scenario::Everyday);
    let charge = shop.next();
    let address = format!("/addresses/{}?commit=true", charge["address_id"]);
    shop.write("PUT", &address, json!({"discounts": [{"code": "BIG20"}]}));
    let apply = format!("/charges/{}/apply_discount", shop.next()["id"]);
    let refused = refusal(
        &mut shop,
        &apply,
        "POST",
        json!({"discount_code": "WELCOME5"}),
    );
    assert_eq!(refused.0, 422);
    let remove = format!("/charges/{}/remove_discount", shop.next()["id"]);
    assert_eq!(
        shop.send("POST", &remove, json!({})).status,
        422,
        "it sits on the address"
    );
}

#[test]
fn a_code_once_per_customer_is_not_for_a_second_address() {
    let mut shop = Shop::open(Scenario::Everyday);
    let addresses = shop.list("addresses");
    let put = |n: usize| format!("/addresses/{}", addresses[n]["id"]);
    let body = json!({"discounts": [{"code": "ONCE20"}]});
    shop.write("PUT", &put(0), body.clone());
    shop.write("PUT", &put(0), body.clone());
    let (status, errors) = refusal(&mut shop, &put(1), "PUT", body);
    assert_eq!(
        (status, errors),
        (
            422,
            json!({"discounts": ["Discount code can only be used once per customer"]})
        )
    );
}

#[test]
fn an_address_loses_a_code_with_its_last_use() {
    let mut shop = Shop::open(Scenario::Everyday);
    let address_id = shop.next()["address_id"].clone();
    let path = format!("/addresses/{address_id}");
    shop.write("PUT", &path, json!({"discounts": [{"code": "THREE15"}]}));
    let mut with_code = 0;
    for _ in 0..6 {
        shop.wait(14 * DAY_MS);
        with_code = shop
            .list("charges?discount_code=THREE15&status=success")
            .len();
    }
    assert_eq!(with_code, 3, "the first and two more");
    let left = shop.get(&path)["address"]["discounts"].clone();
    assert_eq!(left, json!([]));
}

#[test]
fn a_code_counts_only_for_its_kind_of_item_and_from_its_minimum_on() {
    let mut shop = Shop::open(Scenario::Everyday);
    let charge = shop.next();
    let path = format!("/charges/{}", charge["id"]);
    let apply = |shop: &mut Shop, code: &str| {
        shop.send(
            "POST",
            &format!("{path}/apply_discount"),
            json!({"discount_code": code}),
        )
    };
    let extras: Vec<&Value> = charge["line_items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["purchase_item_type"] == "onetime")
        .collect();
    assert_eq!(extras.len(), 1, "the stroopwafels, twice 9.50");
    let reduced = apply(&mut shop, "EXTRAS30").body.unwrap();
    assert_eq!(reduced["charge"]["total_discounts"], "5.70");
    shop.write("POST", &format!("{path}/remove_discount"), json!({}));
    assert_eq!(
        apply(&mut shop, "BIG20").status,
        200,
        "over the minimum of 60"
    );
    shop.write("POST", &format!("{path}/remove_discount"), json!({}));
    let decaf = shop.item("Decaf Huila");
    let small = shop.list(&format!(
        "charges?status=queued&purchase_item_id={}",
        decaf["id"]
    ));
    let path = format!("/charges/{}/apply_discount", small[0]["id"]);
    let refused = refusal(&mut shop, &path, "POST", json!({"discount_code": "BIG20"}));
    assert_eq!(
        refused,
        (
            422,
            json!({"discount_code": ["Discount minimum subtotal is not met"]})
        )
    );
}

#[test]
fn a_merchant_makes_changes_and_removes_a_code() {
    let mut shop = Shop::open(Scenario::Everyday);
    let body = json!({"code": "SPRING", "value": "12.00", "value_type": "percentage",
        "usage_limits": {"one_application_per_customer": true}});
    let made = shop.write("POST", "/discounts", body.clone());
    assert_eq!(
        (&made["value"], &made["status"]),
        (&json!("12.00"), &json!("enabled"))
    );
    assert_eq!(
        shop.send("POST", "/discounts", body).status,
        422,
        "a code is there once"
    );
    let path = format!("/discounts/{}", made["id"]);
    let put = shop.write("PUT", &path, json!({"status": "disabled"}));
    assert_eq!(
        (&put["status"], &put["value"]),
        (&json!("disabled"), &json!("12.00"))
    );
    assert_eq!(
        shop.send("PUT", &path, json!({"status": "gone"})).status,
        422
    );
    shop.write("PUT", &path, json!({"status": "enabled"}));
    let address = format!("/addresses/{}", shop.next()["address_id"]);
    shop.write("PUT", &address, json!({"discounts": [{"code": "spring"}]}));
    assert_eq!(shop.send("DELETE", &path, Value::Null).status, 204);
    assert_eq!(shop.get(&address)["address"]["discounts"], json!([]));
}
