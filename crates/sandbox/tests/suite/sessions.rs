//! A customer's own session, and the portal that upstream hosts.

use sandbox::{Call, Scenario};
use serde_json::{Value, json};

use crate::shop::Shop;

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
    for (owner, status) in [(&people[0].id, 201), (&people[1].id, 404)] {
        let note = json!({"metafield": {"owner_resource": "customer", "owner_id": owner,
            "namespace": "portal", "key": "gate", "value": "12", "value_type": "string"}});
        assert_eq!(call("POST", "/metafields", note).status, status, "{owner}");
    }
    assert_eq!(call("GET", "/plans", Value::Null).status, 200);
}
