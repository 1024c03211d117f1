//! The scenario `large`: what it holds, and that reading and writing stay quick.

use std::time::{Duration, Instant};

use sandbox::{Scenario, Store};
use serde_json::json;

use crate::shop::Shop;

/// Generous, for a busy machine and an unoptimised build.
const LIMIT: Duration = Duration::from_secs(1);

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    let took = start.elapsed();
    assert!(took < LIMIT, "{what} took {took:?}");
    done
}

#[test]
fn six_hundred_subscriptions_and_five_thousand_orders_are_made_and_read_quickly() {
    let mut shop = Shop::open(Scenario::NewCustomer);
    let now = shop.now;
    shop.store = timed("making it", || Store::new(Scenario::Large, now));
    assert_eq!(shop.list("subscriptions").len(), 600);
    assert_eq!(shop.list("orders").len(), 5_000);
    assert_eq!(shop.list("addresses").len(), 20);
    let page = timed("a page of orders", || {
        shop.get("/orders?limit=250&sort_by=processed_at-desc")
    });
    assert_eq!(page["orders"].as_array().unwrap().len(), 250);
    assert_eq!(page["orders"][0]["charge"]["status"], "success");
    let person = shop.store.customers()[0].id;
    timed("the schedule", || {
        shop.get(&format!("/customers/{person}/delivery_schedule"))
    });
    let first = shop.list("subscriptions?status=active")[0].clone();
    let path = format!("/subscriptions/{}?commit=true", first["id"]);
    let changed = timed("a change", || {
        shop.write("PUT", &path, json!({"quantity": 9}))
    });
    assert_eq!(changed["quantity"], 9);
}
